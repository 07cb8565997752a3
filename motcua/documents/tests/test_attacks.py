"""Nothing broken is ever called good: every attack on every level, every changed byte, every bomb."""

from __future__ import annotations

import io
import time
import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from motcua.documents.adapters.certificates import Purpose, certify, make_name
from motcua.documents.adapters.demo_authority import SoftwareKey
from motcua.documents.rules.appearance import draw_demo_seal
from motcua.documents.rules.cms import make_signature
from motcua.documents.rules.signing import archive_pdf_bytes, sign_pdf_bytes
from motcua.documents.tests.city import City, found_city
from motcua.documents.tests.factories import AGENCY_CODE, AGENCY_NAME, NOW, make_bare_pdf
from motcua.documents.tests.forgery import ATTACKS, G, update
from motcua.documents.tests.forgery_more import LIVING_PAPERS, MORE_ATTACKS, append
from motcua.documents.types import Appearance, RevocationData, SignatureLevel

ALL_ATTACKS = ATTACKS | MORE_ATTACKS
LATER = NOW + timedelta(hours=1)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    return found_city(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def papers(city: City) -> dict[str, bytes]:
    levels: tuple[SignatureLevel, ...] = ("B-B", "B-LT", "B-LTA")
    made: dict[str, bytes] = {level: city.sign(make_bare_pdf("<< >>"), level=level).content for level in levels}
    made["two signers"] = city.sign(made["B-LT"], level="B-T").content
    return made


@pytest.mark.parametrize("kind", ["B-B", "B-LT", "B-LTA", "two signers"])
def test_good_papers_are_good(city: City, papers: dict[str, bytes], kind: str) -> None:
    assert city.verify(papers[kind], at=LATER).status == "valid"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["B-B", "B-LT", "B-LTA", "two signers"])
@pytest.mark.parametrize("name", ALL_ATTACKS)
def test_attacked_paper_is_never_good(city: City, papers: dict[str, bytes], kind: str, name: str) -> None:
    attacked = ALL_ATTACKS[name](papers[kind])
    assert attacked != papers[kind]
    report = city.verify(attacked, at=LATER)
    assert report.status != "valid"
    assert report.integrity != "intact"
    assert report.sentences_vi


@pytest.mark.slow
@pytest.mark.parametrize("name", ["shadow: page content replaced", "empty field over the page", "idle object added"])
def test_time_stamp_of_a_trusted_service_does_not_launder_a_change(
    city: City, papers: dict[str, bytes], name: str
) -> None:
    """Anybody can buy a time-stamp: put over a changed paper it must not make it good."""
    changed = ATTACKS[name](papers["B-LT"])
    laundered = archive_pdf_bytes(
        changed, stamper=city.store.authority, certificates=(), revocation=RevocationData(), now=NOW
    )
    report = city.verify(laundered, at=LATER)
    assert report.status != "valid" or name == "idle object added"  # not reachable, so nothing shows differently


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_changed_bytes_are_never_good(city: City, papers: dict[str, bytes], data: st.DataObject) -> None:
    """Every level: each bit of the file and of its containers, the tokens and idle certificates in them included."""
    good = papers[data.draw(st.sampled_from(["B-LT", "B-LTA", "two signers"]))]
    start = good.rindex(b"/Contents <")
    near = data.draw(st.booleans())
    position = data.draw(st.integers(start, start + 6000) if near else st.integers(0, len(good) - 1))
    position = min(position, len(good) - 1)
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != good[position]))
    assert city.verify(good[:position] + bytes([byte]) + good[position + 1 :], at=LATER).status != "valid"


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_cut_and_joined_files_are_never_good(city: City, papers: dict[str, bytes], data: st.DataObject) -> None:
    good = papers["B-LTA"]
    cut = data.draw(st.integers(0, len(good) - 1))
    other = data.draw(st.sampled_from([b"", good, papers["B-B"], b"\n%%EOF\n", bytes(100)]))
    joined = good[:cut] + other
    if joined not in papers.values():
        assert city.verify(joined, at=LATER).status != "valid"


@pytest.mark.slow
def test_paper_cut_back_to_an_earlier_signature_is_that_earlier_paper(city: City, papers: dict[str, bytes]) -> None:
    assert papers["two signers"].startswith(papers["B-LT"])
    report = city.verify(papers["B-LT"], at=LATER)
    assert len(report.signers) == 1


# --- who signs ---


def _issue(city: City, purpose: Purpose, key: Any = None, *, self_signed: bool = False) -> SoftwareKey:
    authority = city.store.authority
    issuer_key, chain = authority._ready("issuing", NOW)
    key = key or ec.generate_private_key(ec.SECP256R1())
    issuer = None if self_signed else (issuer_key, chain[0])
    certificate = certify(make_name(AGENCY_NAME, AGENCY_NAME, AGENCY_CODE), key, issuer, NOW, purpose=purpose)
    return SoftwareKey(key, [certificate] if self_signed else [certificate, chain[0]])


