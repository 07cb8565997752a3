"""A detached signature holds for exactly the bytes that were signed, by a key that leads to a trusted root."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.documents.adapters.software_keys import SoftwareKeyStore
from motcua.documents.public import SigningKeyMissing, ensure_demo_key, sign_bytes, verify_bytes
from motcua.documents.rules.jws import sign_detached, verify_detached
from motcua.documents.tests.factories import NOW
from motcua.documents.types import SigningKey

CODE, NAME = "H29.977", "Ủy ban nhân dân phường Thử"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> tuple[SigningKey, list[bytes]]:
    store = SoftwareKeyStore(tmp_path_factory.mktemp("detached"), None, trust_own_root=True)
    store.ensure_key(CODE, NAME, now=NOW)
    return store.get_key(CODE), list(store.list_trust_roots())


def test_an_office_signs_and_is_believed() -> None:
    ensure_demo_key(CODE, NAME, now=NOW)
    verdict = verify_bytes(b"manifest", sign_bytes(b"manifest", agency_code=CODE), now=NOW)
    assert (verdict.is_valid, verdict.is_trusted, verdict.signer_name) == (True, True, NAME)
    with pytest.raises(SigningKeyMissing):
        sign_bytes(b"manifest", agency_code="H29.000")


@given(data=st.binary(max_size=200), other=st.binary(max_size=200))
@settings(max_examples=30, deadline=None)
def test_it_holds_for_these_bytes_only(office: tuple[SigningKey, list[bytes]], data: bytes, other: bytes) -> None:
    key, roots = office
    jws = sign_detached(data, key=key)
    assert verify_detached(data, jws, trust_roots=roots, now=NOW).is_valid
    assert verify_detached(other, jws, trust_roots=roots, now=NOW).is_valid is (other == data)


@pytest.mark.slow
def test_a_touched_signature_never_names_another_signer(office: tuple[SigningKey, list[bytes]]) -> None:
    """The last letter of base64 holds bits that nobody reads: such a change may pass, but says nothing else."""
    key, roots = office
    jws = sign_detached(b"manifest", key=key)
    for at in range(len(jws)):
        for put in "Aa0_-.=é":
            verdict = verify_detached(b"manifest", jws[:at] + put + jws[at + 1 :], trust_roots=roots, now=NOW)
            assert not verdict.is_valid or verdict.signer_name == NAME, (at, put)


@pytest.mark.slow
@given(text=st.one_of(st.text(max_size=300), st.text("e30.Ae_-{}[]\"x5c'", max_size=60)))
@settings(deadline=None)
def test_any_text_is_answered(text: str) -> None:
    verdict = verify_detached(b"x", text, trust_roots=[], now=NOW)
    assert not verdict.is_valid and not verdict.is_trusted and verdict.signer_name == ""


@pytest.mark.parametrize(
    "text", ["", "..", "a..b", "x" * 70_000, "e30..AA", "eyJ4NWMiOltdfQ..AA", "[" * 60_000 + "..A"]
)
def test_what_is_no_signature_is_not_valid(text: str) -> None:
    assert not verify_detached(b"x", text, trust_roots=[], now=NOW).is_valid


def test_neither_a_strange_root_nor_an_ended_certificate_is_believed(
    office: tuple[SigningKey, list[bytes]], tmp_path: Path
) -> None:
    key, roots = office
    jws = sign_detached(b"x", key=key)
    strange = SoftwareKeyStore(tmp_path, None, trust_own_root=True)
    strange.ensure_key(CODE, NAME, now=NOW)
    for trusted, at in (([], NOW), (list(strange.list_trust_roots()), NOW), (roots, NOW + timedelta(days=365 * 60))):
        verdict = verify_detached(b"x", jws, trust_roots=trusted, now=at)
        assert (verdict.is_valid, verdict.is_trusted) == (True, False)


def test_an_office_key_issues_no_certificates(office: tuple[SigningKey, list[bytes]], tmp_path: Path) -> None:
    """A certificate of an office is no authority: set as a root it makes nobody else trusted."""
    key, _roots = office
    other = SoftwareKeyStore(tmp_path, None, trust_own_root=True)
    other.ensure_key("H29.978", NAME, now=NOW)
    jws = sign_detached(b"x", key=other.get_key("H29.978"))
    assert not verify_detached(b"x", jws, trust_roots=[key.certificate_der], now=NOW).is_trusted
