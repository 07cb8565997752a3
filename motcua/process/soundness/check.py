"""Check a whole process: each scope by itself, sub-processes as one step of the scope around them.

Source: BPMN 2.0.2 (ISO/IEC 19510:2013), 13; W. van der Aalst, "Verification of Workflow Nets", ICATPN 1997 (soundness).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from motcua.process.soundness.data import Data, Masks, read_data, without_data
from motcua.process.soundness.explore import Graph, explore
from motcua.process.soundness.faults import Fault, Verdict
from motcua.process.soundness.judge import judge, judge_coverage
from motcua.process.soundness.net import Net, lay_net
from motcua.process.soundness.spinning import find_spinning
from motcua.process.soundness.words import say_data_left_out, say_too_complex
from motcua.process.types import Element, ProcessDefinition

MAX_STATES = 20_000


@dataclass(frozen=True, slots=True)
class Scope:
    """What is explored by itself: the process, a sub-process, or the path of an event beside the work."""

    name: str  # id of the sub-process, empty for the process
    entries: tuple[Element, ...]
    beside: frozenset[str] = frozenset()
    host: str = ""  # of a path beside the work: the work


def check_soundness(definition: ProcessDefinition, *, max_states: int = MAX_STATES) -> Verdict:
    """Say whether every way through the process comes to a proper end, and if not where and by which way.

    Conditions that compare variables with constants are followed; all others may hold or not. A process that needs
    more than `max_states` states is not called sound: the answer is the fault "too_complex".
    """
    data = read_data(definition)
    faults: list[Fault] = []
    known: dict[str, Masks] = {}
    states = 0
    for scope in _scopes(definition):
        graph, net, found = _explore(definition, scope, data, known, max_states)
        states += len(graph.states)
        faults += found
        if graph.is_complete:
            faults += _judge(definition, scope, net, graph)
            known |= {key: masks for key, masks in graph.known.items() if len(masks) == len(data.paths)}
    faults += find_spinning(definition, faults)
    return Verdict(_distinct(faults), states)


def _explore(
    definition: ProcessDefinition, scope: Scope, data: Data, known: dict[str, Masks], max_states: int
) -> tuple[Graph, Net, list[Fault]]:
    """Explore with the variables; when there are too many combinations of them, by the drawing alone, and say so."""
    start = known.get(scope.host or scope.name, data.everything) if scope.name or scope.host else data.start
    net = lay_net(definition, data, scope.entries, beside=scope.beside)
    graph = explore(net, data, start, limit=max_states)
    place = definition.by_id.get(scope.name) or scope.entries[0]
    if graph.is_complete:
        return graph, net, []
    free = without_data()
    net = lay_net(definition, free, scope.entries, beside=scope.beside)
    graph = explore(net, free, (), limit=max_states)
    if graph.is_complete:
        return graph, net, [Fault(place.id, "data_not_followed", "warning", say_data_left_out(place))]
    return graph, net, [Fault(place.id, "too_complex", "error", say_too_complex(place, max_states))]


def _judge(definition: ProcessDefinition, scope: Scope, net: Net, graph: Graph) -> list[Fault]:
    faults = list(judge(definition, net, graph, is_beside=bool(scope.host)))
    if not any(fault.severity == "error" for fault in faults):
        faults += judge_coverage(definition, net, graph)
    return faults


def _scopes(definition: ProcessDefinition) -> Iterator[Scope]:
    """Yield the scopes, outer ones first, each with the paths beside its work."""
    for name in ("", *_nested(definition, "")):
        starts = definition.starts_of.get(name, ())
        if not starts:
            continue
        main = _reach(definition, starts, cut=frozenset())
        beside: set[str] = set()
        apart: list[Element] = []
        for event in _quiet_events(definition, name):
            alone = _reach(definition, starts, cut=frozenset({event.id}))
            if event.id in main and _targets(definition, event) & alone:
                beside.add(event.id)
            else:
                apart.append(event)
        yield Scope(name, starts, frozenset(beside))
        for event in apart:
            yield Scope(name, (event,), frozenset(beside), event.attached_to)


def _nested(definition: ProcessDefinition, parent: str) -> Iterator[str]:
    for element in definition.children_of(parent):
        if element.kind in ("subprocess", "event_subprocess"):
            yield element.id
            yield from _nested(definition, element.id)


def _quiet_events(definition: ProcessDefinition, parent: str) -> Iterator[Element]:
    """Yield the boundary events that let the work go on beside what they start."""
    for element in definition.children_of(parent):
        if element.attached_to and not element.interrupting:
            yield element


def _targets(definition: ProcessDefinition, event: Element) -> set[str]:
    """Return the elements on the path of an event, plain ends left out: two paths may end in one drawn end."""
    return {
        element_id
        for element_id in _reach(definition, (event,), cut=frozenset()) - {event.id}
        if definition.by_id[element_id].kind != "end" or definition.by_id[element_id].outcome
    }


def _reach(definition: ProcessDefinition, seeds: Iterable[Element], *, cut: frozenset[str]) -> set[str]:
    """Return the elements that the drawing leads to from these, without going by the events that are cut."""
    todo, seen = [seed.id for seed in seeds], set[str]()
    while todo:
        current = todo.pop()
        if current in seen or current in cut:
            continue
        seen.add(current)
        todo += [flow.target for flow in definition.outgoing.get(current, ())]
        todo += [event.id for event in definition.boundaries.get(current, ())]
        element = definition.by_id[current]
        link = definition.links.get((element.parent, element.link)) if element.event == "link" else None
        todo += [link.id] if link is not None else []
    return seen


def _distinct(faults: list[Fault]) -> tuple[Fault, ...]:
    """Keep one fault of each kind at each element: the one with the shortest way."""
    found: dict[tuple[str, str], Fault] = {}
    for fault in faults:
        kept = found.setdefault((fault.element_id, fault.code), fault)
        if len(fault.path) < len(kept.path):
            found[fault.element_id, fault.code] = fault
    return tuple(found.values())
