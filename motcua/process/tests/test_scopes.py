"""Sub-processes, event sub-processes and calls: what lies inside, who catches what, what is handed over."""

from __future__ import annotations

import json

import pytest

from motcua.process.public import (
    CancelTask,
    CancelTimer,
    EndCase,
    EscalationRaised,
    ProcessDefinition,
    ProcessStuckError,
    UncaughtErrorError,
    parse_process,
)
from motcua.process.tests import drawings as d
from motcua.process.tests.game import play

INNER = (d.start("is"), d.user("a"), d.end("ie"), d.chain("is", "a", "ie"))


def around(inner: str, *more: str) -> tuple[str, ...]:
    """A sub-process `sub`, then task `after`."""
    return (d.start(), d.user("after"), d.end(), d.chain("start", "sub", "after", "end"), inner, *more)


def test_a_subprocess_runs_inside_and_goes_on_when_it_is_empty() -> None:
    game = play(*around(d.sub("sub", *INNER)))
    assert game.open == ["a"]
    assert game.do("a").open == ["after"]
    assert game.do("after").ended == ""


def test_a_subprocess_waits_for_all_its_branches() -> None:
    inner = (
        d.start("is"), d.gateway("fork", "parallel"), d.user("a"), d.user("b"), d.end("ie"),
        d.chain("is", "fork", "a", "ie"), d.chain("fork", "b", "ie"),
    )  # fmt: skip
    game = play(*around(d.sub("sub", *inner)))
    assert game.do("a").open == ["b"]
    assert game.do("b").open == ["after"]


def test_a_boundary_event_takes_the_whole_subprocess_back() -> None:
    timed = (d.boundary("late", "sub", d.timer("P1D")), d.user("mend"), d.chain("late", "mend", "end"))
    game = play(*around(d.sub("sub", *INNER), *timed))
    assert game.events == ["late"]
    game.fire("late")
    assert game.open == ["mend"]
    assert game.said(CancelTask)
    assert game.do("mend").ended == ""


def test_a_boundary_timer_stops_when_the_subprocess_is_done() -> None:
    timed = (d.boundary("late", "sub", d.timer("P1D")), d.chain("late", "end"))
    game = play(*around(d.sub("sub", *INNER), *timed)).do("a")
    assert game.said(CancelTimer)
    assert game.events == []


def test_terminate_ends_only_its_own_scope() -> None:
    inner = (
        d.start("is"), d.gateway("fork", "parallel"), d.user("a"), d.user("b"), d.end("stop", terminate=True),
        d.end("ie"), d.chain("is", "fork", "a", "stop"), d.chain("fork", "b", "ie"),
    )  # fmt: skip
    game = play(*around(d.sub("sub", *inner))).do("a")
    assert game.open == ["after"]
    assert game.said(CancelTask)


def test_subprocesses_nest() -> None:
    inner = d.sub("deep", *INNER)
    game = play(*around(d.sub("sub", d.start("s2"), inner, d.end("e2"), d.chain("s2", "deep", "e2"))))
    assert game.open == ["a"]
    assert game.step.state["in"].keys() >= {game.token("a")}
    assert game.do("a").open == ["after"]
    assert "in" not in game.step.state
    assert "scopes" not in game.step.state


# errors


def test_an_error_end_is_caught_on_the_subprocess() -> None:
    inner = (d.start("is"), d.end_with("fail", d.error("E1")), d.chain("is", "fail"))
    caught = (d.boundary("on_e1", "sub", d.error("E1")), d.boundary("on_any", "sub", d.error()), d.user("mend"),
              d.user("other"), d.chain("on_e1", "mend", "end"), d.chain("on_any", "other", "end"))  # fmt: skip
    game = play(*around(d.sub("sub", *inner), *caught), head=d.declare(errors=("E1", "E2")))
    assert game.open == ["mend"]


