"""Each way in which a drawing can fail to end is found at its element, with a way that leads there."""

from __future__ import annotations

from time import perf_counter

import pytest

from motcua.process import public as p
from motcua.process.soundness import Fault, check_soundness
from motcua.process.tests import drawings as d


def faults_of(*parts: str, messages: tuple[str, ...] = ()) -> dict[str, Fault]:
    definition = p.parse_process(d.drawing(*parts, messages=messages))
    return {fault.code: fault for fault in check_soundness(definition).faults}


def codes_of(*parts: str, messages: tuple[str, ...] = ()) -> set[str]:
    return set(faults_of(*parts, messages=messages))


START, END = d.start(), d.end(outcome="approved")


@pytest.mark.parametrize("drawing", [d.one_stop(), d.fork_join()])
def test_lawful_drawings_are_sound(drawing: bytes) -> None:
    verdict = check_soundness(p.parse_process(drawing))
    assert verdict.faults == ()
    assert verdict.is_sound


def test_a_join_of_branches_that_exclude_each_other_waits_for_ever() -> None:
    found = faults_of(
        START,
        d.gateway("split", default="split__b"),
        d.user("a"),
        d.user("b"),
        d.gateway("join", "parallel"),
        END,
        d.chain("start", "split"),
        d.flow("split", "a", "=x = 1"),
        d.flow("split", "b"),
        d.chain("a", "join"),
        d.chain("b", "join", "end"),
    )
    fault = found["join_waits_forever"]
    assert fault.element_id == "join"
    assert fault.path[0] == "start"
    assert "“b”" in fault.message_vi or "“a”" in fault.message_vi
    assert "→" in fault.message_vi


def test_branches_side_by_side_that_meet_without_a_join_do_the_rest_twice() -> None:
    found = faults_of(
        START,
        d.gateway("fork", "parallel"),
        d.user("a"),
        d.user("b"),
        d.gateway("merge"),
        d.user("c"),
        END,
        d.chain("start", "fork", "a", "merge", "c", "end"),
        d.chain("fork", "b", "merge"),
    )
    assert found["lack_of_synchronisation"].element_id == "merge"
    assert "“a”, “b”" in found["lack_of_synchronisation"].message_vi


def test_a_fork_inside_a_loop_grows_without_bound() -> None:
    assert "unbounded_growth" in codes_of(
        START,
        d.gateway("merge"),
        d.user("work"),
        d.gateway("fork", "parallel"),
        d.user("side"),
        d.end("aside"),
        d.gateway("more", default="more__end"),
        END,
        d.chain("start", "merge", "work", "fork", "more"),
        d.chain("fork", "side", "aside"),
        d.flow("more", "merge", "=x = 1"),
        d.flow("more", "end"),
    )


def test_a_loop_whose_exit_never_holds_is_found() -> None:
    found = faults_of(
        START,
        d.gateway("merge"),
        d.user("work", outcomes="again|more"),
        d.gateway("exit", default="exit__merge"),
        END,
        d.chain("start", "merge", "work", "exit"),
        d.flow("exit", "merge"),
        d.flow("exit", "end", '=outcome = "done"'),
    )
    assert set(found) == {"livelock"}
    assert "“work”" in found["livelock"].message_vi


def test_what_a_misspelt_outcome_leads_to_is_unreachable() -> None:
    found = faults_of(
        START,
        d.user("decide", outcomes="accept|refuse"),
        d.gateway("way", default="way__no"),
        d.user("yes"),
        d.end("good", outcome="approved"),
        d.end("no", outcome="returned"),
        d.chain("start", "decide", "way"),
        d.flow("way", "yes", '=outcome = "acept"'),
        d.flow("way", "no"),
        d.chain("yes", "good"),
    )
    assert found["unreachable"].element_id in {"yes", "good"}
    assert found["flow_never_taken"].severity == "warning"


def test_conditions_on_one_variable_exclude_each_other_again_later() -> None:
    """Both branches go to the join under one condition: no false alarm, unless it cannot be followed."""

    def drawn(condition: str) -> set[str]:
        return codes_of(
            START,
            d.user("ask", outcomes="one|two"),
            d.gateway("fork", "parallel"),
            d.gateway("join", "parallel"),
            d.gateway("left", default="left__no"),
            d.gateway("right", default="right__none"),
            d.end("no"),
            d.end("none"),
            END,
            d.chain("start", "ask", "fork", "left"),
            d.chain("fork", "right"),
            d.flow("left", "no"),
            d.flow("right", "none"),
            d.flow("left", "join", condition),
            d.flow("right", "join", condition),
            d.chain("join", "end"),
        )

    assert drawn('=outcome = "two"') == set()
    assert drawn('=outcome in ("two", "three")') == set()
    assert drawn('=not(outcome = "one")') == set()
    assert drawn("=starts with(outcome, t)") == {"join_waits_forever"}


