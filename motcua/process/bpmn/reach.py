"""What can still come to an inclusive join: computed once when a drawing is read.

Source: BPMN 2.0.2 (ISO/IEC 19510:2013), 13.4.3 (inclusive gateway).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from motcua.process.types import Element, Flow


def join_reach(
    elements: Iterable[Element], incoming: Mapping[str, Sequence[Flow]], by_id: Mapping[str, Element]
) -> dict[str, dict[str, frozenset[str]]]:
    """For each inclusive join and incoming flow, return the elements from which a token can still take that flow."""
    elements = tuple(elements)
    joins = [one for one in elements if one.kind == "inclusive" and len(incoming.get(one.id, ())) > 1]
    if not joins:
        return {}
    backward = _backward(elements, incoming)
    return {join.id: {flow.id: _behind(flow.source, join.id, backward) for flow in incoming[join.id]} for join in joins}


def _backward(elements: Sequence[Element], incoming: Mapping[str, Sequence[Flow]]) -> dict[str, list[str]]:
    edges: dict[str, list[str]] = defaultdict(list)
    for target, flows in incoming.items():
        edges[target] += [flow.source for flow in flows]
    throws: dict[tuple[str, str], list[str]] = defaultdict(list)
    for element in elements:
        if element.attached_to:
            edges[element.id].append(element.attached_to)
        if element.kind == "throw" and element.link:
            throws[(element.parent, element.link)].append(element.id)
    for element in elements:
        if element.kind == "catch_link":
            edges[element.id] += throws[(element.parent, element.link)]
    return edges


def _behind(source: str, join: str, backward: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Return every element that leads to `source` on a path that does not pass the join itself."""
    seen, waiting = set[str](), [source]
    while waiting:
        current = waiting.pop()
        if current != join and current not in seen:
            seen.add(current)
            waiting.extend(backward.get(current, ()))
    return frozenset(seen)
