"""Variables that branches side by side write: which of them is written last cannot be told.

The exploration takes one order of independent work. That is right for tokens; for what branches write it is not, so a
variable that two branches write may have either value behind their join, and a gateway that reads what another branch
writes beside it is left to free choice, unless its own branch has just written it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field

from motcua.process.types import Element, ProcessDefinition

Variables = frozenset[int]
_NONE: Variables = frozenset()
_WORKING = frozenset({"user", "service", "receive", "call", "subprocess", "decision", "send", "script"})


@dataclass(slots=True)
class Races:
    """`at_joins`: variables that branches wrote, each against another. `free`: gateways that cannot be followed."""

    at_joins: set[int] = field(default_factory=set)
    free: set[str] = field(default_factory=set)


def find_races(definition: ProcessDefinition, writes: Mapping[str, Variables], reads: Mapping[str, Variables]) -> Races:
    """Find what branches side by side write against one another. `writes`, `reads`: variables by element."""
    races = Races()
    if not any(reads.values()):
        return races
    for branches in _side_by_side(definition):
        for number, branch in enumerate(branches):
            others = set().union(*branches[:number], *branches[number + 1 :])
            mine, theirs = branch - others, others - branch
            written = _collect(theirs, writes)
            races.at_joins |= written & _collect(mine, writes)
            for element_id in mine:
                read = reads.get(element_id, _NONE) & written
                if read and not read <= _own(definition, element_id, writes):
                    races.free.add(element_id)
    return races


def _collect(elements: Set[str], writes: Mapping[str, Variables]) -> Set[int]:
    return set().union(*(writes.get(element_id, _NONE) for element_id in elements))


def _side_by_side(definition: ProcessDefinition) -> Iterator[list[set[str]]]:
    """Yield the branches that run at the same time: of a fork, beside work with an event on it, beside a scope."""
    for element in definition.elements:
        flows = definition.outgoing.get(element.id, ())
        if len(flows) > 1 and element.kind not in ("exclusive", "event_gateway"):
            yield [_reach(definition, [flow.target], element.id) for flow in flows]
        if element.attached_to and not element.interrupting:
            host = definition.by_id[element.attached_to]
            mine = _reach(definition, [flow.target for flow in flows], element.id)
            yield [mine, _reach(definition, [host.id], element.id)]
        if element.kind == "event_subprocess" and not all(
            start.interrupting for start in definition.starts_of.get(element.id, ())
        ):
            inside = {each.id for each in definition.elements if each.parent == element.id}
            yield [inside, {each.id for each in definition.children_of(element.parent)} - {element.id}]


def _reach(definition: ProcessDefinition, seeds: list[str], without: str) -> set[str]:
    todo, seen = list(seeds), set[str]()
    while todo:
        current = todo.pop()
        if current in seen or current == without:
            continue
        seen.add(current)
        todo += [flow.target for flow in definition.outgoing.get(current, ())]
        todo += [event.id for event in definition.boundaries.get(current, ())]
        todo += [each.id for each in definition.children_of(current)] if _is_scope(definition.by_id[current]) else []
    return seen


def _is_scope(element: Element) -> bool:
    return element.kind in ("subprocess", "event_subprocess")


def _own(definition: ProcessDefinition, gateway_id: str, writes: Mapping[str, Variables]) -> Variables:
    """Return what the work just before a gateway writes: it is read in the same step, before anybody else writes."""
    current, seen = gateway_id, set[str]()
    while current not in seen:
        seen.add(current)
        incoming = definition.incoming.get(current, ())
        if len(incoming) != 1:
            return _NONE
        current = incoming[0].source
        if definition.by_id[current].kind in _WORKING:
            return writes.get(current, _NONE)
    return _NONE
