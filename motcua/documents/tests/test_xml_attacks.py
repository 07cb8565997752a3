"""XML that lies: every known way to keep a signature and change what is read. And what `motcua verify` says of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from lxml import etree
from pytest_django.fixtures import Settings

from motcua.documents.adapters.certificates import Purpose, certify, make_name
from motcua.documents.adapters.demo_authority import SoftwareKey
from motcua.documents.public import ensure_demo_key, sign_xml
from motcua.documents.rules.kinds import verify_any
from motcua.documents.rules.xades import sign_xml_document
from motcua.documents.tests.city import City, found_city
from motcua.documents.tests.factories import AGENCY_CODE, AGENCY_NAME, NOW, make_bare_pdf, make_docx, make_image
from motcua.documents.types import NotSignable, SignatureReport

DS = "{http://www.w3.org/2000/09/xmldsig#}"
XADES = "{http://uri.etsi.org/01903/v1.3.2#}"
XML = b'<bien-lai xmlns="urn:thu"><so>0000001</so><tien>50000</tien></bien-lai>'
LATER = NOW + timedelta(days=1)
Change = Callable[[Any, Any], Any]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    return found_city(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def signed(city: City) -> bytes:
    return sign_xml_document(XML, key=city.store.get_key(AGENCY_CODE), now=NOW)


def _verify(city: City, content: bytes, **given: Any) -> SignatureReport:
    return verify_any(content, trust_roots=given.pop("roots", city.roots), now=given.pop("now", LATER), **given)


def test_good_xml_is_said_in_the_words_of_a_pdf(city: City, signed: bytes) -> None:
    report = _verify(city, signed)
    signer = report.signers[0]
    assert (report.status, report.integrity, signer.agency_code) == ("valid", "intact", AGENCY_CODE)
    assert (signer.name, signer.organisation, signer.signed_at) == (AGENCY_NAME, AGENCY_NAME, NOW)
    stranger = _verify(city, signed, roots=())
    assert (stranger.status, stranger.integrity) == ("untrusted", "intact")
    assert "nguyên vẹn" in stranger.sentences_vi[0]
    assert _verify(city, b"\xef\xbb\xbf" + XML).status == "unsigned"


def _insert_comment(root: Any, _signature: Any) -> None:
    money = root.find("{urn:thu}tien")
    money.text = "50"
    money.insert(0, etree.Comment("x"))
    money[0].tail = "000"


def _lie_about_the_time(root: Any, signature: Any) -> None:
    extra = etree.SubElement(signature, f"{DS}Object")
    etree.SubElement(extra, f"{XADES}SigningTime").text = "2001-01-01T00:00:00+00:00"
    signature.insert(0, extra)


def _second_properties(root: Any, signature: Any) -> None:
    holder = signature.find(f"{DS}Object")
    holder.insert(0, etree.fromstring(etree.tostring(holder[0])))


def _double_id(root: Any, signature: Any) -> None:
    root.set("Id", signature.find(f".//{XADES}SignedProperties").get("Id"))


def _move_reference(root: Any, signature: Any) -> None:
    root[0].set("Id", "mot-phan")
    signature.find(f".//{DS}Reference").set("URI", "#mot-phan")


def _drop_references(root: Any, signature: Any) -> None:
    info = signature.find(f"{DS}SignedInfo")
    for reference in info.findall(f"{DS}Reference"):
        info.remove(reference)


def _leave_something_out(root: Any, signature: Any) -> None:
    transforms = signature.find(f".//{DS}Transforms")
    path = etree.SubElement(transforms, f"{DS}Transform", Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116")
    etree.SubElement(path, f"{DS}XPath").text = "not(ancestor-or-self::*[local-name()='tien'])"


def _style_sheet(root: Any, _signature: Any) -> None:
    transforms = root.find(f".//{DS}Transforms")
    etree.SubElement(transforms, f"{DS}Transform", Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116")


def _other_key(root: Any, signature: Any) -> None:
    info = signature.find(f"{DS}KeyInfo")
    value = etree.SubElement(info, f"{DS}KeyValue")
    etree.SubElement(value, f"{DS}RSAKeyValue")
    info.find(f".//{DS}X509Certificate").text = "AAAA"


def _symmetric(root: Any, signature: Any) -> None:
    name = "http://www.w3.org/2000/09/xmldsig#hmac-sha256"
    signature.find(f".//{DS}SignatureMethod").set("Algorithm", name)


def _old_digest(root: Any, signature: Any) -> None:
    signature.find(f".//{DS}DigestMethod").set("Algorithm", "http://www.w3.org/2000/09/xmldsig#sha1")


def _deeper(root: Any, signature: Any) -> None:
    root[0].append(signature)


def _twice(root: Any, signature: Any) -> None:
    root.append(etree.fromstring(etree.tostring(signature)))


def _wrap(root: Any, signature: Any) -> Any:
    """The signed document becomes a part of another (McIntosh and Austel, 2005)."""
    outer = etree.Element("{urn:thu}bien-lai")
    etree.SubElement(outer, "{urn:thu}tien").text = "1"
    holder = etree.SubElement(signature, f"{DS}Object")
    outer.append(signature)
    holder.append(root)
    return outer


def _only_signature(root: Any, signature: Any) -> Any:
    return etree.fromstring(etree.tostring(signature))


ATTACKS: dict[str, Change] = {
    "text changed": lambda root, _: root[1].__setattr__("text", "1"),
    "element added": lambda root, _: etree.SubElement(root, "{urn:thu}tien").__setattr__("text", "1"),
    "attribute added": lambda root, _: root.set("loai", "x"),
    "element taken out": lambda root, _: root.remove(root[0]),
    "elements swapped": lambda root, _: root.insert(0, root[1]),
    "comment inside a sum": _insert_comment,
    "comment before": lambda root, _: root.addprevious(etree.Comment("x")),
    "style sheet before": lambda root, _: root.addprevious(etree.ProcessingInstruction("xml-stylesheet", 'href="a"')),
    "comment behind": lambda root, _: root.addnext(etree.Comment("x")),
    "another time of signing": _lie_about_the_time,
    "second properties": _second_properties,
    "doubled id": _double_id,
    "moved reference": _move_reference,
    "no references": _drop_references,
    "transform that leaves out": _leave_something_out,
    "transform by style sheet": _style_sheet,
    "another key": _other_key,
    "secret in place of a key": _symmetric,
    "old digest": _old_digest,
    "signature deeper": _deeper,
    "signature twice": _twice,
    "wrapped": _wrap,
    "nothing but the signature": _only_signature,
    "text after the signature": lambda _, signature: signature.__setattr__("tail", "1"),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_attacked_xml_is_never_good_nor_called_whole(city: City, signed: bytes, name: str) -> None:
    root = etree.fromstring(signed)
    made = ATTACKS[name](root, root.find(f"{DS}Signature"))
    changed = etree.tostring((root if made is None else made).getroottree(), encoding="UTF-8")
    assert changed != signed
    report = _verify(city, changed)
    assert report.status != "valid" and report.integrity != "intact", report
    assert report.sentences_vi


@pytest.mark.parametrize(
    "head",
    [
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;&b;">]>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
def test_declarations_are_not_read(city: City, signed: bytes, head: bytes) -> None:
    body = signed.split(b"?>", 1)[1]
    report = _verify(city, head + body.replace(b"50000", b"&b;"))
    assert report.status == "unreadable" and any("DOCTYPE" in sentence for sentence in report.sentences_vi)


def test_signer_must_be_good_for_papers_not_revoked_and_of_this_time(city: City, tmp_path: Path) -> None:
    own = found_city(tmp_path)
    xml = sign_xml_document(XML, key=own.store.get_key(AGENCY_CODE), now=NOW)
    assert _verify(own, xml).status == "valid"
    assert _verify(own, xml, now=NOW + timedelta(days=9 * 365)).status == "untrusted"
    assert _verify(own, xml, now=NOW - timedelta(days=1)).status == "untrusted"  # signed tomorrow
    own.store.authority.revoke(own.store.get_key(AGENCY_CODE).certificate_der, at=NOW)
    lists = (own.store.authority.make_crl("issuing", now=LATER),)
    report = _verify(own, xml, crls=lists)
    assert report.status == "untrusted" and any("thu hồi" in sentence for sentence in report.sentences_vi)
    issuer_key, chain = own.store.authority._ready("issuing", NOW)
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    purpose = Purpose(years=1, is_ca=True)
    certificate = certify(make_name("CA", "CA", ""), key, (issuer_key, chain[0]), NOW, purpose=purpose)
    by_ca = sign_xml_document(XML, key=SoftwareKey(key, [certificate, chain[0]]), now=NOW)
    assert _verify(own, by_ca).status == "untrusted"


@pytest.mark.parametrize("xml", [b"<!-- a --><a/>", b"<a/><!-- a -->", b"<a>5<!-- -->0</a>", b"<?x y?><a/>"])
def test_what_no_signature_protects_is_not_signed(city: City, xml: bytes) -> None:
    with pytest.raises(NotSignable):
        sign_xml_document(xml, key=city.store.get_key(AGENCY_CODE), now=NOW)


@pytest.mark.parametrize(
    ("content", "word"),
    [(make_docx(), "Office"), (make_image(), "ảnh"), (b"\x30\x82\x01\x00", "p7s"), (b"xin chao", "PDF hay XML")],
)
def test_other_kinds_get_a_clear_sentence(city: City, content: bytes, word: str) -> None:
    report = _verify(city, content)
    assert report.status == "unreadable"
    assert any(word in sentence for sentence in report.sentences_vi), report.sentences_vi


def test_the_command_takes_both_kinds_and_the_worst_counts(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    ensure_demo_key(AGENCY_CODE, AGENCY_NAME, now=NOW)
    good, plain = tmp_path / "bien-lai.xml", tmp_path / "giay.pdf"
    good.write_bytes(sign_xml(XML, agency_code=AGENCY_CODE, now=NOW))
    plain.write_bytes(make_bare_pdf())
    out = StringIO()
    call_command("verify", str(good), "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert (answer["status"], answer["integrity"], answer["valid"]) == ("valid", "intact", True)
    assert answer["signatures"][0]["agency_code"] == AGENCY_CODE
    with pytest.raises(CommandError) as refused:
        call_command("verify", str(good), str(plain), stdout=StringIO())
    assert refused.value.returncode == 1
