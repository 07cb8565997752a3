"""From the bytes of a drawing to a definition that can be run, or to all its problems at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from lxml import etree

from motcua.process.bpmn.checks import check_definition, check_reach, check_surroundings
from motcua.process.bpmn.elements import Reading, read_elements
from motcua.process.bpmn.source import find_process, read_root, refuse
from motcua.process.types import Element, Flow, ProcessDefinition, ProcessDefinitionError

MAX_ELEMENTS = 1_000  # nodes and flows together; the longest procedure of the city has some sixty


def parse_process(
    xml: bytes, *, known_roles: Iterable[str] | None = None, known_screens: Iterable[str] | None = None
) -> ProcessDefinition:
    """Read a BPMN 2.0 file into a checked definition.

    With `known_roles` or `known_screens`, tasks for others are problems too (as when publishing).
    Raises: ProcessDefinitionError, with every problem found.
    """
    root = read_root(xml)
    process = find_process(root)
    if sum(1 for _ in process.iterchildren(etree.Element)) > MAX_ELEMENTS:
        raise refuse("too_many_elements", f"Quy trình có quá {MAX_ELEMENTS} phần tử; hãy chia nhỏ quy trình.")
    reading = read_elements(root, process)
    definition = _build(process, reading)
    problems = [*reading.problems, *check_definition(definition, reading.refused)]
    problems += check_surroundings(definition, known_roles, known_screens)
    if not problems:
        problems += check_reach(definition)
    if problems:
        raise ProcessDefinitionError(tuple(problems))
    return definition


def _build(process: etree._Element, reading: Reading) -> ProcessDefinition:
    outgoing: dict[str, list[Flow]] = defaultdict(list)
    incoming: dict[str, list[Flow]] = defaultdict(list)
    boundaries: dict[str, list[Element]] = defaultdict(list)
    for flow in reading.flows:
        outgoing[flow.source].append(flow)
        incoming[flow.target].append(flow)
    for element in reading.elements:
        if element.attached_to:
            boundaries[element.attached_to].append(element)
    return ProcessDefinition(
        key=process.get("id", ""),
        name=" ".join(process.get("name", "").split()),
        elements=tuple(reading.elements),
        flows=tuple(reading.flows),
        paths=_paths(reading),
        by_id={element.id: element for element in reading.elements},
        outgoing={key: tuple(flows) for key, flows in outgoing.items()},
        incoming={key: tuple(flows) for key, flows in incoming.items()},
        boundaries={key: tuple(items) for key, items in boundaries.items()},
        starts_of={"": tuple(element for element in reading.elements if element.kind == "start")},
    )


def _paths(reading: Reading) -> frozenset[tuple[str, ...]]:
    """Collect the variables that the process reads: only these are kept in its state."""
    expressions = [flow.condition for flow in reading.flows]
    for element in reading.elements:
        expressions += [line.source for line in (*element.inputs, *element.outputs)]
        expressions += [element.timer.expression if element.timer else None]
        expressions += [element.script.source if element.script else None]
    return frozenset(path for expression in expressions if expression is not None for path in expression.paths)
