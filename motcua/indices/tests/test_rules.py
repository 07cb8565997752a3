"""What may stand in the copy and what may be shown."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.indices.rules import (
    draw_bars,
    hide_small,
    keep_code,
    keep_ward,
    make_case_key,
    month_of,
    print_key,
    read_month,
    round_minutes,
    share_percent,
)
from motcua.indices.types import Figures

COUNTS = st.lists(st.integers(0, 40), max_size=12)


@given(received=COUNTS, threshold=st.integers(2, 10))
@settings(max_examples=60)
def test_no_small_count_is_shown_and_none_can_be_subtracted_from_the_total(received: list[int], threshold: int) -> None:
    rows = hide_small([Figures(received=count) for count in received], threshold=threshold)
    shown = [row.figures.received for row in rows if not row.hides_received]
    hidden = [row.figures.received for row in rows if row.hides_received]
    assert all(count == 0 or count >= threshold for count in shown)
    rest = sum(received) - sum(shown)
    if sum(received) >= threshold:  # else the total itself is hidden
        assert rest == 0 or rest >= threshold
        assert len(hidden) != 1 or not any(shown)
    assert all(count > 0 for count in hidden)


@given(st.uuids(), st.binary(min_size=1, max_size=40))
@settings(max_examples=30)
def test_a_case_key_is_stable_under_one_key_and_another_under_another(case: UUID, key: bytes) -> None:
    assert make_case_key(case, key=key) == make_case_key(case, key=key)
    assert make_case_key(case, key=key) != make_case_key(case, key=key + b"x")
    assert -(2**63) <= make_case_key(case, key=key) < 2**63
    assert print_key(key) != print_key(key + b"x")


@given(st.text(max_size=60))
def test_free_text_never_passes_for_a_code(text: str) -> None:
    kept = keep_code(text)
    assert kept == "other" or (kept == text and " " not in kept and len(kept) <= 40 and kept.isascii())
    assert keep_ward(text) in ("", text)


def test_nothing_finer_than_a_ward_a_month_and_a_quarter_of_an_hour() -> None:
    assert keep_ward("26743") == "26743" and keep_ward("12 Lê Lợi") == "" and keep_ward("2674312") == ""
    assert month_of(datetime(2026, 3, 31, 17, 30, tzinfo=UTC)) == date(2026, 4, 1)  # already April in the city
    assert [round_minutes(minutes) for minutes in (0, 7, 8, 480, 487, 488)] == [0, 0, 15, 480, 480, 495]
    assert make_case_key(uuid4(), key=b"k") != make_case_key(uuid4(), key=b"k")


@pytest.mark.slow
@given(st.text(max_size=8))
def test_only_a_month_reads_as_one(text: str) -> None:
    month = read_month(text)
    assert month is None or f"{month:%Y-%m}" == text


def test_months_shares_and_bars() -> None:
    assert read_month("2026-03") == date(2026, 3, 1)
    assert [read_month(text) for text in ("2026-13", "1999-01", "2026-3", "٢٠٢٦-03", "")] == [None] * 5
    assert share_percent(2, 3) == 66.7 and share_percent(0, 0) is None
    assert draw_bars([(0, 1), (1000, 500)], width=100) == ((0, 1), (100, 50))
    assert draw_bars([(0, 0)], width=100) == ((0, 0),)
