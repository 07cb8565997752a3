"""Walk all states of one scope, one token at a time: the automatic ones first, then the one that lags behind.

Moves of different tokens do not disturb each other, so the moves of one token are a stubborn set: looking at them alone
keeps every dead end, and keeps the answer to "can it always still end" (A. Valmari, "Stop It, and Be Stubborn!",
ACSD 2015). Twelve branches side by side cost twelve times one branch, not one branch to the power of twelve. Taking
the hindmost token first makes those meet that can meet on one flow.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from motcua.process.soundness.data import Data, Masks
from motcua.process.soundness.net import Join, Move, Net, Out

DOOMED = 1 << 2_047  # the process will be ended as a whole; the tokens beside it are watched until they stand still


@dataclass(frozen=True, slots=True)
class State:
    marking: int
    masks: Masks


@dataclass(frozen=True, slots=True)
class Clash:
    """A move that puts a second token where one stands already."""

    state: int
    place: int
    move: Move
    grows: bool


@dataclass(slots=True)
class Graph:
    """What was seen. `came`: by which state and move each state was first reached; -1 for the first ones."""

    states: list[State] = field(default_factory=list)
    came: list[tuple[int, str, str]] = field(default_factory=list)
    leads: list[list[int]] = field(default_factory=list)
    stuck: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    lost: list[tuple[int, str]] = field(default_factory=list)  # a gateway that found no way out
    twice: list[tuple[int, int]] = field(default_factory=list)  # an end with a result reached by two tokens
    passed: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    known: dict[str, Masks] = field(default_factory=dict)  # element -> what may be known when work begins there
    is_complete: bool = True

    def way_to(self, state: int) -> tuple[tuple[str, str], ...]:
        """Return the elements passed, with the flow chosen, on the first way found to a state."""
        steps: list[tuple[str, str]] = []
        while state >= 0:
            state, element_id, flow_id = self.came[state]
            if element_id:
                steps.append((element_id, flow_id))
        return tuple(reversed(steps))


def explore(net: Net, data: Data, start: Masks, *, limit: int) -> Graph:
    """Walk from every entry of the scope; stops at `limit` states and says so (`is_complete`)."""
    graph, index = Graph(), dict[State, int]()
    waiting: deque[int] = deque()
    for entry in net.entries:
        state = State(entry, start)
        if state not in index:
            index[state] = len(graph.states)
            _add(graph, state, (-1, "", ""))
            waiting.append(index[state])
    while waiting:
        number = waiting.popleft()
        for state, element_id, flow_id in _successors(net, data, graph, number):
            at = index.get(state)
            if at is None:
                if len(graph.states) >= limit:
                    graph.is_complete = False
                    return graph
                at = index[state] = len(graph.states)
                _add(graph, state, (number, element_id, flow_id))
                waiting.append(at)
            graph.leads[number].append(at)
    return graph


def _add(graph: Graph, state: State, came: tuple[int, str, str]) -> None:
    graph.states.append(state)
    graph.came.append(came)
    graph.leads.append([])


def _successors(net: Net, data: Data, graph: Graph, number: int) -> Iterator[tuple[State, str, str]]:
    state = graph.states[number]
    found = _pick(net, state.marking)
    if found is None:
        _settle(net, graph, number)
        return
    place, takes = found
    owner = net.owners[place]
    if net.waiting >> place & 1:
        graph.known[owner] = _join_masks(graph.known.get(owner), state.masks)
    outs = [(move, out, masks) for move in net.moves[place] for out, masks in _ways(move, data, state.masks)]
    if state.marking & DOOMED:
        outs = _spare(net, outs)
    for move, out, masks in outs:
        graph.passed.update((owner, move.element_id))
        graph.taken.update(out.flows)
        marking = _fire(net, graph, number, takes, move, out)
        if marking is not None:
            yield State(marking, masks), move.element_id, out.flows[0] if len(move.outs) > 1 and out.flows else ""


def _ways(move: Move, data: Data, masks: Masks) -> Iterator[tuple[Out, Masks]]:
    masks = data.apply(move.element_id, masks)
    choices = data.choose(move.element_id, masks)
    if choices is None:
        yield from ((out, masks) for out in move.outs)
        return
    outs = {out.choice: out for out in move.outs}
    yield from ((outs[choice], narrowed) for choice, narrowed in choices)


def _spare(net: Net, outs: list[tuple[Move, Out, Masks]]) -> list[tuple[Move, Out, Masks]]:
    """Once the process is doomed, dooming it again tells nothing new; where nothing else is left, the token goes."""
    others = [(move, out, masks) for move, out, masks in outs if not out.puts & net.condemned]
    return others or outs


def _pick(net: Net, marking: int) -> tuple[int, int] | None:
    """Choose the place to move from, and what is taken from where."""
    for group in (marking & net.automatic, marking & net.waiting):
        while group:
            low = group & -group
            group ^= low
            place = low.bit_length() - 1
            join = net.joins[place]
            if join is None:
                return place, low
            takes = _ready(join, marking)
            if takes:
                return place, takes
    return None


def _ready(join: Join, marking: int) -> int:
    """Return what a join takes now, 0 when it must wait. Source: BPMN 2.0.2, 13.4.1 (parallel), 13.4.3 (inclusive)."""
    present = marking & join.inputs
    if not join.reach:
        return join.inputs if present == join.inputs else 0
    blocked = freed = 0
    for place, before in join.reach:
        if present & place:
            freed |= before
        else:
            blocked |= before
    return 0 if marking & blocked & ~freed & ~join.inputs else present


def _fire(net: Net, graph: Graph, number: int, takes: int, move: Move, out: Out) -> int | None:
    """Return the marking after the move; None when it is a fault that is noted, not followed."""
    marking = graph.states[number].marking & ~takes
    if not out.puts and not out.flows and len(move.outs) > 1:
        graph.lost.append((number, move.element_id))
        return None
    puts = out.puts
    if puts & net.aborting:
        graph.passed.update(net.owners[place] for place in range(puts.bit_length()) if puts >> place & 1)
        puts = puts & ~net.aborting | DOOMED
    twice = marking & puts & ~DOOMED
    if twice & ~net.ends:
        place = ((twice & ~net.ends) & -(twice & ~net.ends)).bit_length() - 1
        graph.clashes.append(Clash(number, place, move, _grows(net, graph, number, marking | puts)))
        return None
    if twice & net.result_ends:
        graph.twice.append((number, (twice & -twice).bit_length() - 1))
        return None
    return marking | puts


def _grows(net: Net, graph: Graph, number: int, marking: int) -> bool:
    """Tell whether an earlier state of the way is contained in this one: then the way can be walked again and again."""
    while number >= 0:
        before = graph.states[number].marking & ~net.ends
        if before and not before & ~marking:
            return True
        number = graph.came[number][0]
    return False


def _settle(net: Net, graph: Graph, number: int) -> None:
    marking = graph.states[number].marking
    left = marking & ~net.ends & ~DOOMED
    if left and not marking & DOOMED:
        graph.stuck.append(number)
    else:
        graph.ended.append(number)
        graph.passed.update(net.owners[place] for place in _bits(marking & net.ends))


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def _join_masks(known: Masks | None, masks: Masks) -> Masks:
    return masks if known is None else tuple(a | b for a, b in zip(known, masks, strict=True))
