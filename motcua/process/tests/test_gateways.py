"""Inclusive gateways: split by conditions, join by what can still come, in loops and inside each other."""

from __future__ import annotations

import pytest

from motcua.process.public import ProcessStuckError
from motcua.process.tests import drawings as d
from motcua.process.tests.game import play

SPLIT = (
    d.start(), d.gateway("split", "inclusive", default="split__c"), d.user("a"), d.user("b"), d.user("c"),
    d.gateway("join", "inclusive"), d.user("after"), d.end(), d.chain("start", "split"),
    d.flow("split", "a", "=x > 0"), d.flow("split", "b", "=x > 1"), d.flow("split", "c"),
    d.chain("a", "join", "after", "end"), d.chain("b", "join"), d.chain("c", "join"),
)  # fmt: skip


@pytest.mark.parametrize(("x", "taken"), [(0, ["c"]), (1, ["a"]), (2, ["a", "b"])])
def test_every_true_path_is_taken_and_all_of_them_are_awaited(x: int, taken: list[str]) -> None:
    game = play(*SPLIT, variables={"x": x})
    assert game.open == taken
    for position, place in enumerate(taken):
        game.do(place)
        assert game.open == (taken[position + 1 :] or ["after"])
    assert game.do("after").ended == ""


def test_no_true_path_and_no_default_is_named() -> None:
    parts = (d.start(), d.gateway("s", "inclusive"), d.user("a"), d.user("b"), d.end(), d.chain("start", "s"),
             d.flow("s", "a", "=false"), d.flow("s", "b", "=x = 1"), d.chain("a", "end"),
             d.chain("b", "end"))  # fmt: skip
    with pytest.raises(ProcessStuckError) as caught:
        play(*parts)
    assert caught.value.element_id == "s"


def test_a_join_in_a_loop_waits_only_for_what_can_come_before_it() -> None:
    """Behind the join one may go back before it: what stands there must not hold the join for ever."""
    parts = (
        d.start(), d.gateway("merge"), d.gateway("split", "inclusive"), d.user("a"), d.user("b"),
        d.gateway("join", "inclusive"), d.user("check"), d.gateway("again", default="again__end"), d.end(),
        d.chain("start", "merge", "split"), d.flow("split", "a", "=x > 0"), d.flow("split", "b", "=x > 1"),
        d.chain("a", "join", "check", "again", "end"), d.chain("b", "join"), d.flow("again", "merge", "=more"),
    )  # fmt: skip
    game = play(*parts, variables={"x": 2, "more": True})
    assert game.do("a").open == ["b"]
    assert game.do("b").open == ["check"]
    assert game.do("check", x=1).open == ["a"]
    assert game.do("a").open == ["check"]
    assert game.do("check", more=False).ended == ""


def test_joins_inside_each_other() -> None:
    parts = (
        d.start(), d.gateway("s1", "inclusive"), d.gateway("s2", "inclusive"), d.user("a"), d.user("b"), d.user("c"),
        d.gateway("j2", "inclusive"), d.user("mid"), d.gateway("j1", "inclusive"), d.user("after"), d.end(),
        d.chain("start", "s1"), d.flow("s1", "s2", "=true"), d.flow("s1", "c", "=true"),
        d.flow("s2", "a", "=true"), d.flow("s2", "b", "=y"), d.chain("a", "j2", "mid", "j1", "after", "end"),
        d.chain("b", "j2"), d.chain("c", "j1"),
    )  # fmt: skip
    game = play(*parts, variables={"y": True})
    assert game.open == ["c", "a", "b"]
    assert game.do("c").open == ["a", "b"]
    assert game.do("a").open == ["b"]
    assert game.do("b").open == ["mid"]
    assert game.do("mid").open == ["after"]
    assert play(*parts, variables={"y": False}).do("a").open == ["c", "mid"]


def test_a_join_waits_for_a_subprocess_and_for_a_boundary_path() -> None:
    inner = (d.start("is"), d.user("i"), d.end("ie"), d.chain("is", "i", "ie"))
    parts = (
        d.start(), d.gateway("f", "parallel"), d.sub("sub", *inner), d.boundary("late", "sub", d.timer("P1D")),
        d.user("mend"), d.user("a"), d.gateway("j", "inclusive"), d.user("after"), d.end(),
        d.chain("start", "f", "sub", "j", "after", "end"), d.chain("f", "a", "j"), d.chain("late", "mend", "j"),
    )  # fmt: skip
    game = play(*parts).do("a")
    assert game.open == ["i"]
    assert game.fire("late").open == ["mend"]
    assert game.do("mend").open == ["after"]


def test_a_path_that_ends_elsewhere_releases_the_join() -> None:
    parts = (
        d.start(), d.gateway("f", "parallel"), d.user("a"), d.user("b"), d.gateway("x", default="x__j"), d.end("gone"),
        d.gateway("j", "inclusive"), d.user("after"), d.end(), d.chain("start", "f", "a", "j", "after", "end"),
        d.chain("f", "b", "x", "j"), d.flow("x", "gone", "=stop"),
    )  # fmt: skip
    game = play(*parts, variables={"stop": True}).do("a")
    assert game.open == ["b"]
    assert game.do("b").open == ["after"]


def test_conditional_flows_leave_a_task_like_an_inclusive_split() -> None:
    task = '<bpmn:userTask id="t" name="t" default="t__c" camunda:candidateGroups="counter" />'
    parts = (
        d.start(), task, d.user("a"), d.user("b"), d.user("c"), d.end(), d.chain("start", "t"),
        d.flow("t", "a", "=x > 0"), d.flow("t", "b", "=x > 1"), d.flow("t", "c"), d.chain("a", "end"),
        d.chain("b", "end"), d.chain("c", "end"),
    )  # fmt: skip
    assert play(*parts).do("t", x=2).open == ["a", "b"]
    assert play(*parts).do("t", x=0).open == ["c"]


def test_an_event_gateway_takes_a_signal_a_condition_or_a_receive_task() -> None:
    parts = (
        d.start(), d.gateway("g", "eventBased"), d.catch("c1", d.signal("fire")), d.catch("c2", d.condition("=x = 1")),
        '<bpmn:receiveTask id="c3" messageRef="msg_m" />', d.user("a"), d.user("b"), d.user("c"), d.end(),
        d.chain("start", "g", "c1", "a", "end"), d.flow("g", "c2") + d.flow("g", "c3"), d.chain("c2", "b", "end"),
        d.chain("c3", "c", "end"),
    )  # fmt: skip
    head = d.declare(signals=("fire",))
    assert play(*parts, head=head, messages=("m",)).signal("fire").open == ["a"]
    assert play(*parts, head=head, messages=("m",)).set(x=1).open == ["b"]
    assert play(*parts, head=head, messages=("m",)).tell("m").open == ["c"]
