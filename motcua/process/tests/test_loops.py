"""Work done several times: lists, counts, early ends, results gathered, and loops that never stop."""

from __future__ import annotations

import time

import pytest

from motcua.process.public import (
    CancelTask,
    ComputationFailed,
    CreateTask,
    ProcessStepError,
    ProcessStuckError,
    RunService,
    TaskCompleted,
)
from motcua.process.tests import drawings as d
from motcua.process.tests.game import Game, play


def around(loop: str, *, kind: str = "userTask", extensions: str = "", more: tuple[str, ...] = ()) -> tuple[str, ...]:
    after = (d.gateway("x", default="x__after"), d.user("after"), d.user("yes"), d.end())
    flows = (
        d.chain("start", "t", "x", "after", "end") + d.flow("x", "yes", "=count(results) = 3") + d.chain("yes", "end")
    )
    return (d.start(), d.task("t", loop, kind=kind, extensions=extensions), *after, flows, *more)


def names(game: Game) -> list[object]:
    return [command.inputs.get("name") for command in game.said(CreateTask)]


def test_all_at_once_for_each_in_a_list() -> None:
    loop = d.several("=people", item="name", result="=opinion", into="results")
    game = play(*around(loop), variables={"people": ["Lan", "Minh", "Tú"]})
    assert names(game) == ["Lan", "Minh", "Tú"]
    assert game.open == ["t"] * 3
    tokens = [command.token for command in game.said(CreateTask)]
    for token, opinion in zip(reversed(tokens), "cba", strict=True):
        game.give(TaskCompleted(token, {"opinion": opinion}))
    assert game.open == ["yes"]
    assert game.vars["results"] == ["a", "b", "c"]
    assert "opinion" not in game.vars
    assert "scopes" not in game.step.state


def test_one_after_the_other() -> None:
    loop = d.several("=people", item="name", result="=opinion", into="results", one_by_one=True)
    game = play(*around(loop), variables={"people": ["Lan", "Minh", "Tú"]})
    for name in ("Lan", "Minh", "Tú"):
        assert names(game) == [name]
        assert game.open == ["t"]
        game.do("t", opinion=name.lower())
    assert game.vars["results"] == ["lan", "minh", "tú"]
    assert game.open == ["yes"]


def test_a_result_that_is_gathered_nowhere_is_let_go() -> None:
    game = play(*around(d.several("=people", item="name", result="=name")), variables={"people": [1, 2]})
    assert game.do("t").do("t").open == ["after"]


@pytest.mark.parametrize("one_by_one", [True, False])
def test_an_empty_list_is_passed(one_by_one: bool) -> None:
    loop = d.several("=people", item="name", one_by_one=one_by_one)
    assert play(*around(loop), variables={"people": []}).open == ["after"]
    assert play(*around(loop)).open == ["after"]


def test_a_count_and_an_early_end() -> None:
    loop = d.several(cardinality="=5", until="=numberOfCompletedInstances >= 2")
    game = play(*around(loop)).do("t")
    assert game.open == ["t"] * 4
    game.do("t")
    assert game.open == ["after"]
    assert len(game.said(CancelTask)) == 3


def test_the_older_tool_writes_loops_too() -> None:
    loop = (
        '<bpmn:multiInstanceLoopCharacteristics camunda:collection="people" camunda:elementVariable="name">'
        "<bpmn:completionCondition>${nrOfCompletedInstances/nrOfInstances &gt;= 0.5}</bpmn:completionCondition>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    game = play(*around(loop), variables={"people": ["Lan", "Minh", "Tú", "An"]})
    assert names(game) == ["Lan", "Minh", "Tú", "An"]
    assert game.do("t").open == ["t"] * 3
    assert game.do("t").open == ["after"]


def test_the_standards_own_references_to_data() -> None:
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>people_ref</bpmn:loopDataInputRef>"
        '<bpmn:inputDataItem id="i" name="name" /></bpmn:multiInstanceLoopCharacteristics>'
    )
    data = '<bpmn:dataObject id="o" /><bpmn:dataObjectReference id="people_ref" name="people" dataObjectRef="o" />'
    assert names(play(*around(loop, more=(data,)), variables={"people": ["Lan"]})) == ["Lan"]


