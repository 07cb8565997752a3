"""One scope of a drawing (the process, a sub-process, a side path) as places, tokens and moves.

A place is a flow, or an element that waits. Places are numbered in the order of the drawing, backward arrows left out:
the exploration moves the token that lags behind, so that tokens that can meet do meet.
Source: BPMN 2.0.2 (ISO/IEC 19510:2013), 13.3 and 13.4 (execution semantics of activities and gateways).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from motcua.process.soundness.data import Data
from motcua.process.types import Element, Flow, ProcessDefinition

WAITING = frozenset(
    {"user", "service", "receive", "event_gateway", "subprocess", "call", "decision"}
    | {"catch_timer", "catch_message", "catch_signal", "catch_condition"}
)
MAX_FREE_FLOWS = 8  # of an inclusive gateway whose conditions cannot be followed: beyond, not every set is tried


@dataclass(frozen=True, slots=True)
class Out:
    """One way a move can go: `choice` as the gateway's data say it, the places that get a token."""

    choice: int
    puts: int
    flows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """A token leaves its place. `element_id`: what is passed; `clears`: places emptied with it."""

    element_id: str
    outs: tuple[Out, ...]
    clears: int = 0


@dataclass(frozen=True, slots=True)
class Join:
    """A gateway that waits: for all its flows, or (inclusive) for those that a token can still reach."""

    element_id: str
    inputs: int
    reach: tuple[tuple[int, int], ...] = ()  # of an inclusive one: input, places from which it can be reached


@dataclass(slots=True)
class Net:
    """A scope ready to explore. Places are bits, the lowest the earliest in the drawing."""

    names: list[str] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)  # the element where a token on the place stands or arrives
    moves: list[tuple[Move, ...]] = field(default_factory=list)
    joins: list[Join | None] = field(default_factory=list)
    entries: tuple[int, ...] = ()
    automatic: int = 0
    waiting: int = 0
    ends: int = 0
    result_ends: int = 0
    aborting: int = 0  # at once an end that ends all
    condemned: int = 0  # whatever happens, such an end


def lay_net(definition: ProcessDefinition, data: Data, entries: Iterable[Element], *, beside: frozenset[str]) -> Net:
    """Lay the net of what can be reached from these elements.

    `beside`: events that do not interrupt and whose path meets the path of the work again.
    """
    return _Layer(definition, data, tuple(entries), beside).lay()


class _Layer:
    def __init__(
        self, definition: ProcessDefinition, data: Data, entries: tuple[Element, ...], beside: frozenset[str]
    ) -> None:
        self.definition = definition
        self.data = data
        self.entries = entries
        self.beside = beside
        self.flows = {flow.id: flow for flow in definition.flows}
        self.net = Net()
        self.at: dict[str, int] = {}

    def lay(self) -> Net:
        names = _order(self.entry_names(), self.follow)
        self.at = {name: number for number, name in enumerate(names)}
        for name in names:
            self.lay_place(name)
        self.net.entries = tuple(1 << self.at[name] for name in self.entry_names())
        self.bind_joins()
        self.net.condemned = _spread_back(self.net, self.net.aborting, is_direct=False)
        self.net.aborting = _spread_back(self.net, self.net.aborting, is_direct=True)
        return self.net

    def entry_names(self) -> list[str]:
        return [f"at:{element.id}" if element.kind in WAITING else f"in:{element.id}" for element in self.entries]

    def element(self, name: str) -> Element:
        kind, _, key = name.partition(":")
        if kind == "flow":
            return self.definition.by_id[self.flows[key].target]
        return self.definition.by_id[key]

    # what a place leads to, by name

    def follow(self, name: str) -> list[str]:
        """Return the places that a token may go to next."""
        element = self.element(name)
        if name.startswith("flow:"):
            if element.kind in WAITING:
                return [f"at:{element.id}"]
            if element.kind == "end":
                return [f"end:{element.id}"]
            return self.leave(element)
        if name.startswith("end:"):
            return []
        return [place for source in self.sources(element) for place in self.leave(source)]

    def sources(self, element: Element) -> Iterator[Element]:
        """Yield what may carry on from an element that waits: itself, events on it, targets of an event gateway."""
        if element.kind == "event_gateway":
            for flow in self.definition.outgoing.get(element.id, ()):
                yield self.definition.by_id[flow.target]
        else:
            yield element
        for event in self.definition.boundaries.get(element.id, ()):
            if event.interrupting or event.id in self.beside:
                yield event

    def leave(self, element: Element) -> list[str]:
        link = self.definition.links.get((element.parent, element.link)) if element.event == "link" else None
        if element.kind == "throw" and link is not None:
            return self.leave(link)
        return [f"flow:{flow.id}" for flow in self.definition.outgoing.get(element.id, ())]

    # laying

    def lay_place(self, name: str) -> None:
        element, bit = self.element(name), 1 << self.at[name]
        self.net.names.append(name)
        self.net.owners.append(element.id)
        join: Join | None = None
        moves: list[Move] = []
        if name.startswith("end:"):
            self.lay_end(element, bit)
        elif name.startswith("at:"):
            self.net.waiting |= bit
            moves = [self.move(source, element, bit) for source in self.sources(element)]
        else:
            self.net.automatic |= bit
            if name.startswith("flow:") and self.is_join(element):
                join = Join(element.id, 0)
            moves = [self.pass_on(name, element)]
        self.net.moves.append(tuple(moves))
        self.net.joins.append(join)

    def lay_end(self, element: Element, bit: int) -> None:
        self.net.ends |= bit
        if element.terminates or element.event == "error":
            self.net.aborting |= bit
        elif element.outcome:
            self.net.result_ends |= bit

    def is_join(self, element: Element) -> bool:
        return element.kind in ("parallel", "inclusive") and len(self.definition.incoming.get(element.id, ())) > 1

    def pass_on(self, name: str, element: Element) -> Move:
        if name.startswith("flow:") and element.kind in WAITING:
            return Move(element.id, (Out(0, 1 << self.at[f"at:{element.id}"]),))
        if name.startswith("flow:") and element.kind == "end":
            return Move(element.id, (Out(0, 1 << self.at[f"end:{element.id}"]),))
        return Move(element.id, tuple(self.outs(element)))

    def move(self, source: Element, host: Element, bit: int) -> Move:
        outs = tuple(self.outs(source))
        if source.attached_to and not source.interrupting:  # the work goes on beside what it started
            outs = tuple(Out(out.choice, out.puts | bit, out.flows) for out in outs)
        return Move(source.id, outs)

    def outs(self, element: Element) -> Iterator[Out]:
        """Yield the ways out of an element: one flow of an exclusive gateway, a set of an inclusive, else all."""
        if element.kind == "throw" and element.event == "link":
            yield Out(0, self.puts(self.leave(element)))
            return
        flows = self.definition.outgoing.get(element.id, ())
        for choice in self.choices(element, flows):
            chosen = [flow.id for number, flow in enumerate(flows) if choice >> number & 1]
            yield Out(choice, self.puts(f"flow:{flow_id}" for flow_id in chosen), tuple(chosen))

    def choices(self, element: Element, flows: tuple[Flow, ...]) -> list[int]:
        gate = self.data.gates.get(element.id)
        return sorted(set(gate.table.values())) if gate is not None else _choices(element, flows)

    def puts(self, names: Iterable[str]) -> int:
        return sum(1 << self.at[name] for name in names)

    def bind_joins(self) -> None:
        """Give every join its inputs; flows of it that cannot be reached at all keep it waiting."""
        inputs: dict[str, list[int]] = {}
        for number, join in enumerate(self.net.joins):
            if join is not None:
                inputs.setdefault(join.element_id, []).append(number)
        for number, join in enumerate(self.net.joins):
            if join is None:
                continue
            mine = inputs[join.element_id]
            mask = sum(1 << at for at in mine)
            element = self.definition.by_id[join.element_id]
            if element.kind == "inclusive":
                reach = tuple((1 << at, self.reaching(at, mask)) for at in mine)
                self.net.joins[number] = Join(join.element_id, mask, reach)
            elif len(mine) < len(self.definition.incoming[join.element_id]):
                self.net.joins[number] = Join(join.element_id, mask | 1 << len(self.net.names))
            else:
                self.net.joins[number] = Join(join.element_id, mask)

    def reaching(self, target: int, inputs: int) -> int:
        """Return the places from which an input of a join can still be reached without passing the join."""
        found, todo = 0, [target]
        before: dict[int, set[int]] = {}
        for number, moves in enumerate(self.net.moves):
            if inputs >> number & 1:
                continue
            for move in moves:
                for out in move.outs:
                    for at in _bits(out.puts):
                        before.setdefault(at, set()).add(number)
        while todo:
            for number in before.get(todo.pop(), ()):
                if not found >> number & 1:
                    found |= 1 << number
                    todo.append(number)
        return found & ~inputs


