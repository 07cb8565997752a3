"""Read what goes into and comes out of an element, as Camunda 8 (`zeebe:ioMapping`) and 7 (`inputOutput`) write it."""

from __future__ import annotations

from lxml import etree

from motcua.kernel.messages import N_
from motcua.process.bpmn.reading import Reading
from motcua.process.bpmn.source import CAMUNDA, ZEEBE, child, children, extension, extensions, local_name, text_of
from motcua.process.feel import compile_expression, literal
from motcua.process.types import Assignment

Mapping = tuple[tuple[Assignment, ...], tuple[Assignment, ...]]
_LISTENERS = (
    ("executionListener", CAMUNDA), ("taskListener", CAMUNDA), ("executionListeners", ZEEBE), ("taskListeners", ZEEBE),
)  # fmt: skip


def read_mapping(node: etree._Element, reading: Reading) -> Mapping:
    """Return the input and output mapping of an element; what would run foreign code is refused."""
    for name, namespace in _LISTENERS:
        if extensions(node, name, namespace):
            reading.refuse(node, "listener")
    if extension(node, "connector", CAMUNDA) is not None:
        reading.refuse(node, "connector")
    _check_data_flows(node, reading)
    found: dict[str, list[Assignment]] = {"input": [], "output": []}
    _read_zeebe(node, found, reading)
    _read_camunda(node, found, reading)
    return tuple(found["input"]), tuple(found["output"])


def _read_zeebe(node: etree._Element, found: dict[str, list[Assignment]], reading: Reading) -> None:
    holder = extension(node, "ioMapping")
    for item in () if holder is None else holder.iterchildren(etree.Element):
        run = reading.value(node.get("id", ""), item.get("source", ""), N_("Biến"))
        direction = local_name(item)[1]
        if run is not None and direction in found:
            found[direction].append(Assignment(item.get("target", ""), run))


def _read_camunda(node: etree._Element, found: dict[str, list[Assignment]], reading: Reading) -> None:
    holder = extension(node, "inputOutput", CAMUNDA)
    for item in () if holder is None else holder.iterchildren(etree.Element):
        direction = local_name(item)[1].removesuffix("Parameter")
        inner = next(item.iterchildren(etree.Element), None)
        if inner is not None and not _is_feel_script(inner):
            language = inner.get("scriptFormat", "") or local_name(inner)[1]
            message = N_(
                "“%(id)s”: biến “%(variable)s” dùng %(language)s; chỉ chạy được biểu thức FEEL.",
                id=node.get("id", ""),
                variable=item.get("name", ""),
                language=language,
            )
            reading.report(node.get("id", ""), "script_language", message)
            continue
        text = text_of(item)
        run = (
            reading.compile(node.get("id", ""), text, N_("Biến"))
            if inner is not None
            else reading.value(node.get("id", ""), text, N_("Biến"))
        )
        if run is not None and direction in found:
            found[direction].append(Assignment(item.get("name", ""), run))


def _is_feel_script(node: etree._Element) -> bool:
    return local_name(node)[1] == "script" and "feel" in node.get("scriptFormat", "").lower()


def _check_data_flows(node: etree._Element, reading: Reading) -> None:
    """Arrows from and to data objects are kept; those that compute on the way are refused."""
    for name in ("dataInputAssociation", "dataOutputAssociation"):
        for flow in children(node, name):
            if child(flow, "transformation") is not None or child(flow, "assignment") is not None:
                reading.refuse(node, "dataTransformation")
                return


def read_headers(node: etree._Element) -> tuple[Assignment, ...]:
    """Return the fixed inputs of a service: task headers, and Camunda 7's injected fields."""
    holder = extension(node, "taskHeaders")
    fixed = [] if holder is None else [(item.get("key", ""), item.get("value", "")) for item in holder]
    return tuple(Assignment(key, literal(value)) for key, value in fixed)


def read_call_mapping(node: etree._Element, reading: Reading) -> tuple[Mapping, bool, bool]:
    """Return what a call activity hands over and takes back, and whether it is everything."""
    called = extension(node, "calledElement")
    if called is not None:
        takes = called.get("propagateAllParentVariables", "true") != "false"
        gives = called.get("propagateAllChildVariables", "true") != "false"
        return read_mapping(node, reading), takes, gives
    inputs, takes = _read_passes(node, "in", reading)
    outputs, gives = _read_passes(node, "out", reading)
    more = read_mapping(node, reading)
    return ((*inputs, *more[0]), (*outputs, *more[1])), takes, gives


def _read_passes(node: etree._Element, name: str, reading: Reading) -> tuple[list[Assignment], bool]:
    lines, is_all = [], False
    for item in extensions(node, name, CAMUNDA):
        if item.get("variables") == "all":
            is_all = True
        elif item.get("sourceExpression") is not None:
            run = reading.value(node.get("id", ""), item.get("sourceExpression", ""), N_("Biến"))
            if run is not None:
                lines.append(Assignment(item.get("target", ""), run))
        elif item.get("source") is not None:
            run = reading.compile(node.get("id", ""), item.get("source", ""), N_("Biến"))
            if run is not None:
                lines.append(Assignment(item.get("target", ""), run))
    return lines, is_all


def read_path(name: str) -> Assignment:
    """Make the assignment that keeps a variable under its own name."""
    return Assignment(name, compile_expression(name))
