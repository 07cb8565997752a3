"""The list of states and the comparison of a day, as properties."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.dossiers.public import derive_national_state
from motcua.kernel.clock import HCM
from motcua.national.rules.differences import compare_day
from motcua.national.rules.states import list_states
from motcua.national.types import KIND_LABELS, DifferenceKind, SentNote, ToldState

DAY = datetime(2026, 3, 2, tzinfo=HCM)
END = DAY + timedelta(days=1)
STAGES = ["submitted", "accepted", "in_progress", "waiting_applicant", "waiting_payment", "decided", "delivered"]
HISTORY = st.lists(
    st.tuples(st.just("stage"), st.sampled_from(STAGES)) | st.tuples(st.just("note"), st.just("x")), max_size=12
)


def derive(stage: str, outcome: str | None) -> int:
    return int(derive_national_state(stage, outcome))


@pytest.mark.slow
@given(history=HISTORY, cut=st.integers(0, 13), end=st.sampled_from(["", "withdrawn", "approved"]))
def test_a_longer_history_only_adds_states(history: list[tuple[str, str]], cut: int, end: str) -> None:
    whole = [("opened", ""), *history, *([("closed", end)] if end else [])]
    timed = [(kind, value, DAY + timedelta(minutes=number)) for number, (kind, value) in enumerate(whole)]
    full, part = list_states(timed, derive=derive), list_states(timed[:cut], derive=derive)
    assert full[: len(part)] == part and full[0].state == 1
    assert all(one.state != other.state and one.at < other.at for one, other in zip(full, full[1:], strict=False))


STATE = st.integers(1, 10)
NOTES = st.lists(
    st.tuples(STATE, st.sampled_from(["waiting", "accepted", "refused"]), st.integers(0, 40)), min_size=1, max_size=4
)


def make_notes(rows: list[tuple[int, str, int]]) -> list[SentNote]:
    return [
        SentNote(
            seq=number, state=state, happened_at=DAY + timedelta(hours=hour), outcome=outcome,  # type: ignore[arg-type]  # drawn from the outcomes
            acked_at=None if outcome == "waiting" else DAY + timedelta(hours=hour + 1),
        )
        for number, (state, outcome, hour) in enumerate(sorted(rows, key=lambda row: row[2]), start=1)
    ]  # fmt: skip


def make_told(code: str, state: int, hours: int = 1) -> ToldState:
    return ToldState(code=code, state=state, happened_at=DAY, accepted_at=DAY + timedelta(hours=hours))


@pytest.mark.slow
@settings(deadline=None)
@given(ours=st.dictionaries(st.sampled_from("ABCD"), NOTES), theirs=st.dictionaries(st.sampled_from("ABCDE"), STATE))
def test_every_dossier_agrees_or_has_one_difference_of_a_known_kind(
    ours: dict[str, list[tuple[int, str, int]]], theirs: dict[str, int]
) -> None:
    notes = {code: make_notes(rows) for code, rows in ours.items()}
    told = {code: make_told(code, state) for code, state in theirs.items()}
    matched, differences = compare_day(notes, told, until=END)
    counted = {code for code in told} | {
        code for code, rows in notes.items() if any(each.happened_at < END for each in rows)
    }
    codes = [each.code for each in differences]
    assert len(codes) == len(set(codes)) and set(codes) <= counted
    assert all(each.kind in KIND_LABELS and each.says for each in differences)
    assert all(each.is_open for each in differences if not each.is_explained)
    untold = {code for code in notes if code not in counted}
    assert matched + len(differences) == len(counted) + len(untold)


@pytest.mark.slow
@given(rows=NOTES)
def test_the_same_on_both_sides_is_no_difference(rows: list[tuple[int, str, int]]) -> None:
    notes = make_notes([(state, "accepted", hour % 20) for state, _outcome, hour in rows])
    last = max(notes, key=lambda each: (each.happened_at, each.seq))
    assert compare_day({"A": notes}, {"A": make_told("A", last.state)}, until=END) == (1, ())


def kind_of(rows: list[tuple[int, str, int]], told: int | None, *, hours: int = 1, **more: set[str]) -> str:
    theirs = {} if told is None else {"A": make_told("A", told, hours)}
    _matched, (found,) = compare_day({"A": make_notes(rows)} if rows else {}, theirs, until=END, **more)
    return f"{found.kind}{'' if found.is_explained else ' !'}{'' if found.is_open else ' closed'}"


def test_each_cause_has_its_kind() -> None:
    assert kind_of([(1, "accepted", 1), (4, "waiting", 2)], 1) == "not_sent"
    assert kind_of([(1, "accepted", 1), (4, "refused", 2)], 1) == "refused"
    assert kind_of([(4, "accepted", 2)], None) == "lost"
    assert kind_of([(1, "accepted", 1), (4, "accepted", 2)], 1) == "lost"
    assert kind_of([(4, "accepted", 2)], 4, hours=30) == "late closed"
    assert kind_of([(4, "accepted", 2)], 9) == "wrong_state !"
    assert kind_of([], 4) == "unknown_code !"
    assert kind_of([], 4, in_queue={"A"}) == "unknown_code"
    assert kind_of([], 4, known={"A"}) == "wrong_state !"
    assert {kind.split()[0] for kind in KIND_LABELS} == set(get_args(DifferenceKind))


def test_what_was_told_again_counts_as_the_newest() -> None:
    notes = make_notes([(4, "accepted", 2)])
    again = SentNote(seq=9, state=4, happened_at=notes[0].happened_at, outcome="waiting", acked_at=None)
    _matched, (found,) = compare_day({"A": [*notes, again]}, {}, until=END)
    assert found.kind == "not_sent"