@pytest.mark.parametrize(("code", "place"), [("E1", "mend"), ("E9", "other")])
def test_a_failing_service_is_caught_by_code_or_by_the_one_that_catches_all(code: str, place: str) -> None:
    parts = (
        d.start(), d.service("s"), d.boundary("on_e1", "s", d.error("E1")), d.boundary("on_any", "s", d.error()),
        d.user("mend"), d.user("other"), d.end(), d.chain("start", "s", "end"), d.chain("on_e1", "mend", "end"),
        d.chain("on_any", "other", "end"),
    )  # fmt: skip
    game = play(*parts, head=d.declare(errors=("E1",))).fail("s", code)
    assert game.open == [place]


def test_an_uncaught_error_is_named_and_changes_nothing() -> None:
    game = play(d.start(), d.service("s"), d.end(), d.chain("start", "s", "end"))
    before = json.dumps(game.step.state)
    with pytest.raises(UncaughtErrorError) as caught:
        game.fail("s", "E1")
    assert (caught.value.error_code, caught.value.element_id) == ("E1", "s")
    assert json.dumps(game.step.state) == before


def test_an_error_handler_inside_the_process_ends_all_else() -> None:
    handler = d.handler("h", d.error("E1"), d.user("mend"), d.end("he"), d.chain("h_start", "mend", "he"))
    parts = (
        d.start(), d.gateway("fork", "parallel"), d.service("s"), d.user("b"), d.end(),
        d.chain("start", "fork", "s", "end"), d.chain("fork", "b", "end"), handler,
    )  # fmt: skip
    game = play(*parts, head=d.declare(errors=("E1",))).fail("s", "E1", why="x")
    assert game.open == ["mend"]
    assert game.said(CancelTask)
    assert game.do("mend").ended == ""


def test_the_error_code_reaches_a_variable() -> None:
    definition = '<bpmn:errorEventDefinition errorRef="err_E1" camunda:errorCodeVariable="code" />'
    parts = (
        d.start(), d.service("s"), d.boundary("on", "s", definition), d.gateway("x", default="x__end"), d.user("m"),
        d.end(), d.chain("start", "s", "end"), d.chain("on", "x", "end"), d.flow("x", "m", '=code = "E1"'),
        d.chain("m", "end"),
    )  # fmt: skip
    assert play(*parts, head=d.declare(errors=("E1",))).fail("s", "E1").open == ["m"]


def test_a_handler_does_not_catch_its_own_error() -> None:
    handler = d.handler("h", d.error("E1"), d.end_with("again", d.error("E1")), d.chain("h_start", "again"))
    inner = (d.start("is"), d.end_with("fail", d.error("E1")), d.chain("is", "fail"), handler)
    caught = (d.boundary("on", "sub", d.error("E1")), d.user("mend"), d.chain("on", "mend", "end"))
    assert play(*around(d.sub("sub", *inner), *caught), head=d.declare(errors=("E1",))).open == ["mend"]


# escalations


@pytest.mark.parametrize("interrupting", [True, False])
def test_an_escalation_is_caught_on_the_subprocess(interrupting: bool) -> None:
    inner = (d.start("is"), d.throw("up", d.escalation("X")), d.user("a"), d.end("ie"), d.chain("is", "up", "a", "ie"))
    caught = (d.boundary("on", "sub", d.escalation("X"), interrupting=interrupting), d.user("look"),
              d.chain("on", "look", "end"))  # fmt: skip
    game = play(*around(d.sub("sub", *inner), *caught), head=d.declare(escalations=("X",)))
    assert sorted(game.open) == (["look"] if interrupting else ["a", "look"])
    assert game.said(EscalationRaised) == [EscalationRaised("up", "X", True)]


def test_an_escalation_that_nobody_catches_goes_on() -> None:
    parts = (d.start(), d.throw("up", d.escalation("X")), d.user("a"), d.end(), d.chain("start", "up", "a", "end"))
    game = play(*parts, head=d.declare(escalations=("X",)))
    assert game.open == ["a"]
    assert game.said(EscalationRaised) == [EscalationRaised("up", "X", False)]


