"""The law of a dossier by table and by property."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.dossiers import rules
from motcua.dossiers.types import NationalState
from motcua.kernel.clock import HCM
from motcua.kernel.workdays import load_city_calendar

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stage", "outcome", "expected"),
    [
        ("submitted", None, 1),
        ("accepted", "", 2),
        ("refused", "returned", 3),
        ("submitted", "refused", 3),
        ("in_progress", None, 4),
        ("waiting_applicant", None, 5),
        ("waiting_payment", None, 6),
        ("withdrawing", None, 7),
        ("in_progress", "withdrawn", 7),
        ("waiting_applicant", "stopped", 8),
        ("stopped", None, 8),
        ("decided", None, 9),
        ("decided", "approved", 9),
        ("in_progress", "rejected", 9),
        ("delivered", "approved", 10),
        ("delivered", "rejected", 10),
        ("delivered", None, 10),
    ],
)
def test_national_state_follows_stage_and_outcome(stage: str, outcome: str | None, expected: int) -> None:
    assert rules.derive_national_state(stage, outcome) == expected


@given(st.sampled_from(rules.STAGES), st.sampled_from(["", *rules.OUTCOMES]))
def test_every_stage_and_outcome_has_one_of_the_ten_states_and_an_ended_case_is_ended(stage: str, outcome: str) -> None:
    state = rules.derive_national_state(stage, outcome)
    assert 1 <= state <= 10
    assert state.label
    if outcome:
        assert state.is_ended
    if state.is_waiting and state != NationalState.STOPPED:
        assert not state.is_ended


@given(st.text(max_size=20), st.text(max_size=20))
def test_an_unknown_stage_or_outcome_is_refused_and_never_guessed(stage: str, outcome: str) -> None:
    if stage in rules.STAGES and (not outcome or outcome in rules.OUTCOMES):
        return
    with pytest.raises(ValueError, match="unknown"):
        rules.derive_national_state(stage, outcome)


def test_transitions_lead_from_new_to_delivered_and_never_out_of_an_end() -> None:
    assert rules.is_national_transition(NationalState.DONE, NationalState.DELIVERED)
    for end in (NationalState.NOT_RECEIVED, NationalState.WITHDRAWN, NationalState.STOPPED, NationalState.DELIVERED):
        assert all(not rules.is_national_transition(end, after) for after in NationalState if after != end)


@given(st.integers(min_value=0, max_value=5), st.sampled_from(NationalState))
def test_a_supplement_is_asked_at_most_once(so_far: int, state: NationalState) -> None:
    verdict = rules.may_request_supplement(requests_so_far=so_far, state=state)
    assert not (verdict.allowed and so_far >= 1)
    assert verdict.allowed or (verdict.code and verdict.message)
    assert not (verdict.allowed and (state.is_ended or state == NationalState.SUPPLEMENT))


@pytest.mark.parametrize(
    ("requested", "answered", "state", "code"),
    [
        (True, False, NationalState.SUPPLEMENT, ""),
        (False, False, NationalState.SUPPLEMENT, "supplement_not_requested"),
        (True, True, NationalState.SUPPLEMENT, "supplement_already_answered"),
        (True, False, NationalState.STOPPED, "supplement_over"),
    ],
)
def test_answering_the_supplement(requested: bool, answered: bool, state: NationalState, code: str) -> None:
    assert rules.may_answer_supplement(requested=requested, answered=answered, state=state).code == code


@given(st.sampled_from(NationalState), st.booleans())
def test_nobody_withdraws_after_a_decision_or_an_end(state: NationalState, has_decision: bool) -> None:
    verdict = rules.may_withdraw(state=state, has_decision=has_decision)
    assert verdict.allowed == (not has_decision and not state.is_ended)
    assert verdict.allowed or verdict.message


@given(
    st.integers(min_value=0, max_value=3),
    st.one_of(st.none(), st.integers(min_value=-2000, max_value=2000)),
    st.integers(min_value=-3000, max_value=3000),
    st.sampled_from(NationalState),
)
def test_an_apology_is_valid_once_before_the_due_time_for_a_later_time(
    so_far: int, due_minutes: int | None, new_minutes: int, state: NationalState
) -> None:
    due_at = None if due_minutes is None else NOON + timedelta(minutes=due_minutes)
    new_due_at = NOON + timedelta(minutes=new_minutes)
    verdict = rules.may_reappoint(
        reappointments_so_far=so_far, due_at=due_at, new_due_at=new_due_at, now=NOON, state=state
    )
    lawful = so_far == 0 and due_at is not None and due_at > NOON and new_due_at > due_at and not state.is_ended
    assert verdict.allowed == lawful
    assert verdict.allowed or (verdict.code and verdict.message)


@pytest.mark.parametrize(
    ("state", "reason", "code"),
    [
        (NationalState.NEW, "Không thuộc thẩm quyền", ""),
        (NationalState.NEW, "  ", "refusal_needs_reason"),
        (NationalState.DELIVERED, "Muộn", "refusal_after_end"),
    ],
)
def test_refusal_needs_a_reason_and_a_live_dossier(state: NationalState, reason: str, code: str) -> None:
    assert rules.may_refuse(state=state, reason=reason).code == code


@pytest.mark.parametrize(
    ("has_items", "reason", "code"),
    [
        (True, "Thiếu chữ ký", ""),
        (False, "Thiếu chữ ký", "supplement_names_nothing"),
        (True, " \n", "supplement_needs_reason"),
        (False, "", "supplement_names_nothing"),
    ],
)
def test_a_supplement_names_what_and_why(has_items: bool, reason: str, code: str) -> None:
    verdict = rules.may_name_items(has_items=has_items, reason=reason)
    assert (verdict.allowed, verdict.code) == (not code, code)


@pytest.mark.parametrize(
    ("decision", "note", "code"),
    [
        ("approved", "", ""),
        ("rejected", "Không đủ điều kiện", ""),
        ("rejected", "  ", "appraisal_needs_reason"),
        (None, "Gì đó", "appraisal_unknown"),
    ],
)
def test_a_rejection_says_why(decision: str | None, note: str, code: str) -> None:
    verdict = rules.may_appraise(decision=decision, note=note)
    assert (verdict.allowed, verdict.code) == (not code, code)


@pytest.mark.parametrize(
    ("channel", "came", "due"),
    [
        ("online", "2026-11-20T09:15", "2026-11-23T09:15"),
        ("online", "2026-11-20T07:30", "2026-11-20T17:00"),
        ("national", "2026-11-20T16:30", "2026-11-23T16:30"),  # half an hour, then Monday's seven and a half
        ("online", "2026-02-13T23:59", "2026-02-23T17:00"),  # the last minute before Tết
        ("direct", "2026-11-20T14:59", "2026-11-20T17:00"),
        ("direct", "2026-11-20T15:00", "2026-11-23T07:30"),
        ("post", "2026-11-23T16:00", "2026-11-25T07:30"),  # over Culture Day
        ("post", "2026-11-21T10:00", "2026-11-23T17:00"),  # on a Saturday: it came on Monday
    ],
)
def test_the_counter_acts_in_time(channel: str, came: str, due: str) -> None:
    at, expected = (datetime.fromisoformat(text).replace(tzinfo=HCM) for text in (came, due))
    assert rules.find_reception_due(channel=channel, at=at, calendar=load_city_calendar()) == expected


def test_a_refused_step_is_not_allowed() -> None:
    assert not rules.may_refuse(state=NationalState.NEW, reason=" ").allowed
    assert not rules.may_answer_supplement(requested=True, answered=True, state=NationalState.SUPPLEMENT).allowed
    assert not rules.may_answer_supplement(requested=False, answered=False, state=NationalState.SUPPLEMENT).allowed
    assert not rules.may_answer_supplement(requested=True, answered=False, state=NationalState.STOPPED).allowed


@pytest.mark.parametrize(
    ("kind", "number", "expected"),
    [(1, "H29.1-261123-0001", "H29.1-261123-0001/TTPVHCC"), (2, 7, "07/PBS-TTPVHCC"), (4, 120, "120/PXL")],
)
def test_slip_numbers(kind: int, number: int | str, expected: str) -> None:
    assert rules.format_slip_no(kind, number=number) == expected
