from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import ClassVar
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.kernel import clock
from motcua.kernel.errors import DomainError
from motcua.kernel.events import Event, from_payload, to_cloudevent, to_payload
from motcua.kernel.paging import MAX_PAGE, clamp_page, make_page, page_window


@dataclass(frozen=True, kw_only=True)
class Sample(Event):
    event_type: ClassVar[str] = "tests.sample.v1"
    number: int
    text: str = ""
    flag: bool = False
    key: UUID | None = None
    at: datetime | None = None
    on: date | None = None


moments = st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2099, 1, 1), timezones=st.just(clock.HCM))  # noqa: DTZ001  hypothesis adds the zone
samples = st.builds(
    Sample,
    number=st.integers(),
    text=st.text(),
    flag=st.booleans(),
    key=st.none() | st.uuids(),
    at=st.none() | moments,
    on=st.none() | st.dates(),
)


@pytest.mark.slow
@given(event=samples)
def test_an_event_survives_its_json_form(event: Sample) -> None:
    assert from_payload(Sample, to_payload(event)) == event


def test_an_event_of_another_version_is_read_or_refused() -> None:
    assert from_payload(Sample, {"number": 1, "new_field": "x"}) == Sample(number=1)
    for payload in ({}, {"number": "1"}, {"number": 1, "at": "2026-01-01T00:00:00"}, {"number": 1, "key": "x"}):
        with pytest.raises(TypeError):
            from_payload(Sample, payload)


def test_an_event_carries_only_flat_facts_with_zones() -> None:
    for value in (1.5, {"a": 1}, datetime(2026, 1, 1)):  # noqa: DTZ001  the naive moment is the point
        with pytest.raises(TypeError):
            to_payload(Sample(number=value))  # type: ignore[arg-type]  # wrong on purpose


def test_the_envelope_is_a_cloudevent() -> None:
    at = datetime(2026, 11, 22, 10, 0, tzinfo=clock.HCM)
    envelope = to_cloudevent(Sample(number=1, at=at), id=UUID(int=7), time=at, source="motcua")
    assert envelope["specversion"] == "1.0"
    assert (envelope["type"], envelope["time"]) == ("tests.sample.v1", "2026-11-22T03:00:00Z")
    assert envelope["data"]["at"] == "2026-11-22T03:00:00Z"
    assert Event().subject == envelope["subject"] == ""


def test_moments_are_written_on_the_citys_clock() -> None:
    at = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    assert clock.format_moment(at) == "17:00 ngày 23/11/2026"
    assert clock.format_date(date(2026, 2, 5)) == "05/02/2026"
    assert clock.local_date(datetime(2026, 2, 5, 20, 0, tzinfo=UTC)) == date(2026, 2, 6)
    assert clock.now().tzinfo is UTC
    with pytest.raises(ValueError, match="zone"):
        clock.to_local(datetime(2026, 1, 1))  # noqa: DTZ001  the naive moment is the point


@pytest.mark.parametrize(
    ("asked", "number"),
    [(1, 1), ("3", 3), ("0", 1), ("-2", 1), ("x", 1), (None, 1), ("²", 1), ("9" * 30, 1), ("99999999", MAX_PAGE)],
)
def test_any_page_asked_for_is_a_page(asked: object, number: int) -> None:
    assert clamp_page(asked) == number


@given(total=st.integers(0, 95), number=st.integers(1, 8))
def test_pages_cut_a_list_without_loss(total: int, number: int) -> None:
    rows = list(range(total))
    start, stop = page_window(number)
    page = make_page(rows[start:stop], number=number, total=min(total, 51), cap=50)
    assert page.items == tuple(rows[(number - 1) * 20 : number * 20])
    assert page.has_next == (total > number * 20)
    assert page.has_previous == (number > 1)
    assert (page.total_capped, page.is_total_capped) == (min(total, 50), total > 50)
    assert page.map(str).items == tuple(str(item) for item in page.items)


def test_an_expected_failure_says_its_code_and_sentence() -> None:
    error = DomainError("x.y", "Hãy thử lại.")
    assert (str(error), error.code, error.message, error.http_status) == (
        "x.y: Hãy thử lại.",
        "x.y",
        "Hãy thử lại.",
        409,
    )
