"""The soundness check against its own definition: all interleavings, random drawings, broken drawings, the engine."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from motcua.process import public as p
from motcua.process.soundness import check_soundness
from motcua.process.soundness.data import without_data
from motcua.process.soundness.explore import DOOMED, explore
from motcua.process.soundness.net import Net, lay_net
from motcua.process.tests import drawings as d
from motcua.process.tests.test_walks import BLOCKS, Block, Pen, to_definition

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@settings(max_examples=80, deadline=None, suppress_health_check=QUIET)
@given(BLOCKS)
@pytest.mark.slow
def test_drawings_made_of_blocks_are_sound(block: Block) -> None:
    """Branches of a choice inside the same choice may be unreachable: their conditions contradict each other."""
    faults = check_soundness(to_definition(block)).faults
    assert [fault for fault in faults if fault.code not in ("unreachable", "flow_never_taken")] == []


def _with_join(kind: str, blocks: list[Block], was: str, becomes: str) -> p.ProcessDefinition:
    """Draw branches whose outer join is another gateway than it should be."""
    pen = Pen()
    entry, leaving = pen.draw((kind, blocks))
    start = f'<bpmn:{was} id="{leaving}"'
    assert any(part.startswith(start) for part in pen.parts)
    parts = [part.replace(was, becomes) if part.startswith(start) else part for part in pen.parts]
    tail = [d.user("after"), d.end("final", outcome="approved"), d.chain("start", entry)]
    tail.append(d.chain(leaving, "after", "final"))
    head = d.declare(signals=("fire",))
    return p.parse_process(d.drawing(d.start(), *parts, *tail, messages=("m", "n"), head=head))


@settings(max_examples=50, deadline=None, suppress_health_check=QUIET)
@given(st.lists(BLOCKS, min_size=2, max_size=3))
@pytest.mark.slow
def test_a_parallel_join_taken_away_is_noticed(blocks: list[Block]) -> None:
    definition = _with_join("parallel", blocks, "parallelGateway", "exclusiveGateway")
    codes = {fault.code for fault in check_soundness(definition).faults}
    assert codes & {"lack_of_synchronisation", "unbounded_growth"}


@settings(max_examples=50, deadline=None, suppress_health_check=QUIET)
@given(st.lists(BLOCKS, min_size=2, max_size=3))
@pytest.mark.slow
def test_a_choice_joined_as_if_parallel_is_noticed(blocks: list[Block]) -> None:
    definition = _with_join("choice", blocks, "exclusiveGateway", "parallelGateway")
    assert "join_waits_forever" in {fault.code for fault in check_soundness(definition).faults}


# every interleaving, without any reduction

KINDS = ["user", "user", "exclusive", "exclusive", "parallel", "parallel", "inclusive"]


@st.composite
def drawings(draw: st.DrawFn, kinds: tuple[str, ...] = tuple(KINDS)) -> p.ProcessDefinition:
    """Draw up to eight nodes between start and end, with a few arrows more, back ones too."""
    count = draw(st.integers(2, 8))
    nodes = [draw(st.sampled_from(kinds)) for _ in range(count)]
    flows = {(draw(st.integers(0, number - 1)), number) for number in range(1, count + 1)}
    flows |= {(number, draw(st.integers(number + 1, count + 1))) for number in range(1, count + 1)}
    flows |= draw(st.sets(st.tuples(st.integers(1, count), st.integers(1, count + 1)), max_size=4))
    names = ["start", *(f"n{number}" for number in range(1, count + 1)), "end"]
    parts = [d.start(), d.end()]
    for number, kind in enumerate(nodes, start=1):
        outgoing = sorted(right for left, right in flows if left == number)
        is_free = len(outgoing) > 1 and kind in ("exclusive", "inclusive")
        default = f"{names[number]}__{names[outgoing[-1]]}" if is_free else ""
        parts.append(d.user(names[number]) if kind == "user" else d.gateway(names[number], kind, default))
        for right in outgoing:
            condition = f"=f(x, {right})" if is_free and right != outgoing[-1] else ""
            parts.append(d.flow(names[number], names[right], condition))
    parts += [d.flow("start", names[right]) for left, right in sorted(flows) if left == 0]
    try:
        return p.parse_process(d.drawing(*parts))
    except p.ProcessDefinitionError:
        assume(False)
        raise


def _all_interleavings(net: Net) -> tuple[bool, bool]:
    """Walk every order of every move, as the engine may take them: work in any order, what is automatic at once.

    Answers: can it always still end, and does a second token ever meet a first.
    """
    waiting, seen = deque(net.entries), set(net.entries)
    before: dict[int, set[int]] = {}
    fine: set[int] = set()
    clashes = False
    while waiting and len(seen) < 4_000:
        marking = waiting.popleft()
        following = list(_moves(net, marking))
        if not following and not marking & ~net.ends:
            fine.add(marking)
        for after in following:
            if after is None:
                clashes = True
                continue
            before.setdefault(after, set()).add(marking)
            if after not in seen:
                seen.add(after)
                waiting.append(after)
    assume(not waiting)
    todo = list(fine)
    while todo:
        for marking in before.get(todo.pop(), ()):
            if marking not in fine:
                fine.add(marking)
                todo.append(marking)
    return fine == seen, clashes


def _moves(net: Net, marking: int) -> Iterator[int | None]:
    """Yield what every move of every token leads to, None for two tokens in one place; automatic ones first."""
    for place in _places(marking & net.automatic):
        found = list(_moves_from(net, marking, place))
        if found:
            yield from found
            return
    for place in _places(marking & net.waiting):
        yield from _moves_from(net, marking, place)


def _places(marking: int) -> Iterator[int]:
    return (place for place in range(marking.bit_length()) if marking >> place & 1)


def _moves_from(net: Net, marking: int, place: int) -> Iterator[int | None]:
    join, takes = net.joins[place], 1 << place
    if join is not None:
        if marking & join.inputs != join.inputs:
            return
        takes = join.inputs
    for move in net.moves[place]:
        for out in move.outs:
            left = marking & ~takes
            assume(not left & out.puts & net.automatic)  # two passing at once: depends on the order within one step
            yield None if left & out.puts & net.waiting else left | out.puts


@settings(max_examples=150, deadline=None, suppress_health_check=QUIET)
@given(drawings(kinds=("user", "user", "exclusive", "parallel", "parallel")))
@pytest.mark.slow
def test_the_reduced_walk_finds_what_the_full_walk_finds(definition: p.ProcessDefinition) -> None:
    """Whether a drawing is clean (it can always end, no two tokens meet) is the same with and without the reduction."""
    net = lay_net(definition, without_data(), definition.starts, beside=frozenset())
    graph = explore(net, without_data(), (), limit=20_000)
    can_end, clashes = _all_interleavings(net)
    is_clean = not graph.stuck and not graph.clashes and _all_can_end(graph.leads, graph.ended)
    assert is_clean == (can_end and not clashes)


def _all_can_end(leads: list[list[int]], ended: list[int]) -> bool:
    fine, grown = set(ended), True
    while grown:
        more = {number for number, following in enumerate(leads) if number not in fine and fine & set(following)}
        fine |= more
        grown = bool(more)
    return len(fine) == len(leads)


# the engine agrees


@settings(max_examples=40, deadline=None, suppress_health_check=QUIET)
@given(drawings(), st.data())
@pytest.mark.slow
def test_whatever_is_called_sound_the_engine_walks_to_its_end(
    definition: p.ProcessDefinition, data: st.DataObject
) -> None:
    """Random walks by the engine over random drawings that were called sound: never stuck, one end, nothing left."""
    assume(check_soundness(definition).is_sound)
    choose = st.booleans()
    step = p.start(definition, {}, now=NOW)
    for number in range(40):
        if step.state["ended"]:
            break
        token = data.draw(st.sampled_from(sorted(step.state["tokens"])))
        outputs = {"x": data.draw(choose)}
        step = p.advance(definition, step.state, p.TaskCompleted(token, outputs), now=NOW + timedelta(hours=number))
    if step.state["ended"]:
        assert step.state["tokens"] == {}
        assert step.state["joins"] == {}


def test_the_mark_of_doom_lies_beyond_every_place() -> None:
    assert DOOMED.bit_length() > 2 * 1_000
