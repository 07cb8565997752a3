"""What each element does when an event comes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from motcua.process.public import (
    AwaitMessage,
    CancelMessage,
    CancelService,
    CancelTask,
    CancelTimer,
    ComputationFailed,
    CreateTask,
    EndCase,
    EnterStage,
    MessageNotExpectedError,
    MessageReceived,
    OutcomeNotOfferedError,
    ProcessDefinition,
    ProcessStepError,
    ProcessStuckError,
    RunService,
    ScheduleTimer,
    ServiceCompleted,
    Step,
    TaskCompleted,
    TimerFired,
    UnknownTokenError,
    advance,
    can_receive,
    open_elements,
    parse_process,
    start,
)
from motcua.process.tests import drawings as d

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def begin(*parts: str, variables: dict[str, Any] | None = None, messages: tuple[str, ...] = ()) -> tuple[Any, Step]:
    definition = parse_process(d.drawing(*parts, messages=messages))
    return definition, start(definition, variables or {}, now=NOW)


def places(definition: ProcessDefinition, step: Step) -> list[str]:
    return [element.element_id for element in open_elements(definition, step.state)]


def test_a_dossier_goes_its_whole_way() -> None:
    definition = parse_process(d.one_stop())
    step = start(definition, {"channel": "online"}, now=NOW)
    assert step.commands[0] == EnterStage("submitted")
    assert step.commands[2] == AwaitMessage("t2", "withdraw")
    step = advance(definition, step.state, TaskCompleted("t1", {"outcome": "accept"}), now=NOW)
    assert places(definition, step) == ["appraise"]
    assert step.commands[0] == CancelMessage("t2")
    task = next(command for command in step.commands if isinstance(command, CreateTask))
    step = advance(definition, step.state, TaskCompleted(task.token, {"outcome": "approve"}), now=NOW)
    service = next(command for command in step.commands if isinstance(command, RunService))
    assert service.topic == "prepare"
    step = advance(definition, step.state, ServiceCompleted(service.token), now=NOW)
    assert step.commands == (EndCase("approved", "approved"),)
    assert step.state["ended"] is True
    assert step.state["tokens"] == {}


def test_a_supplement_comes_or_comes_too_late() -> None:
    definition = parse_process(d.one_stop())
    step = start(definition, {}, now=NOW)
    waiting = advance(definition, step.state, TaskCompleted("t1", {"outcome": "supplement"}), now=NOW)
    timer = next(command for command in waiting.commands if isinstance(command, ScheduleTimer))
    assert (timer.duration_iso, timer.counts, timer.due_at) == ("P15D", "workday", None)
    assert can_receive(definition, waiting.state, "supplement_received")
    back = advance(definition, waiting.state, MessageReceived("supplement_received"), now=NOW)
    assert places(definition, back) == ["receive"]
    assert CancelTimer(timer.token) in back.commands
    late = advance(definition, waiting.state, TimerFired(timer.token), now=NOW)
    assert late.commands[-1] == EndCase("stopped", "stopped")


def test_withdrawal_interrupts_and_is_not_expected_after_the_end() -> None:
    definition = parse_process(d.one_stop())
    step = advance(definition, start(definition, {}, now=NOW).state, MessageReceived("withdraw"), now=NOW)
    assert step.commands == (CancelTask("t1"), EndCase("withdrawn", "withdrawn"))
    assert not can_receive(definition, step.state, "withdraw")
    with pytest.raises(MessageNotExpectedError):
        advance(definition, step.state, MessageReceived("withdraw"), now=NOW)
    with pytest.raises(UnknownTokenError):
        advance(definition, step.state, TaskCompleted("t1", {"outcome": "accept"}), now=NOW)


def test_a_timer_beside_the_task_leaves_it_open() -> None:
    definition = parse_process(d.one_stop())
    step = advance(
        definition, start(definition, {}, now=NOW).state, TaskCompleted("t1", {"outcome": "accept"}), now=NOW
    )
    timer = next(command for command in step.commands if isinstance(command, ScheduleTimer))
    assert timer.due_at == NOW + timedelta(days=1)
    step = advance(definition, step.state, TimerFired(timer.token), now=NOW)
    assert places(definition, step) == ["appraise"]
    with pytest.raises(UnknownTokenError):
        advance(definition, step.state, TimerFired(timer.token), now=NOW)


def test_refuses_an_outcome_that_is_not_offered() -> None:
    definition = parse_process(d.one_stop())
    step = start(definition, {}, now=NOW)
    for outcome in ("approve", None, 3, ["accept"]):
        with pytest.raises(OutcomeNotOfferedError):
            advance(definition, step.state, TaskCompleted("t1", {"outcome": outcome}), now=NOW)


def test_two_branches_join_whatever_their_order() -> None:
    definition = parse_process(d.fork_join())
    for order in (("a", "b"), ("b", "a")):
        step = start(definition, {}, now=NOW)
        tokens = {element.element_id: element.token for element in open_elements(definition, step.state)}
        step = advance(definition, step.state, TaskCompleted(tokens[order[0]]), now=NOW)
        assert places(definition, step) == [order[1]]
        step = advance(definition, step.state, TaskCompleted(tokens[order[1]]), now=NOW)
        assert places(definition, step) == ["c"]
        assert step.state["joins"] == {}


def test_a_join_that_waits_for_ever_is_said_and_not_kept() -> None:
    definition, step = begin(
        d.start(), d.user("a"), d.gateway("x", default="x__b"), d.user("b"), d.user("c"),
        d.gateway("join", "parallel"), d.end(),
        d.chain("start", "a", "x", "b", "join", "end") + d.flow("x", "c", "=false") + d.chain("c", "join"),
    )  # fmt: skip
    step = advance(definition, step.state, TaskCompleted("t1"), now=NOW)
    with pytest.raises(ProcessStuckError):
        advance(definition, step.state, TaskCompleted(open_elements(definition, step.state)[0].token), now=NOW)


def test_a_circle_without_waiting_is_stopped() -> None:
    with pytest.raises(ProcessStuckError):
        begin(
            d.start(), d.gateway("x", default="x__s"), d.script("s", "=1", "n"), d.end(),
            d.chain("start", "x", "s", "x") + d.flow("x", "end", "=false"),
        )  # fmt: skip


def test_a_terminate_end_takes_everything_back() -> None:
    definition, step = begin(
        d.start(), d.gateway("fork", "parallel"), d.user("a"), d.service("b"), d.catch("c", d.timer("PT1H")),
        d.catch("e", d.message("m")), d.end("stop", terminate=True, outcome="stopped"), d.end(),
        d.chain("start", "fork", "a", "stop"), d.chain("fork", "b", "end"), d.chain("fork", "c", "end"),
        d.chain("fork", "e", "end"), messages=("m",),
    )  # fmt: skip
    step = advance(definition, step.state, TaskCompleted("t1"), now=NOW)
    assert step.commands == (
        CancelService("t2"), CancelTimer("t3"), CancelMessage("t4"), EndCase("stop", "stopped"),
    )  # fmt: skip


def test_scripts_mappings_and_headers_pass_values_on() -> None:
    mapping = '<zeebe:input source="=price * 2" target="sum" /><zeebe:input source="fixed" target="text" />'
    mapping += '<zeebe:output source="=answer.code" target="code" />'
    definition, step = begin(
        d.start(), d.script("s", "=copies * 2000", "price"), d.service("a", mapping=mapping),
        d.gateway("x", default="x__end"), d.user("b"), d.end(),
        d.chain("start", "s", "a", "x", "end") + d.flow("x", "b", '=code = "ok"') + d.chain("b", "end"),
        variables={"copies": 3},
    )  # fmt: skip
    assert step.commands == (RunService("t1", "a", "t", {"sum": 12000, "text": "fixed"}),)
    step = advance(definition, step.state, ServiceCompleted("t1", {"answer": {"code": "ok"}, "code": "other"}), now=NOW)
    assert places(definition, step) == ["b"]


def test_a_message_and_a_timer_may_start_a_case() -> None:
    parts = (d.start(extra=d.message("m")), d.start("daily", extra=d.timer("P1D")), d.user("a"), d.end())
    definition = parse_process(d.drawing(*parts, d.chain("start", "a", "end"), d.chain("daily", "a"), messages=("m",)))
    assert places(definition, start(definition, {}, now=NOW)) == ["a"]
    assert places(definition, start(definition, {}, now=NOW, at="daily")) == ["a"]
    assert [element.id for element in definition.starts] == ["start", "daily"]


def test_a_receive_task_waits_for_its_message() -> None:
    definition, step = begin(
        d.start(), '<bpmn:receiveTask id="a" messageRef="msg_m" />', d.end(), d.chain("start", "a", "end"),
        messages=("m",),
    )  # fmt: skip
    assert step.commands == (AwaitMessage("t1", "m"),)
    step = advance(definition, step.state, MessageReceived("m", {"x": 1}), now=NOW)
    assert isinstance(step.commands[-1], EndCase)


def test_a_message_goes_to_the_longest_waiting_only() -> None:
    definition, step = begin(
        d.start(), d.gateway("fork", "parallel"), d.catch("a", d.message("m")), d.catch("b", d.message("m")), d.end(),
        d.chain("start", "fork", "a", "end"), d.chain("fork", "b", "end"), messages=("m",),
    )  # fmt: skip
    step = advance(definition, step.state, MessageReceived("m"), now=NOW)
    assert places(definition, step) == ["b"]


def test_a_message_beside_the_task_may_come_again() -> None:
    definition, step = begin(
        d.start(), d.user("a"), d.boundary("ask", "a", d.message("m"), interrupting=False), d.user("answer"), d.end(),
        d.chain("start", "a", "end"), d.chain("ask", "answer", "end"), messages=("m",),
    )  # fmt: skip
    step = advance(definition, step.state, MessageReceived("m"), now=NOW)
    step = advance(definition, step.state, MessageReceived("m"), now=NOW)
    assert places(definition, step) == ["a", "answer", "answer"]


def test_timers_count_dates_months_and_computed_times() -> None:
    definition, step = begin(
        d.start(), d.gateway("fork", "parallel"), d.catch("a", d.timer(date="2026-12-31")),
        d.catch("b", d.timer("P1M")), d.catch("c", d.timer("=wait")), d.end(),
        d.chain("start", "fork", "a", "end"), d.chain("fork", "b", "end"), d.chain("fork", "c", "end"),
        variables={"wait": "PT2H"},
    )  # fmt: skip
    dates = [command.due_at for command in step.commands if isinstance(command, ScheduleTimer)]
    assert dates == [
        datetime(2026, 12, 30, 17, 0, tzinfo=UTC), datetime(2026, 12, 20, 3, 0, tzinfo=UTC), NOW + timedelta(hours=2),
    ]  # fmt: skip
    with pytest.raises(ComputationFailed):
        start(definition, {"wait": "bao lâu"}, now=NOW)


def test_the_state_keeps_only_what_is_read_and_stays_small() -> None:
    definition, step = begin(
        d.start(), d.user("a"), d.gateway("x", default="x__end"), d.end(), d.end("e2"),
        d.chain("start", "a", "x", "end") + d.flow("x", "e2", "=form.floors > 7 and id = null"),
        variables={"form": {"floors": 3, "owner": "Lan", "files": ["x" * 999]}, "id": UUID(int=1), "secret": 1},
    )  # fmt: skip
    assert step.state["vars"] == {"form": {"floors": 3}, "id": str(UUID(int=1))}
    assert len(json.dumps(step.state)) < 500
    with pytest.raises(ProcessStepError):
        advance(definition, step.state, TaskCompleted("t1", {"id": "x" * 40_000}), now=NOW)


def test_an_event_for_another_kind_of_work_is_refused() -> None:
    definition, step = begin(d.start(), d.user("a"), d.end(), d.chain("start", "a", "end"))
    for event in (ServiceCompleted("t1"), TimerFired("t1"), TimerFired("t9"), TaskCompleted("nothing")):
        with pytest.raises(UnknownTokenError):
            advance(definition, step.state, event, now=NOW)
    with pytest.raises(ProcessStepError):
        advance(definition, {"v": 99}, TaskCompleted("t1"), now=NOW)
