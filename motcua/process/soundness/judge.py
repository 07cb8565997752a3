"""From the states that were seen to the faults, each with its element and the way that leads into it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from motcua.process.soundness import words
from motcua.process.soundness.explore import DOOMED, Clash, Graph
from motcua.process.soundness.faults import Fault, FaultCode
from motcua.process.soundness.net import WAITING, Net
from motcua.process.types import Element, ProcessDefinition

_NOT_PASSED = frozenset({"event_subprocess", "catch_link"})


def judge(definition: ProcessDefinition, net: Net, graph: Graph, *, is_beside: bool) -> Iterator[Fault]:
    """Yield what keeps this scope from always coming to a proper end. `is_beside`: the path of an event beside work."""
    for clash in graph.clashes:
        yield _clash(definition, net, graph, clash)
    for number in graph.stuck:
        yield from _stuck(definition, net, graph, number)
    for number, element_id in graph.lost:
        element = definition.by_id[element_id]
        yield _fault(graph, number, element, "gateway_without_way_out", words.say_lost(element), definition)
    yield from _results(definition, net, graph, is_beside=is_beside)
    yield from _loops(definition, net, graph)


def judge_coverage(definition: ProcessDefinition, net: Net, graph: Graph) -> Iterator[Fault]:
    """Yield the elements that no state reaches, and conditions that never hold. Only for a scope without errors."""
    in_scope = {owner for owner in net.owners}
    in_scope |= {move.element_id for moves in net.moves for move in moves}
    for element in definition.elements:
        if element.id in in_scope and element.id not in graph.passed and element.kind not in _NOT_PASSED:
            yield Fault(element.id, "unreachable", "error", words.say_unreachable(element))
    for flow in definition.flows:
        source = definition.by_id[flow.source]
        is_chosen = flow.condition is not None and source.kind in ("exclusive", "inclusive")
        if is_chosen and source.id in graph.passed and flow.id not in graph.taken:
            yield Fault(flow.id, "flow_never_taken", "warning", words.say_never_taken(flow, source))


def _fault(
    graph: Graph,
    number: int,
    element: Element,
    code: FaultCode,
    message: str,
    definition: ProcessDefinition,
    last: Iterable[tuple[str, str]] = (),
) -> Fault:
    way = (*graph.way_to(number), *last)
    path = tuple(dict.fromkeys(element_id for element_id, _ in way))
    return Fault(element.id, code, "error", words.with_way(message, way, definition), path)


def _clash(definition: ProcessDefinition, net: Net, graph: Graph, clash: Clash) -> Fault:
    met = definition.by_id[net.owners[clash.place]]
    element = _find_meeting(definition, met)
    last = ((clash.move.element_id, ""),)
    if clash.grows:
        return _fault(graph, clash.state, element, "unbounded_growth", words.say_growth(element), definition, last)
    message = words.say_clash(element, definition)
    return _fault(graph, clash.state, element, "lack_of_synchronisation", message, definition, last)


def _find_meeting(definition: ProcessDefinition, element: Element) -> Element:
    """Walk back to where two arrows come together: there the tokens met."""
    seen: set[str] = set()
    current = element
    while current.id not in seen:
        seen.add(current.id)
        incoming = definition.incoming.get(current.id, ())
        if len(incoming) != 1:
            return current if len(incoming) > 1 else element
        before = definition.by_id[incoming[0].source]
        if before.kind in WAITING and current is not element:
            return element
        current = before
    return element


def _stuck(definition: ProcessDefinition, net: Net, graph: Graph, number: int) -> Iterator[Fault]:
    marking = graph.states[number].marking
    seen: set[str] = set()
    for place, join in enumerate(net.joins):
        if join is None or not marking >> place & 1 or join.element_id in seen:
            continue
        seen.add(join.element_id)
        element = definition.by_id[join.element_id]
        present = {name.removeprefix("flow:") for at, name in enumerate(net.names) if marking >> at & 1}
        missing = [flow for flow in definition.incoming.get(element.id, ()) if flow.id not in present]
        message = words.say_join_waits(element, [definition.by_id[flow.source] for flow in missing])
        yield _fault(graph, number, element, "join_waits_forever", message, definition)


def _results(definition: ProcessDefinition, net: Net, graph: Graph, *, is_beside: bool) -> Iterator[Fault]:
    """Yield ends with a result that are reached while other work is still under way."""
    for number, place in graph.twice:
        element = definition.by_id[net.owners[place]]
        yield _fault(graph, number, element, "end_with_work_left", words.say_two_results([element]), definition)
    for number in graph.ended:
        marking = graph.states[number].marking
        ends = [
            definition.by_id[owner]
            for place, owner in enumerate(net.owners)
            if marking & net.result_ends & ~DOOMED & 1 << place
        ]
        if is_beside and ends:
            message = words.say_result_beside(ends[0])
            yield _fault(graph, number, ends[0], "end_with_work_left", message, definition)
        elif len(ends) > 1:
            yield _fault(graph, number, ends[0], "end_with_work_left", words.say_two_results(ends), definition)


def _loops(definition: ProcessDefinition, net: Net, graph: Graph) -> Iterator[Fault]:
    """Yield the loops that are never left: states from which neither an end nor another fault can be reached."""
    before: list[list[int]] = [[] for _ in graph.states]
    for number, following in enumerate(graph.leads):
        for at in following:
            before[at].append(number)
    fine = set(graph.ended) | set(graph.stuck) | {clash.state for clash in graph.clashes}
    fine |= {number for number, _ in graph.lost} | {number for number, _ in graph.twice}
    todo = list(fine)
    while todo:
        for number in before[todo.pop()]:
            if number not in fine:
                fine.add(number)
                todo.append(number)
    caught = [number for number in range(len(graph.states)) if number not in fine]
    if not caught:
        return
    inside = _turning(graph, caught)
    owners = dict.fromkeys(
        net.owners[place]
        for number in inside
        for place in range(len(net.names))
        if graph.states[number].marking >> place & 1
    )
    elements = [definition.by_id[owner] for owner in owners]
    shown = next((element for element in elements if element.kind == "exclusive"), elements[0])
    yield _fault(graph, caught[0], shown, "livelock", words.say_loop(elements), definition)


def _turning(graph: Graph, caught: list[int]) -> list[int]:
    """Return the states of one loop among those caught: walk on until a state comes again."""
    seen: dict[int, int] = {}
    way: list[int] = []
    current = caught[0]
    while current not in seen:
        seen[current] = len(way)
        way.append(current)
        current = graph.leads[current][0]
    return way[seen[current] :]