def _choices(element: Element, flows: tuple[Flow, ...]) -> list[int]:
    everything = (1 << len(flows)) - 1
    if len(flows) < 2:
        return [everything]
    if element.kind == "exclusive":
        return [1 << number for number in range(len(flows))] + _none(element, flows)
    if element.kind != "inclusive" and not any(flow.condition for flow in flows):
        return [everything]
    always = sum(
        1 << number for number, flow in enumerate(flows) if flow.condition is None and flow.id != element.default_flow
    )
    free = [number for number, flow in enumerate(flows) if flow.condition is not None]
    sizes = range(len(free) + 1) if len(free) <= MAX_FREE_FLOWS else (0, 1, 2, len(free) - 1, len(free))
    sets = [sum(1 << at for at in chosen) | always for size in sizes for chosen in combinations(free, size)]
    default = sum(1 << number for number, flow in enumerate(flows) if flow.id == element.default_flow)
    return list(dict.fromkeys(chosen or default for chosen in sets))


def _none(element: Element, flows: tuple[Flow, ...]) -> list[int]:
    """An exclusive gateway without a default flow may find no way out."""
    has_default = any(flow.id == element.default_flow or flow.condition is None for flow in flows)
    return [] if has_default else [0]


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def _order(entries: list[str], follow: Callable[[str], list[str]]) -> list[str]:
    """Return the places in reverse post-order of a depth-first walk: backward arrows aside, causes come first."""
    seen, done = set(entries), list[str]()
    stack: list[tuple[str, Iterator[str]]] = [(entry, iter(follow(entry))) for entry in reversed(entries)]
    while stack:
        name, following = stack[-1]
        fresh = next((each for each in following if each not in seen), None)
        if fresh is None:
            done.append(name)
            stack.pop()
        else:
            seen.add(fresh)
            stack.append((fresh, iter(follow(fresh))))
    return done[::-1]


def _spread_back(net: Net, found: int, *, is_direct: bool) -> int:
    """Return the places from which every way leads to these; `is_direct`: at once, without work and without a fork."""
    while True:
        grown = found
        for number, moves in enumerate(net.moves):
            outs = [out for move in moves for out in move.outs]
            if not outs or net.joins[number] is not None or 1 << number & (net.waiting if is_direct else 0):
                continue
            if all(out.puts & grown and not (is_direct and out.puts & ~grown) for out in outs):
                grown |= 1 << number
        if grown == found:
            return found
        found = grown
