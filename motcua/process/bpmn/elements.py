"""Turn the nodes of a process into elements and flows; faults are collected, not raised.

Source: BPMN 2.0.2 (ISO/IEC 19510:2013), 10.3 activities, 10.5 events, 10.6 gateways, 10.8 lanes, 8.3.13 flows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from motcua.process.bpmn.source import (
    CAMUNDA,
    child,
    children,
    extension,
    local_name,
    read_properties,
)
from motcua.process.bpmn.timers import read_timer
from motcua.process.feel import Expression, FeelError, compile_expression, literal
from motcua.process.types import Assignment, Element, Flow, Kind, Problem

_TASKS: dict[str, Kind] = {
    "userTask": "user",
    "serviceTask": "service",
    "sendTask": "service",
    "businessRuleTask": "service",
    "scriptTask": "script",
    "manualTask": "manual",
    "receiveTask": "receive",
    "exclusiveGateway": "exclusive",
    "parallelGateway": "parallel",
    "eventBasedGateway": "event_gateway",
}
_EVENTS = {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
# What a drawing may hold beside the flow: pictures, notes and data change nothing in the run.
_IGNORED = {
    "documentation", "extensionElements", "laneSet", "textAnnotation", "association", "group", "dataObject",
    "dataObjectReference", "dataStoreReference", "ioSpecification", "property", "auditing", "monitoring", "artifact",
}  # fmt: skip
_VIETNAMESE = {
    "task": "việc chưa chọn loại (hãy chọn loại, ví dụ “User task”)",
    "subProcess": "quy trình con",
    "adHocSubProcess": "quy trình con tuỳ biến",
    "transaction": "giao dịch",
    "callActivity": "gọi quy trình khác",
    "inclusiveGateway": "cổng “hoặc” (inclusive)",
    "complexGateway": "cổng phức hợp",
    "standardLoopCharacteristics": "lặp lại",
    "multiInstanceLoopCharacteristics": "nhiều lần song song",
}
_LANE_ROLE = re.compile(r"\(([a-z][a-z0-9_]*)\)\s*$")


@dataclass
class Reading:
    """What has been read so far, and what was wrong with it."""

    root: etree._Element
    elements: list[Element] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    lanes: dict[str, str] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)

    def report(self, element_id: str, code: str, message_vi: str) -> None:
        self.problems.append(Problem(element_id, code, message_vi))

    def compile(self, element_id: str, text: str, what_vi: str) -> Expression | None:
        """Compile an expression or report why not."""
        try:
            return compile_expression(text)
        except FeelError as error:
            self.report(element_id, "expression_unreadable", f"{what_vi} của “{element_id}”: {error.reason_vi}")
            return None


def read_elements(root: etree._Element, process: etree._Element) -> Reading:
    """Read every node of the process."""
    reading = Reading(root)
    for message in children(root, "message"):
        reading.messages[message.get("id", "")] = message.get("name", "")
    for lane_set in children(process, "laneSet"):
        _read_lanes(lane_set, reading)
    for node in process.iterchildren(etree.Element):
        _read_node(node, reading)
    return reading


def _read_lanes(lane_set: etree._Element, reading: Reading) -> None:
    for lane in children(lane_set, "lane"):
        for reference in children(lane, "flowNodeRef"):
            reading.lanes[(reference.text or "").strip()] = lane.get("name", "")
        for inner in children(lane, "childLaneSet"):
            _read_lanes(inner, reading)


def _read_node(node: etree._Element, reading: Reading) -> None:
    _, name = local_name(node)
    if name in _IGNORED:
        return
    if name == "sequenceFlow":
        _read_flow(node, reading)
        return
    if name not in _TASKS and name not in _EVENTS:
        _refuse(node, name, reading)
        return
    for inner in node:
        _, inner_name = local_name(inner)
        if inner_name.endswith("LoopCharacteristics"):
            _refuse(node, inner_name, reading)
    if node.get("isForCompensation") == "true":
        _refuse(node, "compensation", reading)
    element = _read_event(node, name, reading) if name in _EVENTS else _read_task(node, name, reading)
    if element is not None:
        reading.elements.append(element)


def _refuse(node: etree._Element, name: str, reading: Reading) -> None:
    label = node.get("name") or node.get("id", "")
    what = _VIETNAMESE.get(name, name)
    reading.refused.add(node.get("id", ""))
    reading.report(node.get("id", ""), "unsupported", f"“{label}”: chưa dùng được phần tử {name} – {what}.")


def _read_flow(node: etree._Element, reading: Reading) -> None:
    flow_id = node.get("id", "")
    written = child(node, "conditionExpression")
    condition = None
    if written is not None and (written.text or "").strip():
        condition = reading.compile(flow_id, written.text or "", "Điều kiện")
    flow = Flow(flow_id, node.get("sourceRef", ""), node.get("targetRef", ""), node.get("name", ""), condition)
    reading.flows.append(flow)


def _common(node: etree._Element, reading: Reading) -> dict[str, Any]:
    """Read what any element may carry."""
    element_id, properties = node.get("id", ""), read_properties(node)
    return {
        "id": element_id,
        "name": " ".join(node.get("name", "").split()),
        "lane": reading.lanes.get(element_id, ""),
        "stage": properties.get("stage", ""),
        "outcome": properties.get("outcome", ""),
        "properties": properties,
    }


def _read_task(node: etree._Element, name: str, reading: Reading) -> Element | None:
    common = _common(node, reading)
    kind = _TASKS[name]
    common["inputs"], common["outputs"] = _read_mapping(node, reading)
    readers: dict[str, Callable[[etree._Element, dict[str, Any], Reading], None]] = {
        "user": _add_user,
        "service": _add_service,
        "script": _add_script,
        "receive": _add_message,
        "exclusive": _add_default,
    }
    if kind in readers:
        readers[kind](node, common, reading)
    return Element(kind=kind, **common)


def _read_mapping(node: etree._Element, reading: Reading) -> tuple[tuple[Assignment, ...], tuple[Assignment, ...]]:
    holder = extension(node, "ioMapping")
    if holder is None:
        return (), ()
    found: dict[str, list[Assignment]] = {"input": [], "output": []}
    for item in holder:
        _, direction = local_name(item)
        source = item.get("source", "")
        run = reading.compile(node.get("id", ""), source, "Biến") if source.startswith("=") else literal(source)
        if run is not None and direction in found:
            found[direction].append(Assignment(item.get("target", ""), run))
    return tuple(found["input"]), tuple(found["output"])


def _add_user(node: etree._Element, common: dict[str, Any], reading: Reading) -> None:
    properties = common["properties"]
    assignment, form = extension(node, "assignmentDefinition"), extension(node, "formDefinition")
    groups = "" if assignment is None else assignment.get("candidateGroups", "")
    groups = groups or node.get(f"{{{CAMUNDA}}}candidateGroups", "")
    common["role"] = groups.strip() or _lane_role(common["lane"])
    if "," in groups or groups.startswith("="):
        reading.report(common["id"], "several_roles", f"Việc “{common['name']}”: hãy ghi đúng một vai trò.")
    screen = "" if form is None else form.get("formId", "") or form.get("formKey", "")
    common["screen"] = screen or node.get(f"{{{CAMUNDA}}}formKey", "")
    common["outcomes"] = tuple(part.strip() for part in properties.get("outcomes", "").split("|") if part.strip())
    for name in ("share_minutes", "share_workdays"):
        common[name] = _read_count(common, name, reading)


def _read_count(common: dict[str, Any], name: str, reading: Reading) -> int | None:
    text = common["properties"].get(name, "")
    if not text:
        return None
    if not re.fullmatch(r"\d{1,5}", text):
        reading.report(common["id"], "property_unreadable", f"Việc “{common['name']}”: {name} phải là một số.")
        return None
    return int(text)


def _lane_role(lane: str) -> str:
    """Take the role from a lane: what stands in brackets at the end, else the whole name."""
    match = _LANE_ROLE.search(lane)
    return match.group(1) if match else lane.strip()


def _add_service(node: etree._Element, common: dict[str, Any], reading: Reading) -> None:
    definition = extension(node, "taskDefinition")
    topic = "" if definition is None else definition.get("type", "")
    common["topic"] = topic or node.get(f"{{{CAMUNDA}}}topic", "")
    headers = extension(node, "taskHeaders")
    if headers is not None:
        fixed = [Assignment(item.get("key", ""), literal(item.get("value", ""))) for item in headers]
        common["inputs"] = (*fixed, *common["inputs"])
    if extension(node, "calledDecision") is not None:
        _refuse(node, "calledDecision", reading)


def _add_script(node: etree._Element, common: dict[str, Any], reading: Reading) -> None:
    written = extension(node, "script")
    if written is not None:
        text, target = written.get("expression", ""), written.get("resultVariable", "")
    else:
        inner = child(node, "script")
        text = "" if inner is None else inner.text or ""
        target = node.get(f"{{{CAMUNDA}}}resultVariable", "")
        if "feel" not in node.get("scriptFormat", "").lower():
            reading.report(common["id"], "script_language", f"Việc “{common['name']}”: chỉ chạy được biểu thức FEEL.")
            return
    if not re.fullmatch(r"[^\W\d]\w*", target):
        reading.report(common["id"], "script_without_result", f"Việc “{common['name']}”: hãy ghi tên biến kết quả.")
        return
    run = reading.compile(common["id"], text, "Biểu thức")
    if run is not None:
        common["script"] = Assignment(target, run)


def _add_message(node: etree._Element, common: dict[str, Any], reading: Reading) -> None:
    common["message"] = reading.messages.get(node.get("messageRef", ""), "")


def _add_default(node: etree._Element, common: dict[str, Any], _reading: Reading) -> None:
    common["default_flow"] = node.get("default", "")


def _read_event(node: etree._Element, name: str, reading: Reading) -> Element | None:
    common = _common(node, reading)
    definitions = [inner for inner in node if local_name(inner)[1].endswith("EventDefinition")]
    if len(definitions) > 1:
        _refuse(node, "multipleEventDefinitions", reading)
        return None
    what = local_name(definitions[0])[1] if definitions else ""
    allowed = {
        "startEvent": ("", "messageEventDefinition", "timerEventDefinition"),
        "endEvent": ("", "terminateEventDefinition"),
        "intermediateThrowEvent": ("",),
    }.get(name, ("messageEventDefinition", "timerEventDefinition"))
    if what not in allowed:
        _refuse(node, what or f"{name} không có loại sự kiện", reading)
        return None
    if what == "messageEventDefinition":
        _add_message(definitions[0], common, reading)
    if what == "timerEventDefinition":
        common["timer"] = read_timer(definitions[0], common, reading.report)
    common["inputs"], common["outputs"] = _read_mapping(node, reading)
    return Element(kind=_event_kind(node, name, what, common), **common)


def _event_kind(node: etree._Element, name: str, what: str, common: dict[str, Any]) -> Kind:
    if name == "startEvent":
        return "start"
    if name == "intermediateThrowEvent":
        return "throw"
    if name == "endEvent":
        common["terminates"] = what == "terminateEventDefinition"
        return "end"
    if name == "intermediateCatchEvent":
        return "catch_timer" if what.startswith("timer") else "catch_message"
    common["attached_to"] = node.get("attachedToRef", "")
    common["interrupting"] = node.get("cancelActivity", "true") != "false"
    return "boundary_timer" if what.startswith("timer") else "boundary_message"