def test_what_branches_write_side_by_side_is_either_behind_their_join() -> None:
    """The gateway behind the join may find what either task answered: nothing there is unreachable."""

    def drawn(first: str, second: str) -> set[str]:
        return codes_of(
            START,
            d.gateway("fork", "parallel"),
            d.user("a", outcomes=first),
            d.user("b", outcomes=second),
            d.gateway("join", "parallel"),
            d.gateway("way", default="way__other"),
            d.user("one"),
            d.user("two"),
            d.user("other"),
            d.gateway("met"),
            END,
            d.chain("start", "fork", "a", "join", "way"),
            d.chain("fork", "b", "join"),
            d.flow("way", "one", '=outcome = "x"'),
            d.flow("way", "two", '=outcome = "y"'),
            d.flow("way", "other"),
            d.chain("one", "met", "end"),
            d.chain("two", "met"),
            d.chain("other", "met"),
        )

    assert drawn("x|z", "y|z") == set()
    assert "unreachable" in drawn("x|z", "z")


def test_what_a_mapping_makes_of_an_outcome_is_followed() -> None:
    mapped = (
        '<bpmn:userTask id="ask" name="ask"><bpmn:extensionElements>'
        '<zeebe:assignmentDefinition candidateGroups="counter" /><zeebe:ioMapping>'
        '<zeebe:output source="=if outcome = &quot;yes&quot; then &quot;approved&quot; else &quot;rejected&quot;" '
        'target="decision" />'
        '</zeebe:ioMapping><zeebe:properties><zeebe:property name="outcomes" value="yes|no" /></zeebe:properties>'
        "</bpmn:extensionElements></bpmn:userTask>"
    )

    def drawn(value: str) -> set[str]:
        return codes_of(
            START,
            mapped,
            d.gateway("way", default="way__b"),
            d.user("a"),
            d.user("b"),
            d.gateway("met"),
            END,
            d.chain("start", "ask", "way"),
            d.flow("way", "a", f'=decision = "{value}"'),
            d.flow("way", "b"),
            d.chain("a", "met"),
            d.chain("b", "met", "end"),
        )

    assert drawn("approved") == drawn("rejected") == set()
    assert drawn("aproved") >= {"unreachable"}


def test_an_exclusive_gateway_without_a_default_may_lose_the_case() -> None:
    def drawn(last: str) -> set[str]:
        return codes_of(
            START,
            d.user("ask", outcomes="yes|no"),
            d.gateway("way"),
            d.user("a"),
            d.user("b"),
            d.gateway("met"),
            END,
            d.chain("start", "ask", "way"),
            d.flow("way", "a", '=outcome = "yes"'),
            d.flow("way", "b", last),
            d.chain("a", "met"),
            d.chain("b", "met", "end"),
        )

    assert drawn('=outcome = "no"') == set()
    assert drawn('=outcome = "nope"') >= {"gateway_without_way_out"}
    assert drawn("=count(list) > 2") == {"gateway_without_way_out"}


def test_two_results_of_one_case_are_refused_and_terminate_is_not() -> None:
    def drawn(other: str) -> set[str]:
        return codes_of(
            START,
            d.gateway("fork", "parallel"),
            d.user("a"),
            d.user("b"),
            d.end("one", outcome="approved"),
            other,
            d.chain("start", "fork", "a", "one"),
            d.chain("fork", "b", "two"),
        )

    assert drawn(d.end("two", outcome="rejected")) == {"end_with_work_left"}
    assert drawn(d.end("two")) == set()
    assert drawn(d.end("two", terminate=True, outcome="rejected")) == set()


def test_a_path_beside_the_work_may_end_by_itself_but_gives_no_result() -> None:
    def drawn(*more: str, last: str = "aside") -> set[str]:
        return codes_of(
            START,
            d.gateway("merge"),
            d.user("work", outcomes="again|done"),
            d.gateway("exit", default="exit__end"),
            END,
            d.boundary("late", "work", d.timer("P1D"), interrupting=False),
            d.user("remind"),
            *more,
            d.chain("start", "merge", "work", "exit"),
            d.flow("exit", "end"),
            d.flow("exit", "merge", '=outcome = "again"'),
            d.chain("late", "remind", last),
        )

    assert drawn(d.end("aside")) == set()
    assert drawn(d.end("aside", outcome="rejected")) == {"end_with_work_left"}
    assert drawn(d.end("aside", outcome="rejected", terminate=True)) == set()
    assert drawn(last="exit") & {"lack_of_synchronisation", "unbounded_growth"}


