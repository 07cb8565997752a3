"""Read tasks, sub-processes, calls and gateways. Source: BPMN 2.0.2 (ISO/IEC 19510:2013), 10.3 and 10.6."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from lxml import etree

from motcua.kernel.messages import N_
from motcua.process.bpmn.events import read_message
from motcua.process.bpmn.loops import read_loop
from motcua.process.bpmn.mappings import read_call_mapping, read_headers, read_mapping
from motcua.process.bpmn.reading import Reading, is_name
from motcua.process.bpmn.source import CAMUNDA, child, children, extension, text_of
from motcua.process.types import Assignment, Element, Kind

ACTIVITIES: dict[str, Kind] = {
    "task": "manual",
    "userTask": "user",
    "serviceTask": "service",
    "sendTask": "send",
    "businessRuleTask": "decision",
    "scriptTask": "script",
    "manualTask": "manual",
    "receiveTask": "receive",
    "subProcess": "subprocess",
    "callActivity": "call",
    "exclusiveGateway": "exclusive",
    "inclusiveGateway": "inclusive",
    "parallelGateway": "parallel",
    "eventBasedGateway": "event_gateway",
}
_LANE_ROLE = re.compile(r"\(([a-z][a-z0-9_]*)\)\s*$")
_OWNER = re.compile(r"group\(\s*([^)]+?)\s*\)")
_JAVA = ("class", "expression", "delegateExpression")


def read_activity(node: etree._Element, name: str, common: dict[str, Any], reading: Reading) -> Element:
    """Read one task, sub-process, call or gateway; what is wrong is reported."""
    kind = ACTIVITIES[name]
    common["default_flow"] = node.get("default", "").rpartition(":")[2]
    if name.endswith("Gateway"):
        if kind == "event_gateway":
            _read_event_gateway(node, common, reading)
        return Element(kind=kind, **common)
    if node.get("isForCompensation") == "true":
        reading.refuse(node, "compensation")
    common["loop"] = read_loop(node, reading)
    if kind != "call":
        common["inputs"], common["outputs"] = read_mapping(node, reading)
    if kind == "subprocess" and node.get("triggeredByEvent") == "true":
        kind = "event_subprocess"
    reader = _READERS.get(kind)
    return Element(kind=(reader(node, common, reading) if reader is not None else kind), **common)


def _read_event_gateway(node: etree._Element, common: dict[str, Any], reading: Reading) -> None:
    common["instantiates"] = node.get("instantiate") == "true"
    if node.get("eventGatewayType", "Exclusive") == "Parallel":
        reading.refuse(node, "parallelEventGateway")


def _read_user(node: etree._Element, common: dict[str, Any], reading: Reading) -> Kind:
    properties = common["properties"]
    assignment, form = extension(node, "assignmentDefinition"), extension(node, "formDefinition")
    groups = "" if assignment is None else assignment.get("candidateGroups", "")
    groups = groups or node.get(f"{{{CAMUNDA}}}candidateGroups", "") or _owner(node)
    groups = reading.fixed(node, groups)
    common["role"] = groups.strip() or lane_role(common["lane"])
    if "," in groups:
        reading.report(
            common["id"], "several_roles", N_("Việc “%(name)s”: hãy ghi đúng một vai trò.", name=common["name"])
        )
    screen = "" if form is None else form.get("formId", "") or form.get("formKey", "")
    screen = screen or ("" if form is None else form.get("externalReference", ""))
    screen = screen or node.get(f"{{{CAMUNDA}}}formKey", "") or node.get(f"{{{CAMUNDA}}}formRef", "")
    common["screen"] = screen
    common["outcomes"] = tuple(part.strip() for part in properties.get("outcomes", "").split("|") if part.strip())
    schedule = extension(node, "taskSchedule")
    due = "" if schedule is None else schedule.get("dueDate", "")
    due = due or node.get(f"{{{CAMUNDA}}}dueDate", "")
    if due:
        common["due"] = reading.value(common["id"], due, N_("Hạn làm"))
    for name in ("share_minutes", "share_workdays"):
        common[name] = _read_count(common, name, reading)
    return "user"


def _owner(node: etree._Element) -> str:
    """Return the group of the standard's own way to say who may do a task."""
    for owner in children(node, "potentialOwner"):
        match = _OWNER.search(text_of(owner))
        if match:
            return match.group(1)
    return ""