# event sub-processes


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_message_starts_an_event_subprocess(interrupting: bool) -> None:
    handler = d.handler(
        "h", d.message("m"), d.user("b"), d.end("he"), d.chain("h_start", "b", "he"), interrupting=interrupting
    )
    game = play(d.start(), d.user("a"), d.end(), d.chain("start", "a", "end"), handler, messages=("m",))
    assert game.events == ["h_start"]
    game.tell("m")
    assert game.open == (["b"] if interrupting else ["a", "b"])
    if not interrupting:
        assert game.tell("m").open == ["a", "b", "b"]
        game.do("a").do("b")
    assert game.do("b").ended == ""
    assert game.events == []


def test_a_timer_and_a_condition_start_event_subprocesses_in_their_scope() -> None:
    timed = d.handler("h1", d.timer("P1D"), d.user("b"), d.end("e1"), d.chain("h1_start", "b", "e1"),
                      interrupting=False)  # fmt: skip
    told = d.handler("h2", d.condition("=x > 3"), d.user("c"), d.end("e2"), d.chain("h2_start", "c", "e2"))
    game = play(*around(d.sub("sub", *INNER, timed, told)))
    assert game.fire("h1_start").open == ["a", "b"]
    assert game.events == ["h2_start"]
    assert game.set(x=4).open == ["c"]
    assert game.do("c").open == ["after"]


# calls


def called(*parts: str) -> dict[str, ProcessDefinition]:
    definition = parse_process(d.drawing(*parts, process_id="other"))
    return {"other": definition}


OTHER = called(
    d.start(), d.user("b"), d.gateway("x", default="x__end"), d.end(), d.end("high", outcome="ignored"),
    d.chain("start", "b", "x", "end"), d.flow("x", "high", "=floors > 7"),
)  # fmt: skip
CALLER = (d.start(), d.gateway("y", default="y__end"), d.user("tall"), d.end("end", outcome="done"),
          d.chain("start", "c", "y", "end"), d.flow("y", "tall", "=floors > 7"), d.chain("tall", "end"))  # fmt: skip


def test_a_call_runs_the_process_of_the_library() -> None:
    game = play(*CALLER, d.call("c", "other"), variables={"floors": 9}, library=OTHER)
    assert game.open == ["b"]
    assert game.do("b").open == ["tall"]
    assert game.do("tall").step.commands[-1] == EndCase("end", "done")


def test_a_call_hands_over_only_what_it_names() -> None:
    mapping = '<zeebe:input source="=f" target="floors" /><zeebe:output source="=floors + 1" target="floors" />'
    game = play(*CALLER, d.call("c", "other", mapping=mapping, takes=False, gives=False),
                variables={"f": 7, "floors": 1}, library=OTHER)  # fmt: skip
    assert game.do("b", floors=7).open == ["tall"]
    assert game.vars == {"f": 7, "floors": 8}


def test_an_error_goes_through_the_call() -> None:
    failing = parse_process(
        d.drawing(d.start(), d.end_with("fail", d.error("E1")), d.chain("start", "fail"), process_id="other",
                  head=d.declare(errors=("E1",)))
    )  # fmt: skip
    parts = (
        *CALLER,
        d.call("c", "other"),
        d.boundary("on", "c", d.error("E1")),
        d.user("m"),
        d.chain("on", "m", "end"),
    )
    assert play(*parts, head=d.declare(errors=("E1",)), library={"other": failing}).open == ["m"]


def test_a_call_without_its_process_or_into_itself_is_refused() -> None:
    with pytest.raises(ProcessStuckError):
        play(*CALLER, d.call("c", "nowhere"))
    circle = parse_process(
        d.drawing(d.start(), d.call("c", "other"), d.end(), d.chain("start", "c", "end"), process_id="other")
    )
    with pytest.raises(ProcessStuckError):
        play(*CALLER, d.call("c", "other"), library={"other": circle})