def test_services_scripts_and_subprocesses_loop_too() -> None:
    job = '<zeebe:taskDefinition type="ask" />'
    loop = d.several("=people", item="name")
    game = play(*around(loop, kind="serviceTask", extensions=job), variables={"people": [1, 2]})
    assert [command.inputs["name"] for command in game.said(RunService)] == [1, 2]
    script = '<zeebe:script expression="=name * 2" resultVariable="twice" />'
    doubled = d.several("=people", item="name", result="=twice", into="results", one_by_one=True)
    game = play(*around(doubled, kind="scriptTask", extensions=script), variables={"people": [1, 2, 3]})
    assert game.vars["results"] == [2, 4, 6]
    inner = (d.start("is"), d.user("a"), d.gateway("y", default="y__ie"), d.user("b"), d.end("ie"),
             d.chain("is", "a", "y", "ie"), d.flow("y", "b", "=name = 2"), d.chain("b", "ie"))  # fmt: skip
    parts = (d.start(), d.sub("sub", *inner, loop=loop), d.end(), d.chain("start", "sub", "end"))
    game = play(*parts, variables={"people": [1, 2]}).do("a").do("a")
    assert game.open == ["b"]
    assert game.do("b").ended == ""


def test_a_boundary_event_ends_the_whole_loop() -> None:
    loop = d.several("=people", item="name")
    timed = (d.boundary("late", "t", d.timer("P1D")), d.user("mend"), d.chain("late", "mend", "end"))
    game = play(*around(loop, more=timed), variables={"people": [1, 2]})
    assert game.events == ["late"]
    assert game.fire("late").open == ["mend"]
    caught = (d.boundary("on", "t", d.error()), d.user("mend"), d.chain("on", "mend", "end"))
    game = play(*around(loop, more=caught), variables={"people": [1, 2]}).fail("t", "E")
    assert game.open == ["mend"]


@pytest.mark.parametrize("first", [True, False])
def test_a_standard_loop_repeats_while_its_condition_holds(first: bool) -> None:
    loop = (
        f'<bpmn:standardLoopCharacteristics testBefore="{str(first).lower()}" loopMaximum="3">'
        "<bpmn:loopCondition>=again</bpmn:loopCondition></bpmn:standardLoopCharacteristics>"
    )
    game = play(*around(loop), variables={"again": False})
    assert game.open == (["after"] if first else ["t"])
    game = play(*around(loop), variables={"again": True})
    assert game.do("t", again=True).open == ["t"]
    assert game.do("t", again=False).open == ["after"]
    game = play(*around(loop), variables={"again": True}).do("t").do("t")
    assert game.do("t").open == ["after"]


@pytest.mark.parametrize("value", ["=-1", '="ba"', "=1.5", "=null"])
def test_a_count_that_is_none_is_named(value: str) -> None:
    with pytest.raises(ComputationFailed) as caught:
        play(*around(d.several(cardinality=value)))
    assert caught.value.element_id == "t"


@pytest.mark.slow
@pytest.mark.parametrize(
    "parts",
    [
        around(d.several(cardinality="=1000000")),
        around(d.several(cardinality="=1001"), kind="manualTask"),
        (d.start(), d.gateway("m"), d.gateway("f", "parallel"), d.user("a"), d.end(),
         d.chain("start", "m", "f", "m"), d.chain("f", "a", "end")),
        (d.start(), d.gateway("m"), d.gateway("f", "parallel"), d.user("a"), d.end(),
         d.chain("start", "m", "f", "m") + d.flow("f", "m", flow_id="second"), d.chain("f", "a", "end")),
        (d.start(), d.gateway("m"), d.script("s", "=n + 1", "n"), d.gateway("x", default="x__m"), d.end(),
         d.chain("start", "m", "s", "x", "m"), d.flow("x", "end", "=n > 1000000")),
        around("<bpmn:standardLoopCharacteristics><bpmn:loopCondition>=true</bpmn:loopCondition>"
               "</bpmn:standardLoopCharacteristics>", kind="manualTask"),
    ],
)  # fmt: skip
def test_a_million_tokens_are_refused_in_bounded_time(parts: tuple[str, ...]) -> None:
    began = time.perf_counter()
    with pytest.raises(ProcessStuckError):
        play(*parts, variables={"n": 0})
    assert time.perf_counter() - began < 5


@pytest.mark.slow
def test_a_large_loop_fits_and_one_that_is_too_heavy_is_refused() -> None:
    loop = d.several("=people", item="name")
    game = play(*around(loop), variables={"people": list(range(400))})
    assert len(game.open) == 400
    game.do("t")
    assert len(game.open) == 399
    heavy = d.several("=people", item="name", result="=name")
    with pytest.raises(ProcessStepError):
        play(*around(heavy), variables={"people": ["x" * 400 for _ in range(900)]})
