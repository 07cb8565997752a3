"""From the bytes of a drawing to definitions that can be run, or to all their problems at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar

from lxml import etree

from motcua.kernel.messages import N_
from motcua.process.bpmn.checks import check_definition, check_reach, check_surroundings
from motcua.process.bpmn.reach import join_reach
from motcua.process.bpmn.reading import Reading, Shared, read_shared
from motcua.process.bpmn.scopes import read_process
from motcua.process.bpmn.source import find_processes, read_root, refuse
from motcua.process.feel import Expression
from motcua.process.types import Element, Flow, Loop, Problem, ProcessDefinition, ProcessDefinitionError

MAX_ELEMENTS = 1_000  # nodes and flows together; the longest procedure of the city has some sixty
_MAX_NODES = 30_000  # of the whole tree of a process, notes and extensions included

T = TypeVar("T")


def parse_process(
    xml: bytes,
    *,
    process_id: str = "",
    known_roles: Iterable[str] | None = None,
    known_screens: Iterable[str] | None = None,
) -> ProcessDefinition:
    """Read a BPMN 2.0 file into one checked definition: the one named, or the only one that can be run.

    With `known_roles` or `known_screens`, tasks for others are problems too (as when publishing).
    Raises: ProcessDefinitionError, with every problem found.
    """
    root = read_root(xml)
    found = find_processes(root)
    if process_id:
        found = [process for process in found if process.get("id") == process_id]
        if not found:
            raise refuse(
                "no_process", N_("Tệp không có quy trình “%(process_id)s”; hãy kiểm tra lại mã.", process_id=process_id)
            )
    if len(found) > 1:
        raise refuse("several_processes", N_("Tệp có nhiều quy trình chạy được; hãy chọn một, hoặc để lại một."))
    return _read(found[0], read_shared(root), known_roles, known_screens)


def parse_processes(
    xml: bytes, *, known_roles: Iterable[str] | None = None, known_screens: Iterable[str] | None = None
) -> tuple[ProcessDefinition, ...]:
    """Read every executable process of a file, one a pool. Raises: ProcessDefinitionError, with all their problems."""
    root = read_root(xml)
    shared = read_shared(root)
    definitions: list[ProcessDefinition] = []
    problems: list[Problem] = []
    for process in find_processes(root):
        try:
            definitions.append(_read(process, shared, known_roles, known_screens))
        except ProcessDefinitionError as error:
            problems += error.problems
    if problems:
        raise ProcessDefinitionError(tuple(problems))
    return tuple(definitions)


def _read(
    process: etree._Element, shared: Shared, roles: Iterable[str] | None, screens: Iterable[str] | None
) -> ProcessDefinition:
    if sum(1 for _ in process.iter(etree.Element)) > _MAX_NODES:
        raise _too_many()
    reading = read_process(process, shared)
    if len(reading.elements) + len(reading.flows) > MAX_ELEMENTS:
        raise _too_many()
    definition = _build(process, reading)
    problems = [*reading.problems, *check_definition(definition, reading.flow_parents, reading.refused)]
    problems += check_surroundings(definition, roles, screens)
    if not problems:
        problems += check_reach(definition)
    if problems:
        raise ProcessDefinitionError(tuple(problems))
    return definition


def _too_many() -> ProcessDefinitionError:
    return refuse(
        "too_many_elements",
        N_("Quy trình có quá %(max_elements)s phần tử; hãy chia nhỏ quy trình.", max_elements=MAX_ELEMENTS),
    )


def _build(process: etree._Element, reading: Reading) -> ProcessDefinition:
    outgoing: dict[str, list[Flow]] = defaultdict(list)
    incoming: dict[str, list[Flow]] = defaultdict(list)
    boundaries: dict[str, list[Element]] = defaultdict(list)
    starts: dict[str, list[Element]] = defaultdict(list)
    handlers: dict[str, list[Element]] = defaultdict(list)
    for flow in reading.flows:
        outgoing[flow.source].append(flow)
        incoming[flow.target].append(flow)
    for element in reading.elements:
        if element.attached_to:
            boundaries[element.attached_to].append(element)
        if element.kind == "event_subprocess":
            handlers[element.parent].append(element)
        starts[element.parent] += _as_starts(element, outgoing, reading)
    key = process.get("id", "")
    by_id = {element.id: element for element in reading.elements}
    return ProcessDefinition(
        key=key,
        name=" ".join(process.get("name", "").split()),
        elements=tuple(reading.elements),
        flows=tuple(reading.flows),
        paths=_paths(reading),
        by_id=by_id,
        outgoing=_freeze(outgoing),
        incoming=_freeze(incoming),
        boundaries=_freeze(boundaries),
        starts_of=_freeze(starts),
        event_subprocesses=_freeze(handlers),
        links={(one.parent, one.link): one for one in reading.elements if one.kind == "catch_link"},
        join_reach=join_reach(reading.elements, incoming, by_id),
        data=tuple(reading.data),
        has_conditions=any(one.event == "condition" for one in reading.elements),
        message_flows=tuple(reading.shared.flows),
        pool=next((name for held, name in reading.shared.pools.values() if held == key), ""),
    )


def _freeze(table: Mapping[str, list[T]]) -> dict[str, tuple[T, ...]]:
    return {key: tuple(items) for key, items in table.items() if items}


def _as_starts(element: Element, outgoing: dict[str, list[Flow]], reading: Reading) -> list[Element]:
    """Return the events by which a scope begins: its start events, and receivers that create the process."""
    if element.kind == "start" or (element.instantiates and element.kind == "receive"):
        return [element]
    if element.instantiates and element.kind == "event_gateway":
        targets = {flow.target for flow in outgoing.get(element.id, ())}
        return [other for other in reading.elements if other.id in targets]
    return []


def _paths(reading: Reading) -> frozenset[tuple[str, ...]]:
    """Collect the variables that the process reads: only these are kept in its state."""
    expressions: list[Expression | None] = [flow.condition for flow in reading.flows]
    for element in reading.elements:
        expressions += [line.source for line in (*element.inputs, *element.outputs)]
        expressions += [element.timer.expression if element.timer else None]
        expressions += [element.script.source if element.script else None]
        expressions += [element.condition, element.correlation, element.due]
        expressions += _of_loop(element.loop)
    read = {path for expression in expressions if expression is not None for path in expression.paths}
    return frozenset(read | {(held.name,) for held in reading.data})


def _of_loop(loop: Loop | None) -> list[Expression | None]:
    return [] if loop is None else [loop.cardinality, loop.collection, loop.output_element, loop.condition]
