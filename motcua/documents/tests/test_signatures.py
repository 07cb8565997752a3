"""A genuine paper is valid; whatever was done to it afterwards shows."""

from __future__ import annotations

import asyncio
import io
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from motcua.documents.adapters.software_keys import SoftwareKeyStore
from motcua.documents.public import MAX_VERIFY_BYTES, NotSignable, SignatureReport, SigningKeyMissing
from motcua.documents.rules.der import measure_der
from motcua.documents.rules.signatures import verify_pdf_bytes
from motcua.documents.rules.signing import sign_pdf_bytes
from motcua.documents.tests.factories import AGENCY_CODE, AGENCY_NAME, NOW, make_bare_pdf, make_pdf

_GENERIC: Any = generic  # pyHanko's constructors carry no types


@dataclass(frozen=True)
class Office:
    """A city with its own authority and one signed paper."""

    store: SoftwareKeyStore
    roots: tuple[bytes, ...]
    signed: bytes

    def sign(self, pdf: bytes, *, name: str = "Nguyễn Văn An", at: datetime = NOW) -> bytes:
        key = self.store.get_key(AGENCY_CODE)
        return sign_pdf_bytes(pdf, key=key, signer_name=name, reason="Ký kết quả", now=at)

    def verify(self, pdf: bytes, *, at: datetime = NOW) -> SignatureReport:
        return verify_pdf_bytes(pdf, trust_roots=self.roots, now=at)


def _found(folder: Path) -> Office:
    store = SoftwareKeyStore(folder, None, trust_own_root=True)
    store.ensure_key(AGENCY_CODE, AGENCY_NAME, now=NOW)
    office = Office(store, tuple(store.list_trust_roots()), b"")
    return Office(store, office.roots, office.sign(make_bare_pdf("<< >>")))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield _found(tmp_path_factory.mktemp("keys"))


def _container(pdf: bytes) -> tuple[int, int]:
    """Where the hex string of the last signature starts (at '<') and ends (behind '>')."""
    start = pdf.rindex(b"/Contents <") + 10
    return start, pdf.index(b">", start) + 1


def test_signed_paper_is_valid_and_says_who_when_and_why(office: Office) -> None:
    report = office.verify(office.sign(make_pdf()))
    assert (report.status, report.is_valid, report.covers_whole_file) == ("valid", True, True)
    signer = report.signers[0]
    assert (signer.agency_code, signer.organisation) == (AGENCY_CODE, AGENCY_NAME)
    assert (signer.signer_name, signer.reason, signer.signed_at) == ("Nguyễn Văn An", "Ký kết quả", NOW)
    assert report.sentences_vi[0] == "Chữ ký số hợp lệ. Tệp còn nguyên vẹn từ khi ký."
    assert "09:30 ngày 20/11/2026" in report.sentences_vi[1]


def test_two_signatures_are_both_valid(office: Office) -> None:
    report = office.verify(office.sign(office.signed, name="Trần Thị Bình"))
    assert report.status == "valid"
    assert [signer.signer_name for signer in report.signers] == ["Nguyễn Văn An", "Trần Thị Bình"]


def test_signing_and_verifying_work_inside_a_running_loop(office: Office) -> None:
    async def main() -> str:
        return office.verify(office.sign(make_bare_pdf())).status

    assert asyncio.run(main()) == "valid"


@pytest.mark.slow
def test_one_changed_byte_outside_the_container_is_seen(office: Office) -> None:
    start, end = _container(office.signed)
    edges = [*range(start - 120, start), *range(end, end + 120)]
    for position in [*edges, *range(0, start, 17), *range(end, len(office.signed), 17)]:
        assert office.verify(_flip(office.signed, position, 1)).status != "valid", position


@pytest.mark.slow
def test_one_changed_byte_in_the_container_is_seen(office: Office) -> None:
    """The container is the one part that no signature covers: names, versions, padding and spelling of hex and DER."""
    start, end = _container(office.signed)
    filled = start + len(office.signed[start:end].rstrip(b"0>")) + 4
    for position in [*range(start, start + 60), *range(start + 60, filled, 3), *range(filled, end, 97), end - 1]:
        bit = (1, 2, 32)[position % 3]
        assert office.verify(_flip(office.signed, position, bit)).status != "valid", (position, bit)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_changed_bytes_are_never_valid(office: Office, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(office.signed) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != office.signed[position]))
    changed = office.signed[:position] + bytes([byte]) + office.signed[position + 1 :]
    assert office.verify(changed).status != "valid"


def _flip(content: bytes, position: int, bit: int) -> bytes:
    return content[:position] + bytes([content[position] ^ bit]) + content[position + 1 :]


