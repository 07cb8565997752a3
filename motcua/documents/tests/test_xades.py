"""XML signed inside: whoever changes one letter, wraps, strips or swaps the signature is found out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from motcua.documents.adapters.software_keys import SoftwareKeyStore
from motcua.documents.public import NotSignable, XmlSignature
from motcua.documents.rules.xades import sign_xml_document, verify_xml_document
from motcua.documents.tests.factories import NOW
from motcua.documents.types import SigningKey

CODE, NAME = "H29.976", "Ủy ban nhân dân phường Thử"
XML = b'<bien-lai xmlns="urn:thu"><so>0000001</so><tien>50000</tien></bien-lai>'


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> tuple[SigningKey, list[bytes]]:
    store = SoftwareKeyStore(tmp_path_factory.mktemp("xades"), None, trust_own_root=True)
    store.ensure_key(CODE, NAME, now=NOW)
    return store.get_key(CODE), list(store.list_trust_roots())


@pytest.fixture(scope="module")
def signed(office: tuple[SigningKey, list[bytes]]) -> bytes:
    return sign_xml_document(XML, key=office[0], now=NOW)


def _check(xml: bytes, office: tuple[SigningKey, list[bytes]]) -> XmlSignature:
    return verify_xml_document(xml, trust_roots=office[1], now=NOW + timedelta(days=1))


def test_it_says_who_and_when(office: tuple[SigningKey, list[bytes]], signed: bytes) -> None:
    found = _check(signed, office)
    assert (found.is_valid, found.is_trusted, found.signer_name, found.signed_at) == (True, True, NAME, NOW)
    assert _check(XML, office).is_valid is False
    stranger = verify_xml_document(signed, trust_roots=[], now=NOW)
    assert (stranger.is_valid, stranger.is_trusted) == (True, False)


@given(at=st.integers(min_value=0), put=st.integers(0, 255))
@settings(max_examples=80)
def test_no_changed_byte_says_something_else(
    office: tuple[SigningKey, list[bytes]], signed: bytes, at: int, put: int
) -> None:
    at %= len(signed)
    found = _check(signed[:at] + bytes([put]) + signed[at + 1 :], office)
    if found.is_valid:  # white space in base64 or between attributes: the content is the same
        assert found.signer_name == NAME
        assert _content(signed[:at] + bytes([put]) + signed[at + 1 :]) == _content(signed)


def _content(xml: bytes) -> list[str]:
    root = etree.fromstring(xml)
    return [f"{node.tag}={node.text}" for node in root.iter("{urn:thu}*")]


def test_wrapped_stripped_doubled_and_foreign_signatures_are_refused(
    office: tuple[SigningKey, list[bytes]], signed: bytes
) -> None:
    root = etree.fromstring(signed)
    signature = root[-1]
    wrapped = etree.Element("{urn:thu}bien-lai")
    etree.SubElement(wrapped, "{urn:thu}tien").text = "0"
    wrapped.append(root)
    doubled = etree.fromstring(signed)
    doubled.append(etree.fromstring(etree.tostring(signature)))
    moved = etree.fromstring(b'<bien-lai xmlns="urn:thu"><tien>0</tien></bien-lai>')
    moved.append(etree.fromstring(etree.tostring(signature)))
    added = etree.fromstring(signed)
    etree.SubElement(added, "{urn:thu}tien").text = "0"
    for broken in (wrapped, doubled, moved, added):
        assert _check(etree.tostring(broken), office).is_valid is False


def test_only_the_named_part_is_not_the_whole(office: tuple[SigningKey, list[bytes]]) -> None:
    """A signature over one element by its Id leaves the rest free: it is refused."""
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509 import load_der_x509_certificate
    from signxml.xades.xades import XAdESSigner

    from motcua.documents.rules.xades import _Hand

    key = office[0]
    certificate = load_der_x509_certificate(key.certificate_der)
    root = etree.fromstring(b'<a xmlns="urn:thu"><b Id="x">1</b><c>2</c></a>')
    hand: Any = _Hand(key, certificate.public_key())
    partly = XAdESSigner().sign(
        root, key=hand, cert=[certificate.public_bytes(Encoding.PEM).decode()],
        always_add_key_value=False, reference_uri="#x",
    )  # fmt: skip
    assert _check(etree.tostring(partly), office).is_valid is False


@given(xml=st.one_of(st.binary(max_size=200), st.text("<>/a=!DOCTYPE[]& \"'", max_size=60).map(str.encode)))
@settings(max_examples=60)
def test_any_bytes_are_answered(office: tuple[SigningKey, list[bytes]], xml: bytes) -> None:
    assert _check(xml, office).is_valid is False


@pytest.mark.parametrize(
    "xml", [b"", b"<a", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"<a>" + b" " * 10_485_760 + b"</a>"]
)
def test_what_is_no_plain_xml_is_not_signed(office: tuple[SigningKey, list[bytes]], xml: bytes) -> None:
    with pytest.raises(NotSignable):
        sign_xml_document(xml, key=office[0], now=NOW)
