"""The law of the running case, by table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.cases import rules
from motcua.cases.tests.factories import MONDAY, at
from motcua.cases.types import CLOCK_RULES, STAGES, ExtensionRefused
from motcua.kernel.workdays import Budget, ClockEntry, load_city_calendar


@dataclass(frozen=True)
class Held:
    role: str
    agency_id: int


@pytest.mark.parametrize(
    ("state", "rule", "before", "after", "expected"),
    [
        ("running", "restart", "submitted", "waiting_applicant", ["pause"]),
        ("running", "pause", "in_progress", "waiting_payment", ["pause"]),
        ("paused", "restart", "waiting_applicant", "submitted", ["restart"]),
        ("paused", "pause", "waiting_applicant", "submitted", ["resume"]),
        ("paused", "restart", "waiting_payment", "in_progress", ["resume"]),
        ("paused", "restart", "waiting_applicant", "waiting_payment", ["restart", "pause"]),
        ("paused", "pause", "waiting_applicant", "waiting_payment", []),
        ("paused", "restart", "waiting_payment", "waiting_applicant", []),
        ("paused", "restart", "waiting_applicant", "waiting_applicant", []),
        ("paused", "restart", "in_progress", "accepted", []),  # paused by hand: no stage lets it go on
        ("running", "restart", "in_progress", "decided", ["stop"]),
        ("paused", "restart", "waiting_applicant", "withdrawn", ["stop"]),
        ("stopped", "restart", "decided", "delivered", []),
        ("stopped", "restart", "decided", "in_progress", []),
        ("running", "restart", "submitted", "accepted", []),
    ],
)
def test_a_stage_moves_the_clock(state: str, rule: str, before: str, after: str, expected: list[str]) -> None:
    moves = rules.plan_clock(clock_state=state, clock_rule=rule, stage_from=before, stage_to=after)
    assert list(moves) == expected


@pytest.mark.slow
@given(
    st.lists(st.sampled_from(sorted(STAGES)), max_size=12),
    st.sampled_from(sorted(CLOCK_RULES)),
)
def test_any_walk_through_stages_keeps_the_clock_in_order(stages: list[str], rule: str) -> None:
    state, stage = "running", "submitted"
    after = {"pause": "paused", "resume": "running", "restart": "running", "stop": "stopped"}
    for next_stage in stages:
        for kind in rules.plan_clock(clock_state=state, clock_rule=rule, stage_from=stage, stage_to=next_stage):
            assert (state, kind) not in {("paused", "pause"), ("running", "resume"), ("stopped", "stop")}
            state = after[kind]
        stage = next_stage
        if state != "stopped":
            assert (state == "paused") == (stage in rules.WAITING_STAGES)


START = ClockEntry(at=MONDAY, kind="start", reason="")
EXTENDED = ClockEntry(at=MONDAY, kind="extend", reason="x", new_due_at=MONDAY)


@pytest.mark.parametrize(
    ("entries", "state", "now", "new", "reason", "code"),
    [
        ([START, EXTENDED], "running", "2026-03-04 09:00", "2026-03-20 09:00", "đông hồ sơ", "extension_used"),
        ([START], "paused", "2026-03-04 09:00", "2026-03-20 09:00", "đông hồ sơ", "extension_not_running"),
        ([START], "running", "2026-03-09 09:00", "2026-03-20 09:00", "đông hồ sơ", "extension_too_late"),
        ([START], "running", "2026-03-10 09:00", "2026-03-20 09:00", "đông hồ sơ", "extension_too_late"),
        ([START], "running", "2026-03-04 09:00", "2026-03-20 09:00", "  ", "extension_no_reason"),
        ([START], "running", "2026-03-04 09:00", "2026-03-09 09:00", "đông hồ sơ", "extension_not_later"),
    ],
)
def test_an_extension_is_refused(
    entries: list[ClockEntry], state: str, now: str, new: str, reason: str, code: str
) -> None:
    with pytest.raises(ExtensionRefused) as refusal:
        rules.check_extension(
            entries, clock_state=state, due_at=at("2026-03-09 09:00"), new_due_at=at(new), reason=reason, now=at(now)
        )
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("now", "is_late"),
    [
        ("2026-03-06 09:00", False),  # a Friday, due Monday at the same hour: one whole working day
        ("2026-03-06 09:01", True),
        ("2026-03-07 10:00", True),  # Saturday: only Monday morning is left
        ("2026-03-05 16:59", False),
    ],
)
def test_the_apology_is_owed_one_working_day_ahead(now: str, is_late: bool) -> None:
    calendar = load_city_calendar()
    assert rules.is_notice_late(calendar, due_at=at("2026-03-09 09:00"), now=at(now)) is is_late


@pytest.mark.parametrize(
    ("text", "budget"),
    [("P15D", Budget(15, "workday")), ("PT8H", Budget(8, "work_hour")), ("P1D", Budget(1, "workday"))],
)
def test_a_working_duration_is_read(text: str, budget: Budget) -> None:
    assert rules.read_work_duration(text) == budget


@pytest.mark.parametrize("text", ["P1M", "P1Y", "PT30M", "P1DT4H", "", "15", "P0D", "PT90S", "P-1D"])
def test_a_duration_that_no_calendar_counts_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        rules.read_work_duration(text)


@pytest.mark.slow
@given(st.text(max_size=30))
def test_reading_a_duration_never_fails_otherwise(text: str) -> None:
    try:
        budget = rules.read_work_duration(text)
    except ValueError:
        return
    assert budget.amount > 0


@pytest.mark.parametrize(
    ("due", "state", "expected"),
    [
        (timedelta(minutes=-1), "running", "late"),
        (timedelta(minutes=-1), "stopped", "none"),
        (timedelta(0), "running", "today"),
        (timedelta(hours=1), "running", "today"),
        (timedelta(days=2, minutes=1), "running", "later"),
        (timedelta(days=2), "running", "soon"),
        (timedelta(days=3), "running", "later"),
        (timedelta(days=-3), "paused", "paused"),
        (None, "running", "none"),
    ],
)
def test_lateness(due: timedelta | None, state: str, expected: str) -> None:
    due_at = None if due is None else MONDAY + due
    assert rules.read_lateness(due_at=due_at, clock_state=state, now=MONDAY) == expected


GRANTS = st.lists(
    st.builds(
        Held,
        role=st.sampled_from(["counter", "specialist", "leader", "city_leader", "operator"]),
        agency_id=st.integers(1, 3),
    ),
    max_size=5,
)


@pytest.mark.slow
@given(GRANTS, st.sampled_from(["counter", "specialist", "leader"]), st.integers(1, 3))
def test_the_inbox_shows_exactly_what_may_be_done(grants: list[Held], role: str, agency_id: int) -> None:
    assert ((agency_id, role) in rules.inbox_scope(grants)) == rules.can_work(grants, role=role, agency_id=agency_id)


@given(GRANTS)
def test_only_a_city_leader_sees_the_city(grants: list[Held]) -> None:
    scope = rules.overview_scope(grants)
    assert (scope == "city") == any(grant.role == "city_leader" for grant in grants)
    if scope != "city":
        assert scope == {grant.agency_id for grant in grants if grant.role == "leader"}


@pytest.mark.slow
@given(GRANTS, st.frozensets(st.integers(1, 3)))
def test_a_city_leader_or_operator_alone_opens_no_case(grants: list[Held], agency_ids: frozenset[int]) -> None:
    far = [grant for grant in grants if grant.role in ("city_leader", "operator")]
    assert not rules.can_see_office_side(far, agency_ids=agency_ids)


def test_the_office_side_is_where_a_role_of_the_office_is_held() -> None:
    for role in ("counter", "specialist", "leader"):
        assert rules.can_see_office_side([Held(role, 2)], agency_ids=(1, 2))
        assert not rules.can_see_office_side([Held(role, 3)], agency_ids=(1, 2))


def test_the_counter_works_where_the_case_was_received() -> None:
    assert rules.place_task("counter", agency_id=1, reception_agency_id=2) == 2
    assert rules.place_task("leader", agency_id=1, reception_agency_id=2) == 1
