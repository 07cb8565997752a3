from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.identity.rules import (
    add_years,
    adult_from,
    authorisation_end,
    delegation_end,
    delegation_problem,
    find_session_end,
    find_totp_step,
    is_minor,
    is_stepped_up,
    is_valid_on,
    parental_end,
    session_ends_at,
)
from motcua.identity.types import SessionEnd, SessionLimits, SessionState

DATES = st.dates(min_value=date(1930, 1, 1), max_value=date(2090, 12, 31))
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
LIMITS = SessionLimits(idle_minutes=30, absolute_hours=12)


@pytest.mark.parametrize(
    ("birth_on", "adult_on"),
    [
        (date(2008, 11, 23), date(2026, 11, 23)),
        (date(2008, 2, 29), date(2026, 3, 1)),
        (date(2012, 2, 29), date(2030, 3, 1)),
    ],
)
def test_full_age_is_the_eighteenth_birthday(birth_on: date, adult_on: date) -> None:
    assert adult_from(birth_on) == adult_on
    assert is_minor(birth_on, on=adult_on - timedelta(days=1))
    assert not is_minor(birth_on, on=adult_on)


def test_an_unknown_date_of_birth_is_not_a_minors() -> None:
    assert not is_minor(None, on=date(2026, 1, 1))


@given(birth_on=DATES, asked=st.none() | DATES)
def test_parental_representation_never_outlives_minority(birth_on: date, asked: date | None) -> None:
    end = parental_end(birth_on, asked)
    assert end is not None
    assert end <= adult_from(birth_on)
    assert asked is None or end <= asked


@given(start=DATES)
def test_an_authorisation_without_a_term_lasts_one_year(start: date) -> None:
    assert authorisation_end(start, None) == add_years(start, years=1)
    assert 365 <= (authorisation_end(start, None) - start).days <= 366


@pytest.mark.slow
@given(start=DATES, days=st.integers(1, 9000), on=DATES)
def test_periods_are_half_open(start: date, days: int, on: date) -> None:
    end = start + timedelta(days=days)
    assert is_valid_on(start, end, on=on) == (start <= on < end)
    assert is_valid_on(start, end, on=start)
    assert not is_valid_on(start, end, on=end)
    assert is_valid_on(start, None, on=on) == (on >= start)


@pytest.mark.parametrize(
    ("ground", "is_person", "birth_on", "valid_to", "is_refused"),
    [
        ("parent", True, date(2020, 5, 1), None, False),
        ("parent", True, date(2000, 5, 1), None, True),
        ("parent", True, None, None, True),
        ("parent", False, None, None, True),
        ("guardian", True, None, None, False),
        ("guardian", False, None, None, True),
        ("authorisation", False, None, None, False),
        ("authorisation", True, date(1990, 1, 1), date(2026, 11, 23), True),
        ("authorisation", True, date(1990, 1, 1), date(2026, 11, 24), False),
    ],
)
def test_grounds_of_representation(
    ground: str, is_person: bool, birth_on: date | None, valid_to: date | None, is_refused: bool
) -> None:
    problem = delegation_problem(
        ground,
        grantor_is_person=is_person,
        grantor_birth_on=birth_on,
        valid_from=date(2026, 11, 23),
        valid_to=valid_to,
    )
    assert (problem is not None) is is_refused


def test_a_guardianship_ends_when_agreed_or_revoked() -> None:
    start = date(2026, 1, 1)
    assert delegation_end("guardian", grantor_birth_on=None, valid_from=start, asked_end=None) is None
    assert delegation_end("authorisation", grantor_birth_on=None, valid_from=start, asked_end=None) == date(2027, 1, 1)
    child = date(2020, 6, 1)
    assert delegation_end("parent", grantor_birth_on=child, valid_from=start, asked_end=None) == date(2038, 6, 1)


def make_state(*, started: timedelta, seen: timedelta) -> SessionState:
    return SessionState(2, NOW - started, NOW - seen, NOW - started, None)


@pytest.mark.parametrize(
    ("started", "seen", "end"),
    [
        (timedelta(minutes=40), timedelta(minutes=29, seconds=59), None),
        (timedelta(minutes=40), timedelta(minutes=30), SessionEnd.IDLE),
        (timedelta(hours=11, minutes=59), timedelta(0), None),
        (timedelta(hours=12), timedelta(0), SessionEnd.ABSOLUTE),
        (timedelta(minutes=-6), timedelta(minutes=-6), SessionEnd.ABSOLUTE),
    ],
)
def test_sessions_end_by_idleness_and_by_age(started: timedelta, seen: timedelta, end: SessionEnd | None) -> None:
    assert find_session_end(make_state(started=started, seen=seen), limits=LIMITS, now=NOW) == end


@given(age=st.integers(0, 100_000), idle=st.integers(0, 100_000))
def test_a_session_lives_exactly_until_its_announced_end(age: int, idle: int) -> None:
    state = make_state(started=timedelta(seconds=age), seen=timedelta(seconds=min(idle, age)))
    is_over = find_session_end(state, limits=LIMITS, now=NOW) is not None
    assert is_over == (session_ends_at(state, limits=LIMITS) <= NOW)


@given(ago=st.integers(-1000, 1000), age=st.integers(0, 900))
def test_step_up_has_an_age(ago: int, age: int) -> None:
    shown_at = NOW - timedelta(seconds=ago)
    assert is_stepped_up(shown_at, max_age_seconds=age, now=NOW) == (0 <= ago <= age)


def test_no_step_up_is_no_step_up() -> None:
    assert not is_stepped_up(None, max_age_seconds=10**9, now=NOW)


@pytest.mark.slow
@given(last=st.none() | st.integers(-5, 5), right=st.integers(-5, 5), tolerance=st.integers(0, 2))
def test_a_time_step_is_accepted_once_and_never_backwards(last: int | None, right: int, tolerance: int) -> None:
    current = int(NOW.timestamp()) // 30
    last_step = None if last is None else current + last
    found = find_totp_step(lambda s: s == current + right, now=NOW, last_step=last_step, tolerance=tolerance)
    is_expected = abs(right) <= tolerance and (last is None or right > last)
    assert found == (current + right if is_expected else None)
    if found is not None:
        again = find_totp_step(lambda s: s == current + right, now=NOW, last_step=found, tolerance=tolerance)
        assert again is None