def _sign_with(key: SoftwareKey) -> bytes:
    return sign_pdf_bytes(make_bare_pdf(), key=key, signer_name="An", reason="Ký", now=NOW)


@pytest.mark.parametrize(
    ("purpose", "self_signed", "status"),
    [
        (Purpose(years=1), False, "valid"),
        (Purpose(years=1, extended=(ExtendedKeyUsageOID.EMAIL_PROTECTION,)), False, "valid"),
        (Purpose(years=1, extended=(ExtendedKeyUsageOID.SERVER_AUTH,)), False, "untrusted"),
        (Purpose(years=1, extended=(ExtendedKeyUsageOID.TIME_STAMPING,)), False, "untrusted"),
        (Purpose(years=1, is_ca=True), False, "untrusted"),
        (Purpose(years=0), False, "untrusted"),
        (Purpose(years=1), True, "untrusted"),
    ],
)
def test_only_a_certificate_for_papers_counts(city: City, purpose: Purpose, self_signed: bool, status: str) -> None:
    signed = _sign_with(_issue(city, purpose, self_signed=self_signed))
    report = city.verify(signed, at=LATER)
    assert report.status == status
    assert report.signers[0].organisation == AGENCY_NAME  # the name alone proves nothing
    assert bool(report.signers[0].reasons_vi) == (status != "valid")


def test_weak_key_is_refused(city: City) -> None:
    weak = _issue(city, Purpose(years=1), rsa.generate_private_key(65537, 1024))
    assert city.verify(_sign_with(weak), at=LATER).status != "valid"
    strong = _issue(city, Purpose(years=1), rsa.generate_private_key(65537, 2048))
    assert city.verify(_sign_with(strong), at=LATER).status == "valid"