def test_a_fault_inside_a_subprocess_is_found_there() -> None:
    inner = (
        d.start("in"),
        d.gateway("fork", "parallel"),
        d.user("a"),
        d.user("b"),
        d.gateway("merge"),
        d.user("c"),
        d.end("out"),
        d.chain("in", "fork", "a", "merge", "c", "out"),
        d.chain("fork", "b", "merge"),
    )
    found = faults_of(START, d.sub("part", *inner), END, d.chain("start", "part", "end"))
    assert found["lack_of_synchronisation"].element_id == "merge"


def test_an_inclusive_join_waits_for_what_was_opened_and_no_more() -> None:
    opened = (
        START,
        d.gateway("open", "inclusive", default="open__a"),
        d.user("a"),
        d.user("b"),
        d.user("c"),
        d.flow("open", "a"),
        d.flow("open", "b", "=x > 1"),
        d.flow("open", "c", "=len(y) > 2"),
        d.chain("start", "open"),
    )
    joined = d.chain("a", "join"), d.chain("b", "join"), d.chain("c", "join", "end")
    assert codes_of(*opened, d.gateway("join", "inclusive"), END, *joined) == set()
    assert "join_waits_forever" in codes_of(*opened, d.gateway("join", "parallel"), END, *joined)
    assert "lack_of_synchronisation" in codes_of(
        *opened, d.gateway("join"), d.user("z"), END, *joined[:2], d.chain("c", "join", "z", "end")
    )


def parallel(branches: int, *, choices: bool = False, withdrawals: bool = False) -> bytes:
    """Branches side by side, each of three tasks, a choice and an event that ends all."""
    parts = [
        START,
        d.gateway("fork", "parallel"),
        d.gateway("join", "parallel"),
        END,
        d.end("withdrawn", terminate=True),
    ]
    parts += [d.chain("start", "fork"), d.chain("join", "end")]
    for n in range(branches):
        parts += [d.user(f"{kind}{n}", outcomes="x|y") for kind in "abc"]
        parts += [d.gateway(f"g{n}", default=f"g{n}__c{n}"), d.gateway(f"m{n}"), d.chain("fork", f"a{n}", f"g{n}")]
        parts += [d.flow(f"g{n}", f"b{n}", f'=answer{n} = "x"' if choices else "=f(x)"), d.flow(f"g{n}", f"c{n}")]
        parts += [d.chain(f"b{n}", f"m{n}"), d.chain(f"c{n}", f"m{n}", "join")]
        if withdrawals:
            parts += [d.boundary(f"w{n}", f"a{n}", d.message("withdraw")), d.flow(f"w{n}", "withdrawn")]
    if not withdrawals:
        parts.remove(d.end("withdrawn", terminate=True))
    return d.drawing(*parts, messages=("withdraw",))


@pytest.mark.slow
@pytest.mark.parametrize("withdrawals", [False, True])
def test_twelve_branches_do_not_explode(withdrawals: bool) -> None:
    definition = p.parse_process(parallel(12, withdrawals=withdrawals))
    started = perf_counter()
    verdict = check_soundness(definition)
    assert verdict.faults == ()
    assert verdict.states < 3_000
    assert perf_counter() - started < 5


def test_too_many_states_are_said_never_passed_in_silence() -> None:
    verdict = check_soundness(p.parse_process(parallel(3)), max_states=10)
    assert not verdict.is_sound
    assert [fault.code for fault in verdict.faults] == ["too_complex"]
    assert "10" in verdict.faults[0].message_vi


@pytest.mark.slow
def test_too_many_combinations_of_data_leave_the_drawing_checked_and_say_so() -> None:
    definition = p.parse_process(parallel(9, choices=True))
    verdict = check_soundness(definition, max_states=2_000)
    assert verdict.is_sound
    assert {fault.code for fault in verdict.faults} <= {"data_not_followed"}


def test_a_loop_that_neither_waits_nor_changes_anything_is_found() -> None:
    """Either it is never entered or never left: its condition is the same each time round."""
    spinning = d.drawing(
        d.start(),
        d.user("work"),
        d.gateway("split", default="split__join"),
        d.gateway("join"),
        d.end("final", outcome="approved"),
        d.chain("start", "work", "join", "split"),
        d.flow("split", "join"),
        d.flow("split", "final", condition="x"),
    )
    faults = check_soundness(p.parse_process(spinning)).faults
    assert {(fault.element_id in ("split", "join"), fault.code) for fault in faults} == {(True, "livelock")}
