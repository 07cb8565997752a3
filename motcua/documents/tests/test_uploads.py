"""What is taken in and what is refused, by the bytes and not by the name."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from motcua.documents.public import DOCX, JPEG, MAX_UPLOAD_BYTES, PDF, PNG, XLSX, UploadRefused
from motcua.documents.rules.images import MAX_PIXELS
from motcua.documents.rules.uploads import check_upload, clean_filename, describe_content
from motcua.documents.tests.factories import make_bare_pdf, make_docx, make_image, make_pdf, make_xlsx


def _refusal(content: bytes, filename: str = "a.pdf") -> str:
    with pytest.raises(UploadRefused) as caught:
        check_upload(content, filename=filename)
    assert caught.value.message.endswith(".")
    return caught.value.code.removeprefix("documents.")


@pytest.mark.parametrize(
    ("content", "filename", "media_type"),
    [
        (make_pdf(), "Giấy khai sinh.pdf", PDF),
        (make_bare_pdf(), "a.PDF", PDF),
        (make_image(), "anh.jpeg", JPEG),
        (make_image("PNG"), "anh.png", PNG),
        (make_docx(), "don.docx", DOCX),
        (make_xlsx(), "bang.xlsx", XLSX),
        (make_image(), "1000012", JPEG),  # some phones send no ending
    ],
)
def test_honest_files_pass(content: bytes, filename: str, media_type: str) -> None:
    upload = check_upload(io.BytesIO(content), filename=filename)
    assert upload.media_type == media_type
    assert upload.content


@pytest.mark.parametrize(
    ("content", "filename", "reason"),
    [
        (b"", "a.pdf", "empty"),
        (b"hello", "a.pdf", "type"),
        (b"MZ\x90\x00" + b"\0" * 200, "a.pdf", "type"),
        (b"<html><script>alert(1)</script>", "a.pdf", "type"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 50, "IMG_1.HEIC", "heic"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.docx", "office_encrypted"),
        (make_image(), "a.pdf", "renamed"),
        (make_bare_pdf(), "a.jpg", "renamed"),
        (make_bare_pdf(), "a.exe", "renamed"),
        (make_bare_pdf(), "a.pdf.html", "renamed"),
        (make_xlsx(), "a.docx", "renamed"),
        (b"%PDF-1.7\nnothing", "a.pdf", "pdf_broken"),
        (b"%PDF-1.7\n%%EOF", "a.pdf", "pdf_broken"),
        (make_pdf()[:-2000], "a.pdf", "pdf_broken"),
        (make_bare_pdf() + b"<script>", "a.pdf", "hidden"),
        (make_bare_pdf() + make_docx(), "a.pdf", "hidden"),
        (make_bare_pdf() + make_docx() + b"%%EOF", "a.pdf", "hidden"),
        (make_image()[:400], "a.jpg", "image_broken"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "a.png", "image_broken"),
        (b"PK\x03\x04" + b"word/" * 20, "a.docx", "office_broken"),
        (make_docx(main_type="text/plain"), "a.docx", "type"),
        (make_docx({"word/vbaProject.bin": b"x"}), "a.docx", "office_active"),
        (make_docx(main_type="application/vnd.ms-word.document.macroEnabled.main+xml"), "a.docx", "office_active"),
        (make_docx({"word/embeddings/oleObject1.bin": b"x"}), "a.docx", "office_active"),
        (make_docx({"../evil.xml": b"x"}), "a.docx", "hidden"),
        (make_docx({"word/big.xml": b"\0" * 40_000_000}), "a.docx", "zip_bomb"),
        (make_docx({f"word/{n}.xml": b"x" for n in range(2500)}), "a.docx", "zip_bomb"),
        (make_docx()[:-1] + b"\x05hello", "a.docx", "hidden"),
    ],
)
def test_bad_files_are_refused_with_their_reason(content: bytes, filename: str, reason: str) -> None:
    assert _refusal(content, filename) == reason


@pytest.mark.parametrize(
    "action",
    [
        "<< /S /JavaScript /JS (app.alert) >>",
        "<< /S /Java#53cript /J#53 (app.alert) >>",
        "<< /S /Launch /F (cmd.exe) >>",
        "<< /S /SubmitForm /F (http://x) >>",
        "<< /Type /Filespec /F (a) /EF << /F 5 0 R >> >>",
        "[ [ << /Deep << /S /ImportData >> >> ] ]",
        "<< /Type /Annot /Subtype /FileAttachment >>",
        "<< /XFA (x) >>",
    ],
)
def test_pdf_that_does_something_is_refused(action: str) -> None:
    assert _refusal(make_bare_pdf(action)) == "pdf_active"


def test_pdf_with_links_and_bookmarks_passes() -> None:
    assert check_upload(make_bare_pdf("<< /S /GoTo /D [3 0 R /Fit] >>"), filename="a.pdf").media_type == PDF


def test_encrypted_pdf_is_refused() -> None:
    writer: Any = copy_into_new_writer(PdfFileReader(io.BytesIO(make_bare_pdf())))
    writer.encrypt("mat-khau", "mat-khau")
    out = io.BytesIO()
    writer.write(out)
    assert _refusal(out.getvalue()) == "pdf_encrypted"


@pytest.mark.slow
def test_pdf_whose_object_stream_is_a_bomb_is_refused_without_unpacking_it() -> None:
    bomb = zlib.compress(zlib.compress(b"\0" * 200_000_000, 9), 9)
    head = f"<< /Type /XRef /W [1 2 1] /Size 9 /Root 1 0 R /Filter [/FlateDecode /FlateDecode] /Length {len(bomb)} >>"
    content = (
        b"%PDF-1.7\n1 0 obj\n" + head.encode() + b"\nstream\n" + bomb + b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n"
    )
    tracemalloc.start()
    try:
        assert _refusal(content) == "pdf_broken"
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()


def test_oversized_body_is_not_read_to_its_end() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return b"%PDF-1.7" + b"x" * (size - 8)

    source = Endless()
    with pytest.raises(UploadRefused) as caught:
        check_upload(source, filename="a.pdf")  # type: ignore[arg-type]  # a reader is all that is asked for
    assert caught.value.code == "documents.too_big"
    assert source.given <= MAX_UPLOAD_BYTES + 64 * 1024


def test_type_outside_the_allowed_ones_is_refused() -> None:
    with pytest.raises(UploadRefused) as caught:
        check_upload(make_docx(), filename="a.docx", allowed=frozenset({PDF}))
    assert caught.value.code == "documents.type_here"


def test_office_part_with_outside_template_is_refused_and_hyperlink_passes() -> None:
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

    def with_relation(kind: str) -> bytes:
        relation = f'<Relationship Type="{base}/{kind}" Target="http://x/image" TargetMode="External"/>'
        return make_docx({"word/_rels/document.xml.rels": f"<Relationships>{relation}</Relationships>".encode()})

    assert _refusal(with_relation("attachedTemplate"), "a.docx") == "office_active"
    assert _refusal(with_relation("image"), "a.docx") == "office_active"
    assert check_upload(with_relation("hyperlink"), filename="a.docx").media_type == DOCX


def test_office_part_that_lies_about_its_size_is_refused() -> None:
    honest = make_docx({"word/a.xml": b"A" * 5000})
    lying = honest.replace(struct.pack("<I", 5000), struct.pack("<I", 10))
    assert _refusal(lying, "a.docx") == "office_broken"


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_photo_comes_back_upright_and_without_metadata(kind: str) -> None:
    content = make_image(kind, orientation=6)
    assert b"SecretCamera" in content
    upload = check_upload(content, filename=f"a.{kind.lower()}")
    assert b"SecretCamera" not in upload.content
    with Image.open(io.BytesIO(upload.content)) as picture:
        assert picture.size == (40, 60)  # was 60 x 40, lying on its side
        assert not picture.getexif()
        top = picture.convert("RGB").getpixel((20, 5))
        assert isinstance(top, tuple)
        assert top[0] > 150 > top[1]  # the red half is on top now


def test_comment_and_bytes_behind_a_photo_are_gone() -> None:
    content = make_image(comment=b"nguoi chup: an") + make_docx()
    upload = check_upload(content, filename="a.jpg")
    assert b"nguoi chup" not in upload.content
    assert not zipfile.is_zipfile(io.BytesIO(upload.content))


def test_photo_with_too_many_pixels_is_refused_before_decoding() -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 10_000, MAX_PIXELS // 10_000 + 1, 8, 2, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    assert _refusal(content, "a.png") == "image_too_large"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_pixels_is_taken(mode: str) -> None:
    out = io.BytesIO()
    kind = "JPEG" if mode == "CMYK" else "PNG"
    Image.new(mode, (8, 8)).save(out, kind)
    assert check_upload(out.getvalue(), filename="").media_type in (JPEG, PNG)


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("Giấy khai sinh.pdf", "Giấy khai sinh.pdf"),
        ("C:\\Users\\An\\cccd mặt trước.PDF", "cccd mặt trước.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("a\x00b\u202egnp.pdf", "abgnp.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("con.pdf", "tep-con.pdf"),
        ("", "tep.pdf"),
        ("...", "tep.pdf"),
        ("Gia\u0302\u0301y.pdf", "Giấy.pdf"),
        ('<b>"x"|y?.pdf', "b x y.pdf"),
        ("x" * 400 + ".pdf", "x" * 120 + ".pdf"),
    ],
)
def test_names_are_cleaned(given: str, cleaned: str) -> None:
    assert clean_filename(given, PDF) == cleaned


@pytest.mark.slow
@given(st.text(max_size=300))
def test_a_cleaned_name_is_always_safe(name: str) -> None:
    cleaned = clean_filename(name, PDF)
    assert cleaned.endswith(".pdf")
    assert cleaned == cleaned.strip()
    assert not set(cleaned) & set('/\\:*?"<>|\0\n\r')
    assert len(cleaned) <= 128
    assert clean_filename(cleaned, PDF) == cleaned


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"%PDF-1.7\n", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04"]),
)
def test_random_bytes_are_refused_never_a_crash(tail: bytes, head: bytes) -> None:
    with pytest.raises(UploadRefused):
        check_upload(head + tail, filename="")


_HONEST = [make_bare_pdf(), make_image(size=(16, 16), orientation=6), make_image("PNG", size=(16, 16)), make_docx()]


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.sampled_from(_HONEST), st.data())
def test_damaged_files_pass_or_are_refused_never_a_crash(content: bytes, data: st.DataObject) -> None:
    damaged = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(damaged)))
    try:
        check_upload(bytes(damaged[:cut]), filename="")
    except UploadRefused as refusal:
        assert refusal.code.startswith("documents.")


def test_the_log_can_say_what_a_refused_file_looked_like() -> None:
    assert describe_content(b"MZ\x90\x00" + b"\0" * 100) == ".exe"
    assert describe_content(b"") == ""


def _make_packed_pdf(objects: list[bytes], body_end: bytes = b"") -> bytes:
    """A PDF whose objects from number 10 lie in one object stream (number 2), by a cross-reference stream (3)."""
    base = [(4, b"<< /Type /Catalog /Pages 5 0 R >>"), (5, b"<< /Type /Pages /Kids [6 0 R] /Count 1 >>")]
    base += [(6, b"<< /Type /Page /Parent 5 0 R /MediaBox [0 0 9 9] >>")]
    packed = [*base, *((10 + place, body) for place, body in enumerate(objects))]
    index, offset = b"", 0
    for number, body in packed:
        index += b"%d %d " % (number, offset)
        offset += len(body) + 1
    body = index + b" ".join(item for _, item in packed) + body_end
    out = bytearray(b"%PDF-1.7\n")
    packed_at = len(out)
    head = b"2 0 obj\n<< /Type /ObjStm /N %d /First %d /Length %d >>\nstream\n" % (len(packed), len(index), len(body))
    out += head + body + b"\nendstream\nendobj\n"
    table_at = len(out)
    rows = [struct.pack(">BIH", 1, packed_at, 0), struct.pack(">BIH", 1, table_at, 0)]
    rows += [struct.pack(">BIH", 2, 2, place) for place in range(len(packed))]
    table = b"".join(rows)
    size = 10 + len(objects)
    out += b"3 0 obj\n<< /Type /XRef /Size %d /Root 4 0 R /W [1 4 2] /Index [2 5 10 %d] /Length %d >>\nstream\n" % (
        size,
        len(objects),
        len(table),
    )
    out += table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % table_at
    return bytes(out)


def test_objects_packed_in_streams_are_looked_at_too() -> None:
    assert check_upload(_make_packed_pdf([b"<< /A 1 >>"]), filename="a.pdf").media_type == PDF
    assert _refusal(_make_packed_pdf([b"<< /A 1 >>", b"<< /S /Launch >>"])) == "pdf_active"


@pytest.mark.slow
def test_comment_without_an_end_does_not_turn_for_ever() -> None:
    assert _refusal(_make_packed_pdf([b"%never ends"])) in ("pdf_too_complex", "pdf_broken")
    assert _refusal(make_bare_pdf("<< >>").replace(b"4 0 obj\n<< >>\nendobj", b"4 0 obj %" + b"x" * 11)) == "pdf_broken"


@pytest.mark.slow
def test_many_packed_objects_take_time_in_proportion() -> None:
    assert check_upload(_make_packed_pdf([b"<< /A 1 >>"] * 20_000), filename="a.pdf").media_type == PDF