def test_incremental_update_after_signing_is_a_change(office: Office) -> None:
    writer: Any = IncrementalPdfFileWriter(io.BytesIO(office.signed))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = _GENERIC.NumberObject(90)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    report = office.verify(out.getvalue())
    assert report.status == "changed"
    assert not report.covers_whole_file


def test_harmless_looking_update_after_signing_is_a_change_too(office: Office) -> None:
    writer: Any = IncrementalPdfFileWriter(io.BytesIO(office.signed))
    writer.add_object(_GENERIC.DictionaryObject())
    out = io.BytesIO()
    writer.write(out)
    assert office.verify(out.getvalue()).status == "changed"


@pytest.mark.parametrize("tail", [b"\n", b"\0", b"%%EOF", b"PK\x03\x04"])
def test_appended_bytes_are_a_change(office: Office, tail: bytes) -> None:
    assert office.verify(office.signed + tail).status in ("changed", "unreadable")


def test_stripped_signature_is_missed_or_leaves_the_paper_unsigned(office: Office) -> None:
    writer: Any = copy_into_new_writer(PdfFileReader(io.BytesIO(office.signed)))
    del writer.root["/AcroForm"]
    out = io.BytesIO()
    writer.write(out)
    assert office.verify(out.getvalue()).status == "changed"  # its remains are still on the page
    del writer.root["/Pages"]["/Kids"][0]["/Annots"][0]["/V"]
    for reference, each in list(writer.objects.items()):
        if isinstance(each, generic.DictionaryObject) and "/ByteRange" in each:
            del writer.objects[reference]
    out = io.BytesIO()
    writer.write(out)
    assert office.verify(out.getvalue()).status == "unsigned"


def test_unsigned_paper_is_unsigned(office: Office) -> None:
    assert office.verify(make_pdf()).status == "unsigned"
    assert office.verify(make_bare_pdf()).status == "unsigned"


def test_signature_of_an_impostor_with_the_same_names_is_untrusted(office: Office, tmp_path: Path) -> None:
    impostor = _found(tmp_path)
    report = office.verify(impostor.signed)
    assert report.status == "untrusted"
    assert report.signers[0].organisation == AGENCY_NAME
    assert impostor.verify(impostor.signed).status == "valid"


def test_impostor_signing_over_a_genuine_paper_does_not_make_it_more_valid(office: Office, tmp_path: Path) -> None:
    impostor = _found(tmp_path)
    report = office.verify(impostor.sign(office.signed))
    assert report.status == "untrusted"
    assert [signer.status for signer in report.signers] == ["valid", "untrusted"]


def test_without_roots_nothing_is_trusted(office: Office) -> None:
    assert verify_pdf_bytes(office.signed, trust_roots=(), now=NOW).status == "untrusted"


def test_certificate_that_has_ended_is_untrusted(office: Office) -> None:
    assert office.verify(office.signed, at=NOW + timedelta(days=6 * 365)).status == "untrusted"


def test_signature_copied_from_another_paper_is_a_change(office: Office) -> None:
    other = office.sign(make_bare_pdf("<< /Other true >>"))
    (start, end), (from_, to) = _container(office.signed), _container(other)
    forged = office.signed[:start] + other[from_:to].ljust(end - start, b"0")[: end - start] + office.signed[end:]
    assert office.verify(forged).status in ("changed", "unreadable")


def test_byte_range_that_skips_more_than_the_signature_is_a_change(office: Office) -> None:
    at = office.signed.index(b"/ByteRange [")
    end = office.signed.index(b"]", at)
    numbers = office.signed[at + 12 : end].split()
    numbers[2] = str(int(numbers[2]) + 2).encode()
    forged = office.signed[:at] + b"/ByteRange [" + b" ".join(numbers).ljust(end - at - 12) + office.signed[end:]
    assert len(forged) == len(office.signed)
    assert office.verify(forged).status in ("changed", "unreadable")


@pytest.mark.parametrize("keep", [0.0, 0.001, 0.01, 0.5, 0.9, 0.999])
def test_truncated_file_is_unreadable(office: Office, keep: float) -> None:
    assert office.verify(office.signed[: int(keep * len(office.signed))]).status == "unreadable"


def test_file_cut_back_to_before_the_signature_is_unsigned(office: Office) -> None:
    first_end = office.signed.index(b"%%EOF") + 6
    assert office.verify(office.signed[:first_end]).status == "unsigned"


