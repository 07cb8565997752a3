"""Each statutory slip carries every field that the law names, stays on its page, and prints what people typed."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.documents.public import make_qr_svg, render_pdf
from motcua.dossiers.slips import SlipData, SlipParty, slip_template, slip_to_data
from motcua.dossiers.tests.slip_factories import (
    CONTENT,
    DELEGATE,
    DOSSIER_NO,
    OFFICIAL,
    PAPERS,
    PARTY,
    make_book_rows,
    make_control_rows,
    make_slips,
)

SLIPS = make_slips()
LONG = "Ủy ban nhân dân xã Bình Chánh, nghĩa trang Đặng Thuỳ Trâm số 1234/56/7B, " * 5
HOSTILE = '#panic("x") *đậm* $y$ <l> @m \\ ' + "W" * 150


def _draw(slip: SlipData) -> bytes:
    return render_pdf(slip_template(slip.kind), slip_to_data(slip, qr_svg=make_qr_svg(slip.head.lookup_url or "x")))


def _run(program: str, pdf: bytes, *options: str) -> str:
    path = shutil.which(program)
    assert path, f"{program} is missing: install poppler-utils"
    answer = subprocess.run([path, *options, "-", "-"], input=pdf, capture_output=True, check=True)
    return unicodedata.normalize("NFC", answer.stdout.decode()).replace("\u200b", "")


def _read(slip: SlipData) -> str:
    """The words of a slip in one line, hyphenation and columns undone as far as poppler can."""
    return " ".join(_run("pdftotext", _draw(slip), "-raw").split())


def _assert_inside_the_page(pdf: bytes) -> None:
    layout = _run("pdftotext", pdf, "-bbox")
    width, height = (float(number) for number in re.findall(r'<page width="([\d.]+)" height="([\d.]+)"', layout)[0])
    boxes = re.findall(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)"', layout)
    assert boxes
    for box in boxes:
        left, top, right, bottom = (float(number) for number in box)
        assert 20 <= left <= right <= width - 20, box
        assert 15 <= top <= bottom <= height - 10, box


def _stretch(value: Any, text: str) -> Any:
    """The same slip with every text of a person in it replaced by `text`; numbers, dates and addresses stay."""
    if is_dataclass(value) and not isinstance(value, type):
        kept = {"no", "lookup_url", "dossier_no", "timeliness"}
        changed = {
            field.name: _stretch(getattr(value, field.name), text) for field in fields(value) if field.name not in kept
        }
        return replace(value, **changed)
    if isinstance(value, tuple):
        return tuple(_stretch(item, text) for item in value)
    return text if isinstance(value, str) else value


@pytest.mark.parametrize("kind", SLIPS)
def test_every_value_of_a_slip_is_printed(kind: int) -> None:
    text = _read(SLIPS[kind])
    compact = text.replace(" ", "")
    for value in _texts(SLIPS[kind]):
        if kind == 2 and value == PARTY.identifier:
            continue  # the law leaves it out of this one
        assert value.replace(" ", "").replace("\n", "") in compact, value
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "Độc lập - Tự do - Hạnh phúc" in text


def _texts(value: Any) -> list[str]:
    """Every text of a slip except those that are printed in capitals or as words of their own."""
    if is_dataclass(value) and not isinstance(value, type):
        skipped = {"parent_agency", "agency", "timeliness", "party_contact", "deciding_agency", "result_way"}
        return [
            text for field in fields(value) if field.name not in skipped for text in _texts(getattr(value, field.name))
        ]
    if isinstance(value, tuple):
        return [text for item in value[:6] for text in _texts(item)]
    return [value] if isinstance(value, str) and value else []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "labels"),
    [
        (1, ("Tiếp nhận hồ sơ của:", "Thành phần hồ sơ nộp gồm:", "Số lượng hồ sơ: 01 bộ", "NGƯỜI NỘP HỒ SƠ")),
        (1, ("Thời gian nhận hồ sơ: 09 giờ 07 phút, ngày 20/11/2026", "Đăng ký nhận kết quả tại:")),
        (2, ("Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau:", "Lý do:", "NGƯỜI HƯỚNG DẪN")),
        (3, ("không tiếp nhận, giải quyết hồ sơ này", "NGƯỜI TIẾP NHẬN HỒ SƠ")),
        (4, ("Kính gửi:", "xin lỗi", "09 giờ 07 phút, ngày 02/12/2026", "CHỦ TỊCH")),
        (5, ("thông báo dừng giải quyết hồ sơ", "Lý do: Theo yêu cầu của người nộp hồ sơ.")),
        (6, ("Cơ quan phối hợp giải quyết hồ sơ:", "Bên giao", "Bên nhận", "Trước hạn", "Đúng hạn", "Quá hạn")),
        (7, ("Từ ngày 01/11/2026 đến ngày 30/11/2026: 40 hồ sơ", "Trang 1 / 5")),
    ],
)
def test_a_slip_says_what_the_law_makes_it_say(kind: int, labels: tuple[str, ...]) -> None:
    text = _read(SLIPS[kind])
    for label in labels:
        assert label in text


@pytest.mark.slow
@pytest.mark.parametrize("kind", SLIPS)
def test_a_usual_slip_is_one_page_of_the_statutory_size(kind: int) -> None:
    pdf = _draw(SLIPS[kind])
    size = re.findall(r'<page width="([\d.]+)" height="([\d.]+)"', _run("pdftotext", pdf, "-bbox"))
    assert {(round(float(width)), round(float(height))) for width, height in size} == {(842 if kind == 7 else 420, 595)}
    assert len(size) == (5 if kind == 7 else 1)
    assert b"<pdfaid:part>2" in pdf
    _assert_inside_the_page(pdf)


@pytest.mark.slow
@pytest.mark.parametrize("kind", SLIPS)
@pytest.mark.parametrize("text", [LONG, HOSTILE, "Ư", "\n\n"])
def test_no_text_is_too_long_or_too_strange_for_a_slip(kind: int, text: str) -> None:
    slip: SlipData = _stretch(SLIPS[kind], text)
    _assert_inside_the_page(_draw(slip))


@pytest.mark.slow
@pytest.mark.parametrize("kind", SLIPS)
def test_empty_values_leave_dotted_lines_not_holes(kind: int) -> None:
    slip: SlipData = _stretch(SLIPS[kind], "")
    _assert_inside_the_page(_draw(slip))


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.text(max_size=80))
def test_any_text_can_be_printed(text: str) -> None:
    slip: SlipData = _stretch(SLIPS[1], text)
    assert _draw(slip).startswith(b"%PDF-")


@pytest.mark.slow
def test_receipt_names_the_delegate_and_every_paper() -> None:
    slip = SLIPS[1]
    many = tuple(f"Giấy tờ số {n}" for n in range(1, 61))
    text = _read(replace(slip, delegate=DELEGATE, papers=many, due_at=None))  # type: ignore[arg-type]  # the test's values are wider than the literal asked for
    assert f"Người được ủy quyền: {DELEGATE.name}" in text
    assert DELEGATE.paper in text
    assert "60. Giấy tờ số 60" in text
    assert "theo thông báo của cơ quan giải quyết" in text
    assert "(Không yêu cầu giấy tờ nộp kèm)" in _read(replace(slip, papers=()))  # type: ignore[arg-type]  # the test's values are wider than the literal asked for


@pytest.mark.slow
def test_long_tables_repeat_their_heads_on_every_page() -> None:
    control = _draw(replace(SLIPS[6], rows=make_control_rows(40)))  # type: ignore[arg-type]  # the test's values are wider than the literal asked for
    book = _draw(replace(SLIPS[7], rows=make_book_rows(200)))  # type: ignore[arg-type]  # the test's values are wider than the literal asked for
    for pdf, head in ((control, "Bên giao"), (book, "Ký nhận")):
        pages = [page for page in _run("pdftotext", pdf, "-layout").split("\f") if page.strip()]
        assert len(pages) > 2
        assert all(head in page for page in pages[:-1])
        _assert_inside_the_page(pdf)


def test_empty_register_says_so() -> None:
    assert "Không có hồ sơ trong những ngày này." in _read(replace(SLIPS[7], rows=()))  # type: ignore[arg-type]  # the test's values are wider than the literal asked for


def test_moments_are_written_by_the_clock_of_the_city() -> None:
    slip = replace(SLIPS[1], received_at=datetime.fromisoformat("2026-02-14T17:30:00+00:00"))  # type: ignore[arg-type]  # the test's values are wider than the literal asked for
    assert slip_to_data(slip)["received_at"] == "2026-02-15T00:30"
    assert "00 giờ 30 phút, ngày 15/02/2026" in _read(slip)


def test_data_of_a_slip_are_plain() -> None:
    data = slip_to_data(SLIPS[1], qr_svg="<svg/>")
    assert data["qr_svg"] == "<svg/>"
    assert data["on"] == "2026-11-20"
    assert data["papers"] == list(PAPERS)
    assert data["content"] == CONTENT
    assert data["receiver_name"] == OFFICIAL
    assert isinstance(data["head"], dict)
    assert data["head"]["dossier_no"] == DOSSIER_NO
    assert data["party"] == {name: getattr(PARTY, name) for name in ("name", "identifier", "address", "phone", "email")}
    assert isinstance(PARTY, SlipParty)


def test_the_law_knows_seven_slips() -> None:
    assert sorted(SLIPS) == [1, 2, 3, 4, 5, 6, 7]
    assert all(slip_template(kind).is_file() for kind in SLIPS)
    with pytest.raises(KeyError):
        slip_template(8)
