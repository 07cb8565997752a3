"""Running states move to another version of their drawing; old stored states are still read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from motcua.process.migration import migrate_state
from motcua.process.public import (
    AwaitMessage,
    CancelMessage,
    CancelTimer,
    MessageReceived,
    MigrationRefused,
    ProcessDefinition,
    ProcessStepError,
    ScheduleTimer,
    TaskCompleted,
    advance,
    open_elements,
    open_events,
    parse_process,
)
from motcua.process.tests import drawings as d
from motcua.process.tests.game import NOW, play

LATER = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def drawn(*parts: str, **names: Any) -> ProcessDefinition:
    return parse_process(d.drawing(*parts, **names))


OLD = (
    d.start(), d.user("a"), d.boundary("late", "a", d.timer("P1D"), interrupting=False),
    d.boundary("stop", "a", d.message("m")), d.end("x"), d.end(), d.chain("start", "a", "end"), d.chain("late", "x"),
    d.chain("stop", "x"),
)  # fmt: skip


def test_a_waiting_task_moves_with_its_events() -> None:
    new = drawn(
        d.start(), d.user("b"), d.boundary("stop", "b", d.message("m")), d.boundary("ask", "b", d.message("n")),
        d.user("more"), d.end("x"), d.end(), d.chain("start", "b", "more", "end"), d.chain("stop", "x"),
        d.chain("ask", "x"), messages=("m", "n"),
    )  # fmt: skip
    game = play(*OLD, messages=("m",))
    before = json.dumps(game.step.state)
    late, stop = game.token("late"), game.token("stop")
    step = migrate_state(game.definition, new, game.step.state, {"a": "b"}, now=LATER)
    assert json.dumps(game.step.state) == before
    assert step.commands == (CancelTimer(late), AwaitMessage("t4", "n"))
    assert [one.element_id for one in open_elements(new, step.state)] == ["b"]
    assert {one.element_id: one.token for one in open_events(new, step.state)} == {"stop": stop, "ask": "t4"}
    after = advance(new, step.state, TaskCompleted(game.token("a")), now=LATER)
    assert [one.element_id for one in open_elements(new, after.state)] == ["more"]


def test_what_came_once_does_not_come_again_after_the_move() -> None:
    game = play(*OLD, messages=("m",)).fire("late")
    step = migrate_state(game.definition, game.definition, game.step.state, {}, now=LATER)
    assert (step.state, step.commands) == (game.step.state, ())


def test_a_new_timer_is_set_when_the_case_moves() -> None:
    new = drawn(*OLD, d.boundary("new", "a", d.timer("P2D"), interrupting=False), d.chain("new", "x"), messages=("m",))
    game = play(*OLD, messages=("m",))
    (timer,) = migrate_state(game.definition, new, game.step.state, {}, now=LATER).commands
    assert isinstance(timer, ScheduleTimer)
    assert timer.due_at == datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "new",
    [
        (d.start(), d.user("b"), d.end(), d.chain("start", "b", "end")),
        (d.start(), d.service("a"), d.end(), d.chain("start", "a", "end")),
        (d.start(), d.sub("s", d.start("is"), d.user("a"), d.end("ie"), d.chain("is", "a", "ie")), d.end(),
         d.chain("start", "s", "end")),
        (d.start(), d.task("a", d.several(cardinality="=2")), d.end(), d.chain("start", "a", "end")),
    ],
)  # fmt: skip
def test_a_token_without_a_target_of_its_kind_and_place_is_refused(new: tuple[str, ...]) -> None:
    game = play(*OLD, messages=("m",))
    with pytest.raises(MigrationRefused) as caught:
        migrate_state(game.definition, drawn(*new), game.step.state, {}, now=LATER)
    assert caught.value.places == ("a",)


FORK = (
    d.start(), d.gateway("fork", "parallel"), d.user("a"), d.user("b"), d.gateway("join", "parallel"), d.end(),
    d.chain("start", "fork", "a", "join", "end"), d.chain("fork", "b", "join"),
)  # fmt: skip


def test_arrivals_at_a_join_move_or_are_refused() -> None:
    game = play(*FORK).do("a")
    renamed = drawn(
        d.start(), d.gateway("fork", "parallel"), d.user("a"), d.user("b"), d.gateway("meet", "parallel"), d.user("c"),
        d.end(), d.chain("start", "fork", "a", "meet", "c", "end"), d.chain("fork", "b", "meet"),
    )  # fmt: skip
    moved = migrate_state(game.definition, renamed, game.step.state, {"join": "meet", "a__join": "a__meet"}, now=NOW)
    after = advance(renamed, moved.state, TaskCompleted(game.token("b")), now=NOW)
    assert [one.element_id for one in open_elements(renamed, after.state)] == ["c"]
    with pytest.raises(MigrationRefused):
        migrate_state(game.definition, renamed, game.step.state, {}, now=NOW)


def test_what_lies_in_subprocesses_loops_and_gateways_moves_too() -> None:
    inner = (d.start("is"), d.task("t", d.several(cardinality="=2")), d.end("ie"), d.chain("is", "t", "ie"))
    handler = d.handler("h", d.message("m"), d.user("hm"), d.end("he"), d.chain("h_start", "hm", "he"))
    old = (d.start(), d.sub("s", *inner), d.gateway("g", "eventBased"), d.catch("c1", d.message("m")),
           d.catch("c2", d.timer("P1D")), d.end(), d.chain("start", "s", "g", "c1", "end"), d.flow("g", "c2"),
           d.chain("c2", "end"))  # fmt: skip
    game = play(*old, messages=("m",))
    new = drawn(*old, handler, messages=("m",))
    step = migrate_state(game.definition, new, game.step.state, {}, now=NOW)
    assert [one.element_id for one in open_elements(new, step.state)] == ["t", "t"]
    assert [one.element_id for one in open_events(new, step.state)] == ["h_start"]
    game.do("t").do("t")
    fewer = drawn(d.start(), d.sub("s", *inner), d.gateway("g", "eventBased"), d.catch("c1", d.message("m")),
                  d.catch("c3", d.signal("z")), d.end(), d.chain("start", "s", "g", "c1", "end"), d.flow("g", "c3"),
                  d.chain("c3", "end"), messages=("m",), head=d.declare(signals=("z",)))  # fmt: skip
    step = migrate_state(game.definition, fewer, game.step.state, {}, now=NOW)
    assert any(isinstance(command, CancelTimer) for command in step.commands)
    assert not any(isinstance(command, CancelMessage) for command in step.commands)
    assert advance(fewer, step.state, MessageReceived("m"), now=NOW).state["ended"]


def test_an_ended_case_stays() -> None:
    game = play(*OLD, messages=("m",)).do("a")
    with pytest.raises(MigrationRefused):
        migrate_state(game.definition, game.definition, game.step.state, {}, now=NOW)


# stored states

VERSION_1 = {
    "v": 1, "seq": 4, "stage": "submitted", "outcome": "", "ended": False, "vars": {"outcome": "accept"},
    "tokens": {"t1": "a", "t4": "b"}, "waits": {}, "joins": {},
}  # fmt: skip
VERSION_1_AT_A_JOIN = VERSION_1 | {"tokens": {"t4": "b"}, "joins": {"join": {"a__join": 1}}}


def test_a_state_of_the_first_version_is_read_and_goes_on() -> None:
    definition = drawn(*FORK)
    step = advance(definition, VERSION_1, TaskCompleted("t1"), now=NOW)
    assert (step.state["v"], step.state["tokens"]) == (2, {"t4": "b"})
    assert VERSION_1["v"] == 1
    assert advance(definition, VERSION_1_AT_A_JOIN, TaskCompleted("t4"), now=NOW).state["ended"]
    assert [one.element_id for one in open_elements(definition, VERSION_1)] == ["a", "b"]


def test_a_first_versions_boundary_events_go_on() -> None:
    stored = {**VERSION_1, "tokens": {"t1": "a"}, "waits": {"t2": ["t1", "late"], "t3": ["t1", "stop"]}}
    step = advance(drawn(*OLD, messages=("m",)), stored, MessageReceived("m"), now=NOW)
    assert step.state["ended"]


@pytest.mark.parametrize("version", [0, 3, None, "2"])
def test_a_state_of_an_unknown_version_is_refused(version: object) -> None:
    with pytest.raises(ProcessStepError):
        advance(drawn(*FORK), {**VERSION_1, "v": version}, TaskCompleted("t1"), now=NOW)
