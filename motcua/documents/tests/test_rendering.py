"""Paper from templates: the same on every machine, every Vietnamese letter drawn, hostile text only text."""

from __future__ import annotations

import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest
import typst
from hypothesis import example, given, settings
from hypothesis import strategies as st

from motcua.documents.public import RenderFailed, make_qr_svg, render_pdf
from motcua.documents.rules.pdf_safety import check_pdf
from motcua.documents.rules.rendering import clean_data
from motcua.documents.tests.factories import SAMPLE_TEMPLATE, make_pdf

_VOWELS = "aăâeêioôơuưy"
_LETTERS = (
    "".join(
        unicodedata.normalize("NFC", vowel + tone)
        for vowel in _VOWELS
        for tone in ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
    )
    + "đbcdghklmnpqrstvxfjwz"
)


def _read_text(pdf: bytes) -> str:
    program = shutil.which("pdftotext")
    assert program, "pdftotext is missing: install poppler-utils"
    answer = subprocess.run([program, "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return unicodedata.normalize("NFC", answer.stdout.decode())


def test_every_vietnamese_letter_is_drawn_from_the_shipped_fonts() -> None:
    letters = " ".join(_LETTERS + _LETTERS.upper())
    pdf = make_pdf(letters)
    assert b"pdfaid:part" in pdf  # the archival standard refuses a letter that no font can draw
    assert set(letters) <= set(_read_text(pdf))


def test_shipped_fonts_are_inside_the_package() -> None:
    families = typst.Fonts(include_system_fonts=False).families()
    assert {"Libertinus Serif", "DejaVu Sans Mono"} <= set(families)


def test_same_data_give_the_same_bytes() -> None:
    assert make_pdf("một") == make_pdf("một")
    assert make_pdf("một") != make_pdf("hai")


def test_paper_is_archival_tagged_and_still() -> None:
    pdf = make_pdf()
    assert b"<pdfaid:part>2" in pdf
    assert b"<pdfuaid:part>1" in pdf
    assert b"/MarkInfo" in pdf
    check_pdf(pdf)


def test_letterhead_dates_and_footer_follow_the_decree() -> None:
    text = _read_text(
        make_pdf(
            parent="Ủy ban nhân dân Thành phố Hồ Chí Minh",
            number="15/QĐ-UBND",
            place="Bến Nghé",
            on="2026-02-05",
            verify_url="https://vi.du/xac-minh",
            verify_code="ABCD-EFGH",
            qr_svg=make_qr_svg("https://vi.du/xac-minh/ABCD-EFGH"),
        )
    )
    for part in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 15/QĐ-UBND",
        "Bến Nghé, ngày 05 tháng 02 năm 2026",
        "https://vi.du/xac-minh",
        "ABCD-EFGH",
    ):
        assert part in text


def test_text_outside_the_fonts_gives_up_the_standard_not_the_paper() -> None:
    pdf = make_pdf("陳 大文 😀")
    assert pdf.startswith(b"%PDF-")
    assert b"pdfaid:part" not in pdf


HOSTILE = '#panic() #import "x" #eval("1") $x$ *a* _b_ `c` <l> @ref \\ // /* = - + [ ] { } #sys.inputs & " \''


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
@example(HOSTILE)
@example("\x00\x1b\ud800\u202e\ufeff\ue000")
@example("W" * 3000)
@example("\n" * 50)
def test_hostile_text_is_only_text(text: str) -> None:
    pdf = make_pdf(text, name=text, number=text, items=[text], verify_code=text, about=text)
    check_pdf(pdf)


def test_markup_typed_by_a_person_is_printed_as_typed() -> None:
    text = " ".join(_read_text(make_pdf(HOSTILE)).split())
    assert "#panic() #import" in text
    assert "*a* _b_ `c` <l> @ref" in text


def test_words_longer_than_the_page_break() -> None:
    text = _read_text(make_pdf("W" * 400))
    lines = [line for line in text.splitlines() if "WWW" in line]
    assert len(lines) > 5
    assert sum(line.count("W") for line in lines) == 400


def test_what_is_copied_from_a_paper_holds_no_hidden_signs() -> None:
    address = "https://mot-cua.vi.du/xac-minh/K7M2-9PXT-4QAB-CDEF/?nguon=giay-ket-qua-dien-tu"
    digest = "9f" * 32
    text = _read_text(make_pdf(f"Tra tại {address} hoặc so mã {digest}", verify_url=address))
    assert "\u200b" not in text
    joined = "".join(text.split())
    assert address in joined
    assert digest in joined


def test_faults_of_a_template_or_its_data_are_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.typ"
    broken.write_text("#let x = ")
    with pytest.raises(RenderFailed):
        render_pdf(broken, {}, root=tmp_path)
    with pytest.raises(RenderFailed):
        render_pdf(tmp_path / "missing.typ", {}, root=tmp_path)
    with pytest.raises(RenderFailed):
        render_pdf(SAMPLE_TEMPLATE, {"text": object()})
    outside = tmp_path / "outside.typ"
    outside.write_text('#read("/etc/passwd")')
    with pytest.raises(RenderFailed):
        render_pdf(outside, {}, root=tmp_path)


@pytest.mark.slow
@given(
    st.recursive(
        st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_cleaned_data_hold_no_invisible_characters(value: object) -> None:
    cleaned = clean_data(value)
    assert clean_data(cleaned) == cleaned
    if isinstance(cleaned, str):
        assert not any(unicodedata.category(char)[0] == "C" and char != "\n" for char in cleaned)


def test_qr_is_plain_svg() -> None:
    svg = make_qr_svg("https://vi.du/tra-cuu/H29.5-261120-0001")
    assert svg.startswith("<svg")
    assert "<script" not in svg
    assert make_qr_svg("a") != make_qr_svg("b")