def _embed(
    pdf: bytes,
    city: City,
    *,
    change: Callable[[bytes], bytes] = bytes,
    mdp: fields.MDPPerm | None = None,
    lock: fields.FieldMDPSpec | None = None,
    name: str = "K",
    also: Callable[[Any], None] | None = None,
) -> bytes:
    """Sign by hand, with a container that was tampered with, a certifying signature, or one that closes fields."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    steps: Any = PdfCMSEmbedder().write_cms(field_name=name, writer=writer)
    next(steps)
    if also is not None:
        also(writer)
    placeholder = SignatureObject(timestamp=NOW, subfilter=fields.SigSeedSubFilter.PADES, bytes_reserved=8000)
    asked = {"certify": mdp is not None, "docmdp_perms": mdp, "field_lock": lock}
    setup = SigMDPSetup(md_algorithm="sha256", **asked) if mdp or lock else None  # type: ignore[arg-type]  # by name
    steps.send(SigObjSetup(sig_placeholder=placeholder, mdp_setup=setup))
    digest, output = steps.send(SigIOSetup(md_algorithm="sha256"))
    container = make_signature(digest.document_digest, key=city.store.get_key(AGENCY_CODE))
    steps.send(change(container))
    return bytes(output.getvalue())


def test_old_digests_are_refused(city: City) -> None:
    sha256, sha1 = bytes.fromhex("0609608648016503040201"), bytes.fromhex("06052b0e03021a")
    assert city.verify(_embed(make_bare_pdf(), city), at=LATER).status == "valid"
    weak = _embed(make_bare_pdf(), city, change=lambda der: der.replace(sha256, sha1))
    assert city.verify(weak, at=LATER).status != "valid"


@pytest.mark.parametrize("perm", [fields.MDPPerm.NO_CHANGES, fields.MDPPerm.FILL_FORMS, fields.MDPPerm.ANNOTATE])
def test_certified_paper_says_what_it_allows_and_nothing_is_added_to_it(city: City, perm: fields.MDPPerm) -> None:
    certified = _embed(make_bare_pdf(), city, mdp=perm)
    report = city.verify(certified, at=LATER)
    said = {fields.MDPPerm.NO_CHANGES: "none", fields.MDPPerm.FILL_FORMS: "forms", fields.MDPPerm.ANNOTATE: "notes"}
    assert (report.status, report.signers[0].allowed_changes) == ("valid", said[perm])
    assert city.verify(ATTACKS["note over the page"](certified), at=LATER).status == "changed"
    countersigned = city.verify(city.sign(certified, level="B-B").content, at=LATER)
    assert countersigned.status == ("changed" if perm is fields.MDPPerm.NO_CHANGES else "valid")


def test_encrypted_and_living_papers_are_not_confirmed(city: City) -> None:
    script = make_bare_pdf("<< /S /JavaScript /JS (1) >>")
    assert city.verify(city.sign(script).content, at=LATER).status == "untrusted"
    locked = make_bare_pdf(trailer="/Encrypt << /Filter /Standard /V 1 /R 2 /O (x) /U (x) /P -4 >>")
    assert city.verify(locked).status == "unreadable"


@pytest.mark.slow
@pytest.mark.parametrize("name", LIVING_PAPERS)
def test_paper_that_changes_its_look_by_itself_is_not_confirmed(city: City, name: str) -> None:
    """Prepared before signing, as shadow attacks are: no byte changes later, but what shows may."""
    report = city.verify(city.sign(make_bare_pdf(*LIVING_PAPERS[name]), level="B-B").content, at=LATER)
    assert (report.status, report.integrity) == ("untrusted", "intact")
    assert city.verify(city.sign(make_bare_pdf("<< >>"), level="B-B").content, at=LATER).status == "valid"


@pytest.mark.slow
def test_hidden_catalogue_that_was_signed_does_not_take_over(city: City) -> None:
    """Hide and replace: the other paper lies inside the signed part, one new table makes it the paper."""
    hidden = ("<< /Type /Catalog /Pages 5 0 R >>", "<< /Type /Pages /Kids [6 0 R] /Count 1 >>", "<< /Type /Page >>")
    signed = city.sign(make_bare_pdf(*hidden), level="B-B").content
    assert city.verify(append(signed, {}, root=b"4 0"), at=LATER).status not in ("valid", "untrusted")


def test_later_signer_does_not_paint_over_the_paper(city: City) -> None:
    """The sneaky signature: a good signature whose picture covers what the first signer saw."""
    first = city.sign(make_bare_pdf(), level="B-B").content
    picture = draw_demo_seal()
    small = city.sign(first, level="B-B", appearance=Appearance("agency", picture, (10, 10, 60, 60)))
    large = city.sign(first, level="B-B", appearance=Appearance("agency", picture, (0, 0, 200, 190)))
    assert city.verify(small.content, at=LATER).status == "valid"
    assert city.verify(large.content, at=LATER).status == "untrusted"


def test_time_of_signing_that_is_still_to_come_is_not_believed(city: City) -> None:
    tomorrow = city.sign(make_bare_pdf(), level="B-B", at=LATER + timedelta(days=1)).content
    report = city.verify(tomorrow, at=LATER)
    assert (report.status, report.integrity) == ("untrusted", "intact")


def test_container_written_piece_by_piece_is_good(city: City) -> None:
    """BER with open lengths, as several programs write it; what it signs is the same."""

    def reopen(der: bytes) -> bytes:
        (length, at) = (int.from_bytes(der[2:4], "big"), 4)
        assert der[:2] == b"\x30\x82" and len(der) == at + length
        return b"\x30\x80" + der[at:] + b"\x00\x00"

    assert city.verify(_embed(make_bare_pdf(), city, change=reopen), at=LATER).status == "valid"
    cut = _embed(make_bare_pdf(), city, change=lambda der: reopen(der)[:-2] + b"\x05\x00")
    assert city.verify(cut, at=LATER).status == "changed"


def test_odd_container_is_not_called_changed(city: City) -> None:
    """What stands beside the signed part of a container proves nothing, but changes nothing either."""
    sha256, sha512 = bytes.fromhex("0609608648016503040201"), bytes.fromhex("0609608648016503040203")
    odd = _embed(make_bare_pdf(), city, change=lambda der: der.replace(sha256, sha512, 1))  # the outer list of digests
    report = city.verify(odd, at=LATER)
    assert (report.status, report.integrity) == ("untrusted", "intact")
    assert "nguyên vẹn" in report.sentences_vi[0]


# --- bombs ---


def _measure(city: City, pdf: bytes) -> float:
    start = time.process_time()
    assert city.verify(pdf, at=LATER).status != "valid"
    return time.process_time() - start


@pytest.mark.slow
def test_bombs_end_soon(city: City, papers: dict[str, bytes]) -> None:
    squeezed = zlib.compress(bytes(50_000_000), 9)
    stream = f"<< /Length {len(squeezed)} /Filter /FlateDecode /Type /ObjStm /N 1 /First 4 >>\nstream\n"
    bomb = stream + squeezed.decode("latin-1") + "\nendstream"
    cyclic = make_bare_pdf("<< /Kids [4 0 R] /Parent 4 0 R /FT /Sig /T (a) >>").replace(
        b"/OpenAction 4 0 R", b"/AcroForm << /Fields [4 0 R] /SigFlags 3 >>"
    )
    deep = make_bare_pdf("[" * 20_000 + "]" * 20_000)
    xref = papers["B-B"] + b"\nxref\n0 9999999\n" + b"0000000000 65535 f \n" * 100_000 + b"startxref\n9\n%%EOF\n"
    loop = papers["B-B"].replace(b"/Prev ", b"/Prev  ")
    many = papers["B-B"]
    for _ in range(8):
        many = update(many, lambda writer: writer.add_object(G.NullObject()))
    for pdf in (make_bare_pdf(bomb), cyclic, deep, xref, loop, many):
        assert _measure(city, pdf) < 10
