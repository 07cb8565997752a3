"""Two times, as properties: what is true at any moment is what was said last of it, and nothing else moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.registers.rules.periods import Period, find_at, overlaps, put

START = datetime(2026, 1, 1, tzinfo=UTC)


def _at(day: int) -> datetime:
    return START + timedelta(days=day)


@st.composite
def said(draw: st.DrawFn) -> tuple[int, int | None, str]:
    start = draw(st.integers(0, 30))
    end = draw(st.one_of(st.none(), st.integers(start + 1, 31)))
    return start, end, draw(st.sampled_from("abcdef"))


@pytest.mark.slow
@given(st.lists(said(), max_size=12))
def test_the_last_word_counts_at_every_moment_and_no_two_are_true_at_once(
    sayings: list[tuple[int, int | None, str]],
) -> None:
    standing: list[Period[str]] = []
    model: dict[int, str] = {}
    for start, end, content in sayings:
        change = put(standing, Period(_at(start), None if end is None else _at(end), content))
        standing = [each for place, each in enumerate(standing) if place not in change.closed] + list(change.written)
        model.update({day: content for day in range(start, 40 if end is None else end)})
    assert {day: find_at(standing, _at(day)) for day in range(40)} == {day: model.get(day) for day in range(40)}
    for one in standing:
        others = [each for each in standing if each is not one]
        assert not any(overlaps(each, one.start, one.end) for each in others)


@given(said())
def test_saying_the_same_twice_closes_the_first_and_nothing_is_left_of_it(one: tuple[int, int | None, str]) -> None:
    start, end, content = one
    period = Period(_at(start), None if end is None else _at(end), content)
    change = put([period], period)
    assert change.closed == (0,) and change.written == (period,)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="ends after"):
        put([], Period(_at(2), _at(2), "a"))