def _read_count(common: dict[str, Any], name: str, reading: Reading) -> int | None:
    text = common["properties"].get(name, "")
    if not text:
        return None
    if not re.fullmatch(r"\d{1,5}", text):
        message = N_("Việc “%(name)s”: %(key)s phải là một số.", name=common["name"], key=name)
        reading.report(common["id"], "property_unreadable", message)
        return None
    return int(text)


def lane_role(lane: str) -> str:
    """Take the role from a lane: what stands in brackets at the end, else the whole name."""
    match = _LANE_ROLE.search(lane)
    return match.group(1) if match else lane.strip()


def _read_topic(node: etree._Element, common: dict[str, Any], reading: Reading) -> str:
    definition = extension(node, "taskDefinition")
    topic = "" if definition is None else definition.get("type", "")
    topic = reading.fixed(node, topic or node.get(f"{{{CAMUNDA}}}topic", ""))
    if topic:
        common["inputs"] = (*read_headers(node), *common["inputs"])
    elif any(node.get(f"{{{CAMUNDA}}}{name}") is not None for name in _JAVA):
        reading.refuse(node, "javaCode")
    common["topic"] = topic
    return topic


def _read_service(node: etree._Element, common: dict[str, Any], reading: Reading) -> Kind:
    _read_topic(node, common, reading)
    return "service"


def _read_send(node: etree._Element, common: dict[str, Any], reading: Reading) -> Kind:
    read_message(node, node, common, reading)
    return "service" if _read_topic(node, common, reading) else "send"


def _read_decision(node: etree._Element, common: dict[str, Any], reading: Reading) -> Kind:
    if _read_topic(node, common, reading):
        return "service"
    called = extension(node, "calledDecision")
    if called is not None:
        common["decision"] = reading.fixed(node, called.get("decisionId", ""))
        common["result_variable"] = called.get("resultVariable", "")
    else:
        common["decision"] = reading.fixed(node, node.get(f"{{{CAMUNDA}}}decisionRef", ""))
        common["result_variable"] = node.get(f"{{{CAMUNDA}}}resultVariable", "")
        if node.get(f"{{{CAMUNDA}}}mapDecisionResult") == "collectEntries":
            reading.refuse(node, "mapDecisionResult=collectEntries")
    if common["decision"] and not is_name(common["result_variable"]):
        reading.report(
            common["id"], "script_without_result", N_("Việc “%(name)s”: hãy ghi tên biến kết quả.", name=common["name"])
        )
    return "decision"


def _read_script(node: etree._Element, common: dict[str, Any], reading: Reading) -> Kind:
    written = extension(node, "script")
    if written is not None:
        text, target = written.get("expression", ""), written.get("resultVariable", "")
    elif _read_topic(node, common, reading):
        return "service"
    else:
        text, target = text_of(child(node, "script")), node.get(f"{{{CAMUNDA}}}resultVariable", "")
        if "feel" not in node.get("scriptFormat", "").lower():
            language = node.get("scriptFormat", "") or N_("không rõ")
            message = N_(
                "Việc “%(name)s”: ngôn ngữ %(language)s không chạy được; chỉ chạy được biểu thức FEEL.",
                name=common["name"],
                language=language,
            )
            reading.report(common["id"], "script_language", message)
            return "script"
    if not is_name(target):
        reading.report(
            common["id"], "script_without_result", N_("Việc “%(name)s”: hãy ghi tên biến kết quả.", name=common["name"])
        )
        return "script"
    run = reading.compile(common["id"], text, N_("Biểu thức"))
    if run is not None:
        common["script"] = Assignment(target, run)
    return "script"


def _read_receive(node: etree._Element, common: dict[str, Any], reading: Reading) -> Kind:
    read_message(node, node, common, reading)
    common["instantiates"] = node.get("instantiate") == "true"
    return "receive"


def _read_call(node: etree._Element, common: dict[str, Any], reading: Reading) -> Kind:
    called = extension(node, "calledElement")
    key = "" if called is None else called.get("processId", "")
    key = key or node.get("calledElement", "").rpartition(":")[2]
    common["called"] = reading.fixed(node, key)
    mapping, common["takes_all"], common["gives_all"] = read_call_mapping(node, reading)
    common["inputs"], common["outputs"] = mapping
    return "call"


_READERS: dict[Kind, Callable[[etree._Element, dict[str, Any], Reading], Kind]] = {
    "user": _read_user,
    "service": _read_service,
    "send": _read_send,
    "decision": _read_decision,
    "script": _read_script,
    "receive": _read_receive,
    "call": _read_call,
}
