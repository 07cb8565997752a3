"""Rules of certified copies and the pages of scans, without a database."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from motcua.documents.tests.factories import make_bare_pdf, make_image
from motcua.vault.rules.certifying import CHECKS, CopyWish, check_wish, compute_fee_vnd, format_no, list_missing_checks
from motcua.vault.rules.pages import draw_pages
from motcua.vault.types import PaperRefused


@pytest.mark.parametrize(
    ("pages", "fee"), [(1, 2_000), (2, 4_000), (3, 5_000), (10, 12_000), (198, 200_000), (500, 200_000)]
)
def test_the_fee_follows_the_pages(pages: int, fee: int) -> None:
    assert compute_fee_vnd(pages) == fee


@given(st.integers(1, 2_000))
def test_another_page_never_costs_less_and_never_more_than_the_cap(pages: int) -> None:
    assert compute_fee_vnd(pages) <= compute_fee_vnd(pages + 1) <= 200_000


def test_no_page_costs_nothing_that_could_be_asked() -> None:
    with pytest.raises(ValueError, match="page"):
        compute_fee_vnd(0)


@given(st.sets(st.sampled_from(sorted(CHECKS))))
def test_one_missing_check_is_enough_to_refuse(ticked: set[str]) -> None:
    assert set(list_missing_checks(ticked)) == set(CHECKS) - ticked


def test_numbers_begin_with_a_nought_and_name_their_book() -> None:
    assert format_no(7, year=2026) == "07, quyển số 01/2026-SCT/BS" and format_no(123, year=2026).startswith("123,")


def test_an_original_is_not_from_tomorrow() -> None:
    wish = CopyWish(what="khac", title="Giấy", issuer="Ai", original_issued_on=date(2026, 2, 2))
    check_wish(wish, on=date(2026, 2, 2))
    with pytest.raises(PaperRefused):
        check_wish(wish, on=date(2026, 2, 1))


@pytest.mark.slow
def test_every_page_of_a_pdf_becomes_a_picture() -> None:
    png = make_image("PNG")
    pages = draw_pages([(png, "image/png"), (make_bare_pdf("<< >>"), "application/pdf")])
    assert pages[0] == (png, "png") and pages[1][1] == "jpg"
    with Image.open(BytesIO(pages[1][0])) as picture:
        assert picture.mode == "RGB" and picture.width > 1_000


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 broken", b"\x00" * 50])
def test_a_scan_that_cannot_be_read_says_what_to_do(content: bytes) -> None:
    with pytest.raises(PaperRefused, match="quét lại"):
        draw_pages([(content, "application/pdf")])


@given(st.binary(max_size=200))
def test_no_bytes_break_the_drawing(content: bytes) -> None:
    with pytest.raises(PaperRefused):
        draw_pages([(content, "application/pdf")])


def test_what_is_no_scan_and_no_scan_at_all_are_refused() -> None:
    for scans in ([], [(b"x", "text/plain")]):
        with pytest.raises(PaperRefused):
            draw_pages(scans)