def test_huge_file_is_refused_before_parsing(office: Office) -> None:
    report = office.verify(b"%PDF-1.7" + b" obj" * (MAX_VERIFY_BYTES // 4))
    assert report.status == "unreadable"
    assert "20 MB" in report.sentences_vi[0]
    assert office.verify(b"%PDF-1.7" + b" obj" * 100_000).status == "unreadable"


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=600), st.booleans())
def test_random_bytes_are_unreadable_never_a_crash(office: Office, body: bytes, headed: bool) -> None:
    content = b"%PDF-1.7\n" + body + b"\nstartxref\n9\n%%EOF" if headed else body
    assert office.verify(content).status == "unreadable"


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_shuffled_pieces_of_a_signed_paper_are_never_valid(office: Office, data: st.DataObject) -> None:
    size = len(office.signed)
    first = data.draw(st.integers(0, size))
    second = data.draw(st.integers(first, size))
    middle = data.draw(st.sampled_from([b"", b"\0", b"<< /Type /Sig >>", office.signed[first:second] * 2]))
    mixed = office.signed[:first] + middle + office.signed[second:]
    if mixed != office.signed:
        assert office.verify(mixed).status != "valid"


def test_only_a_pdf_can_be_signed(office: Office) -> None:
    with pytest.raises(NotSignable):
        office.sign(b"not a pdf")


def test_agency_without_a_key_cannot_sign(office: Office) -> None:
    for code in ("H29.9", "../root", ""):
        with pytest.raises(SigningKeyMissing):
            office.store.get_key(code)


def test_keys_are_secret_kept_and_made_once(office: Office) -> None:
    folder = office.store._folder
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    again = SoftwareKeyStore(folder, None, trust_own_root=True).ensure_key(AGENCY_CODE, AGENCY_NAME, now=NOW)
    assert again == office.store.ensure_key(AGENCY_CODE, AGENCY_NAME, now=NOW + timedelta(days=30))
    assert again.valid_from < NOW < again.valid_to


def test_key_that_is_about_to_end_is_renewed_and_used(tmp_path: Path) -> None:
    office = _found(tmp_path)
    later = NOW + timedelta(days=5 * 365)
    office.store.ensure_key(AGENCY_CODE, AGENCY_NAME, now=later)
    assert office.verify(office.sign(make_bare_pdf(), at=later), at=later + timedelta(days=300)).status == "valid"


def test_long_agency_name_stands_whole_in_the_certificate(tmp_path: Path) -> None:
    office = _found(tmp_path)
    name = "Trung tâm Phục vụ hành chính công xã Bình Chánh trực thuộc Ủy ban nhân dân Thành phố Hồ Chí Minh"
    office.store.ensure_key("H29.7", name, now=NOW)
    key = office.store.get_key("H29.7")
    signed = sign_pdf_bytes(make_bare_pdf(), key=key, signer_name="", reason="", now=NOW)
    assert office.verify(signed).signers[0].organisation == name


def test_own_root_is_trusted_and_keys_are_made_only_in_the_demonstration(office: Office, tmp_path: Path) -> None:
    real = SoftwareKeyStore(office.store._folder, tmp_path, trust_own_root=False)
    assert list(real.list_trust_roots()) == []
    with pytest.raises(SigningKeyMissing):
        real.ensure_key(AGENCY_CODE, AGENCY_NAME, now=NOW)
    (tmp_path / "root.der").write_bytes(office.roots[0])
    (tmp_path / "note.txt").write_text("not a certificate")
    assert list(real.list_trust_roots()) == list(office.roots)


def test_der_with_padding_inside_or_a_long_length_is_no_der() -> None:
    assert measure_der(bytes.fromhex("3003020101")) == 5
    for spelt in ("300502010100", "30050201010000", "308103020101", "3080020101", "3003020201", "03020700", "30030202"):
        with pytest.raises(ValueError, match=" "):
            measure_der(bytes.fromhex(spelt))


@given(st.binary(max_size=60))
def test_measuring_der_never_crashes(data: bytes) -> None:
    try:
        assert 2 <= measure_der(data) <= len(data)
    except ValueError:
        return


def test_pdfsig_says_the_signature_is_valid(office: Office, tmp_path: Path) -> None:
    """Poppler is an independent reader; `make test` installs it."""
    program = shutil.which("pdfsig")
    assert program, "pdfsig is missing: install poppler-utils (deploy/install_browser.sh does)"
    path = tmp_path / "paper.pdf"
    path.write_bytes(office.sign(make_pdf()))
    answer = subprocess.run([program, str(path)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." in answer
    assert "ETSI.CAdES.detached" in answer
    assert "Total document signed" in answer
    path.write_bytes(_flip(path.read_bytes(), 60, 1))
    answer = subprocess.run([program, str(path)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." not in answer


def test_times_are_of_the_act_not_of_the_machine(office: Office) -> None:
    at = datetime(2026, 2, 14, 16, 59, tzinfo=UTC)
    assert office.verify(office.sign(make_bare_pdf(), at=at)).signers[0].signed_at == at
