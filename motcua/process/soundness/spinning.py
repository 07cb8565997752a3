"""Loops in which nothing waits and nothing changes: once the way leads in, no condition can ever lead out again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from motcua.process.soundness.faults import Fault
from motcua.process.soundness.words import say_spinning
from motcua.process.types import Element, ProcessDefinition

_PASSING = frozenset({"exclusive", "manual", "catch_link"})
_SPLITTING = frozenset({"inclusive", "parallel"})


def find_spinning(definition: ProcessDefinition, faults: Iterable[Fault]) -> Iterator[Fault]:
    """Yield one fault for each gateway on a loop of elements that only pass a case on.

    The variables are the same each time round, so the loop is either never entered or never left. Flows that were
    found to be never taken do not count. Source: BPMN 2.0.2, 13.2.1: elements without work complete at once.
    """
    idle = {fault.element_id for fault in faults if fault.code in ("flow_never_taken", "unreachable")}
    nodes = {element.id for element in definition.elements if _passes(definition, element)}
    leads = {node: [target for target in _next(definition, node, idle) if target in nodes] for node in nodes}
    left = _on_loops(leads)
    while left:
        loop = _walk(leads, left)
        elements = [definition.by_id[node] for node in loop]
        shown = next((element for element in elements if element.kind == "exclusive"), elements[0])
        yield Fault(shown.id, "livelock", "error", say_spinning(elements), tuple(loop))
        left = _on_loops({node: [each for each in leads[node] if each in left] for node in left - set(loop)})


def _passes(definition: ProcessDefinition, element: Element) -> bool:
    if element.kind == "throw":
        return element.event in ("", "link")
    if element.kind in _SPLITTING:
        return len(definition.incoming.get(element.id, ())) < 2  # a join waits for its other branches
    return element.kind in _PASSING


def _next(definition: ProcessDefinition, node: str, idle: set[str]) -> Iterator[str]:
    element = definition.by_id[node]
    for flow in definition.outgoing.get(node, ()):
        if flow.id not in idle:
            yield flow.target
    if element.kind == "throw" and element.event == "link":
        link = definition.links.get((element.parent, element.link))
        if link is not None:
            yield link.id


def _on_loops(leads: dict[str, list[str]]) -> set[str]:
    """Return the nodes from which one can go on for ever: those without a way on are taken away until none is left."""
    left = set(leads)
    while True:
        ending = {node for node in left if not any(target in left for target in leads[node])}
        if not ending:
            return left
        left -= ending


def _walk(leads: dict[str, list[str]], left: set[str]) -> list[str]:
    """Return one loop: walk on until a node comes again."""
    current, way = min(left), list[str]()
    while current not in way:
        way.append(current)
        current = next(target for target in leads[current] if target in left)
    return way[way.index(current) :]
