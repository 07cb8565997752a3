"""Signals, links, conditions, messages with a key, and repeating timers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from motcua.process.public import (
    AwaitMessage,
    AwaitSignal,
    BroadcastSignal,
    MessageNotExpectedError,
    RunService,
    ScheduleTimer,
    SendMessage,
    TimerFired,
    UnknownTokenError,
    can_receive,
    parse_processes,
)
from motcua.process.tests import drawings as d
from motcua.process.tests.game import NOW, play

SIGNALS = d.declare(signals=("fire", "calm"))


def test_a_signal_reaches_every_listener_once() -> None:
    parts = (
        d.start(), d.gateway("fork", "parallel"), d.catch("c1", d.signal("fire")), d.catch("c2", d.signal("fire")),
        d.user("a"), d.boundary("on", "a", d.signal("fire"), interrupting=False), d.user("b"), d.end(),
        d.chain("start", "fork", "c1", "end"), d.chain("fork", "c2", "end"), d.chain("fork", "a", "end"),
        d.chain("on", "b", "end"),
    )  # fmt: skip
    game = play(*parts, head=SIGNALS)
    assert [command.name for command in game.said(AwaitSignal)] == ["fire"] * 3
    assert game.signal("calm").open == ["c1", "c2", "a"]
    assert game.signal("fire").open == ["a", "b"]
    assert game.signal("fire").open == ["a", "b", "b"]


def test_a_thrown_signal_is_broadcast_and_heard_at_home() -> None:
    parts = (
        d.start(), d.gateway("fork", "parallel"), d.user("a"), d.throw("t", d.signal("fire")), d.user("after"),
        d.catch("c", d.signal("fire")), d.user("heard"), d.end(), d.chain("start", "fork", "a", "t", "after", "end"),
        d.chain("fork", "c", "heard", "end"),
    )  # fmt: skip
    game = play(*parts, head=SIGNALS).do("a")
    assert game.said(BroadcastSignal) == [BroadcastSignal("t", "fire", {})]
    assert sorted(game.open) == ["after", "heard"]


def test_a_signal_end_event_broadcasts() -> None:
    game = play(d.start(), d.end_with("e", d.signal("fire")), d.chain("start", "e"), head=SIGNALS)
    assert game.said(BroadcastSignal)
    assert game.ended == ""


def test_a_signal_may_start_a_process() -> None:
    parts = (d.start("s", extra=d.signal("fire")), d.user("a"), d.end(), d.chain("s", "a", "end"))
    assert play(*parts, head=SIGNALS).open == ["a"]


def test_links_join_far_ends() -> None:
    parts = (
        d.start(), d.throw("out", d.link("L")), d.catch("back", d.link("L")), d.user("a"), d.end(),
        d.chain("start", "out"), d.chain("back", "a", "end"),
    )  # fmt: skip
    assert play(*parts).open == ["a"]


def test_a_condition_waits_until_it_holds() -> None:
    parts = (d.start(), d.catch("c", d.condition("=paid >= 100")), d.user("a"), d.end(),
             d.chain("start", "c", "a", "end"))  # fmt: skip
    game = play(*parts, variables={"paid": 0})
    assert game.open == ["c"]
    assert game.set(paid=50).open == ["c"]
    assert game.set(paid=100).open == ["a"]
    assert play(*parts, variables={"paid": 200}).open == ["a"]


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_condition_on_a_task_happens_when_it_turns_true(interrupting: bool) -> None:
    parts = (
        d.start(), d.user("a"), d.boundary("on", "a", d.condition("=x > 1"), interrupting=interrupting), d.user("b"),
        d.end(), d.chain("start", "a", "end"), d.chain("on", "b", "end"),
    )  # fmt: skip
    game = play(*parts, variables={"x": 0})
    assert game.set(x=2).open == (["b"] if interrupting else ["a", "b"])
    if not interrupting:
        assert game.set(x=3).open == ["a", "b"]
        assert game.set(x=0).set(x=2).open == ["a", "b", "b"]


def test_a_message_with_a_key_reaches_only_its_receiver() -> None:
    keyed = '<bpmn:message id="msg_k" name="k"><bpmn:extensionElements><zeebe:subscription correlationKey="=no" />'
    keyed += "</bpmn:extensionElements></bpmn:message>"
    parts = (d.start(), d.catch("c", d.message("k")), d.user("a"), d.end(), d.chain("start", "c", "a", "end"))
    game = play(*parts, head=keyed, variables={"no": "H29-1"})
    assert game.said(AwaitMessage) == [AwaitMessage("t1", "k", "H29-1")]
    assert not can_receive(game.definition, game.step.state, "k", correlation="H29-2")
    with pytest.raises(MessageNotExpectedError):
        game.tell("k", "H29-2")
    assert game.tell("k", "H29-1").open == ["a"]


def test_a_message_is_sent_to_the_pool_it_flows_to() -> None:
    pools = (
        '<bpmn:message id="msg_ask" name="ask" /><bpmn:collaboration id="c"><bpmn:participant id="p1" processRef="p" />'
        '<bpmn:participant id="p2" name="Cơ quan thuế" processRef="tax" />'
        '<bpmn:messageFlow id="mf" sourceRef="send" targetRef="asked" /></bpmn:collaboration>'
        '<bpmn:process id="tax" isExecutable="true"><bpmn:startEvent id="asked">'
        '<bpmn:messageEventDefinition messageRef="msg_ask" /></bpmn:startEvent><bpmn:endEvent id="te" />'
        '<bpmn:sequenceFlow id="tf" sourceRef="asked" targetRef="te" /></bpmn:process>'
    )
    mapping = '<bpmn:extensionElements><zeebe:ioMapping><zeebe:input source="=no" target="no" /></zeebe:ioMapping>'
    send = f'<bpmn:sendTask id="send" messageRef="msg_ask">{mapping}</bpmn:extensionElements></bpmn:sendTask>'
    xml = d.drawing(d.start(), send, d.end(), d.chain("start", "send", "end"), head=pools)
    tax, own = parse_processes(xml)
    assert (tax.key, tax.pool, own.key) == ("tax", "Cơ quan thuế", "p")
    alone = pools.replace(' isExecutable="true"', "")
    game = play(d.start(), send, d.end(), d.chain("start", "send", "end"), head=alone, variables={"no": 7})
    assert game.said(SendMessage) == [SendMessage("send", "ask", {"no": 7}, "", "tax")]


def test_throw_and_end_events_send_messages_or_run_services() -> None:
    job = '<zeebe:taskDefinition type="send_mail" />'
    parts = (
        d.start(), d.throw("t", d.message("m"), correlation="=no"), d.throw("job", d.message("m"), extensions=job),
        d.end_with("e", d.message("m")), d.chain("start", "t", "job", "e"),
    )  # fmt: skip
    game = play(*parts, messages=("m",), variables={"no": 5})
    assert game.said(SendMessage) == [SendMessage("t", "m", {}, "5")]
    assert [command.topic for command in game.said(RunService)] == ["send_mail"]
    game.serve("job")
    assert game.said(SendMessage) == [SendMessage("e", "m", {})]
    assert game.ended == ""


def test_a_repeating_timer_beside_a_task_fires_as_often_as_it_says() -> None:
    parts = (
        d.start(), d.user("a"), d.boundary("r", "a", d.timer(cycle="R3/PT1H"), interrupting=False), d.user("b"),
        d.end(), d.chain("start", "a", "end"), d.chain("r", "b", "end"),
    )  # fmt: skip
    game = play(*parts)
    token = game.token("r")
    for times in (1, 2):
        game.fire("r")
        (again,) = game.said(ScheduleTimer)
        assert (again.token, again.duration_iso) == (token, "PT1H")
        assert game.open == ["a"] + ["b"] * times
    game.fire("r")
    assert game.said(ScheduleTimer) == []
    with pytest.raises(UnknownTokenError):
        game.give(TimerFired(token))
    assert "cycles" not in game.step.state


def test_a_cycle_may_begin_at_a_moment_and_last_for_ever() -> None:
    daily = d.timer(cycle="R/2026-12-01T08:00:00+07:00/P1D")
    parts = (
        d.start(), d.user("a"), d.boundary("r", "a", daily, interrupting=False), d.end("x"), d.end(),
        d.chain("start", "a", "end"), d.chain("r", "x"),
    )  # fmt: skip
    game = play(*parts)
    assert [timer.due_at for timer in game.said(ScheduleTimer)] == [datetime(2026, 12, 1, 1, 0, tzinfo=UTC)]
    for _ in range(5):
        game.fire("r")
        assert [timer.due_at for timer in game.said(ScheduleTimer)] == [NOW + timedelta(days=1)]


def test_receivers_without_an_arrow_begin_a_process() -> None:
    gate = '<bpmn:eventBasedGateway id="g" instantiate="true" />'
    parts = (
        gate, d.catch("c1", d.message("m")), d.catch("c2", d.message("n")), d.user("a"), d.user("b"), d.end(),
        d.flow("g", "c1") + d.flow("g", "c2"), d.chain("c1", "a", "end"), d.chain("c2", "b", "end"),
    )  # fmt: skip
    assert play(*parts, messages=("m", "n"), at="c2").open == ["b"]
    receive = '<bpmn:receiveTask id="r" messageRef="msg_m" instantiate="true" />'
    assert play(receive, d.user("a"), d.end(), d.chain("r", "a", "end"), messages=("m",), at="r").open == ["a"]
