"""Read events. Source: BPMN 2.0.2 (ISO/IEC 19510:2013), 10.5; what may stand where: 10.5.1 and 10.5.2."""

from __future__ import annotations

from typing import Any, get_args

from lxml import etree

from motcua.kernel.messages import N_
from motcua.process.bpmn.mappings import read_mapping, read_path
from motcua.process.bpmn.reading import Reading, Shared
from motcua.process.bpmn.source import CAMUNDA, child, children, extension, local_name, text_of
from motcua.process.bpmn.timers import read_timer
from motcua.process.types import Assignment, Element, EventKind, Kind

EVENTS = {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
_EVENT_OF: dict[str, EventKind] = {
    "timerEventDefinition": "timer",
    "messageEventDefinition": "message",
    "signalEventDefinition": "signal",
    "conditionalEventDefinition": "condition",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "linkEventDefinition": "link",
    "terminateEventDefinition": "terminate",
}
_BESIDE: tuple[EventKind, ...] = ("timer", "message", "signal", "condition", "error", "escalation")
_ALLOWED: dict[str, tuple[EventKind, ...]] = {
    "startEvent": ("", "timer", "message", "signal"),
    "endEvent": ("", "message", "signal", "error", "escalation", "terminate"),
    "intermediateCatchEvent": ("timer", "message", "signal", "condition", "link"),
    "intermediateThrowEvent": ("", "message", "signal", "escalation", "link"),
    "boundaryEvent": _BESIDE,
}


def read_event(node: etree._Element, name: str, common: dict[str, Any], reading: Reading) -> Element | None:
    """Read one event, or refuse it by name."""
    definition, is_single = _find_definition(node, reading.shared)
    if not is_single:
        reading.refuse(
            node, "parallelMultiple" if node.get("parallelMultiple") == "true" else "multipleEventDefinitions"
        )
        return None
    what = "" if definition is None else local_name(definition)[1]
    event = _EVENT_OF.get(what, "")
    if (what and not event) or event not in _allowed(node, name):
        is_top_condition = name == "startEvent" and event == "condition"
        reading.refuse(
            node, "conditionalStart" if is_top_condition else what or N_("%(name)s không có loại sự kiện", name=name)
        )
        return None
    common["event"] = event
    common["inputs"], common["outputs"] = read_mapping(node, reading)
    if definition is not None:
        _read_definition(node, definition, event, common, reading)
    return Element(kind=_kind_of(node, name, event, common), **common)


def _find_definition(node: etree._Element, shared: Shared) -> tuple[etree._Element | None, bool]:
    found = [inner for inner in node.iterchildren(etree.Element) if local_name(inner)[1].endswith("EventDefinition")]
    for reference in children(node, "eventDefinitionRef"):
        target = shared.events.get(text_of(reference).rpartition(":")[2])
        if target is not None:
            found.append(target)
    return (found[0] if found else None), len(found) < 2


def _allowed(node: etree._Element, name: str) -> tuple[EventKind, ...]:
    if name != "startEvent":
        return _ALLOWED[name]
    holder = node.getparent()
    if holder is None or local_name(holder)[1] == "process":
        return _ALLOWED[name]
    return _BESIDE if holder.get("triggeredByEvent") == "true" else ("",)


def _read_definition(
    node: etree._Element, definition: etree._Element, event: EventKind, common: dict[str, Any], reading: Reading
) -> None:
    match event:
        case "timer":
            common["timer"] = read_timer(definition, common, reading)
        case "message":
            read_message(node, definition, common, reading)
            topic = extension(node, "taskDefinition")
            common["topic"] = "" if topic is None else topic.get("type", "")
            common["topic"] = common["topic"] or definition.get(f"{{{CAMUNDA}}}topic", "")
        case "signal":
            common["signal"] = _named(node, definition, "signalRef", reading.shared.signals, reading)
            if not common["signal"]:
                reading.report(
                    common["id"], "signal_without_name", N_("“%(name)s”: chưa ghi tên tín hiệu.", name=_label(node))
                )
        case "condition":
            text = text_of(child(definition, "condition"))
            common["condition"] = reading.compile(common["id"], text, N_("Điều kiện")) if text else None
            if not text:
                reading.report(
                    common["id"], "event_without_condition", N_("“%(name)s”: chưa ghi điều kiện.", name=_label(node))
                )
        case "error" | "escalation":
            _read_code(node, definition, event, common, reading)
        case "link":
            common["link"] = definition.get("name", "") or node.get("name", "")
        case _:
            pass


def read_message(node: etree._Element, holder: etree._Element, common: dict[str, Any], reading: Reading) -> None:
    """Read the message that is sent or waited for, its correlation, and the pool it goes to."""
    shared, reference = reading.shared, holder.get("messageRef", "")
    common["message"] = reading.fixed(node, shared.find(shared.messages, reference) or "")
    key = shared.find(shared.correlations, reference) or common["properties"].get("correlation", "")
    if key:
        common["correlation"] = reading.compile(common["id"], key, N_("Khóa tương ứng"))
    for flow in shared.flows:
        if common["id"] in (flow.sender, flow.receiver):
            common["message"] = common["message"] or flow.name
        if flow.sender == common["id"]:
            common["sends_to"] = shared.process_at(flow.receiver)


def _read_code(
    node: etree._Element, definition: etree._Element, event: EventKind, common: dict[str, Any], reading: Reading
) -> None:
    table = reading.shared.errors if event == "error" else reading.shared.escalations
    common["code"] = _named(node, definition, f"{event}Ref", table, reading)
    is_thrown = local_name(node)[1] in ("endEvent", "intermediateThrowEvent")
    if is_thrown and not common["code"]:
        reading.report(
            common["id"],
            f"{event}_without_code",
            N_("“%(name)s”: chưa ghi mã lỗi hoặc mã báo lên trên.", name=_label(node)),
        )
    kept = list(common["outputs"])
    for attribute, source in (("errorCodeVariable", "errorCode"), ("errorMessageVariable", "errorMessage"),
                              ("escalationCodeVariable", "escalationCode")):  # fmt: skip
        target = definition.get(f"{{{CAMUNDA}}}{attribute}")
        if target:
            kept.append(Assignment(target, read_path(source).source))
    common["outputs"] = tuple(kept)


def _named(
    node: etree._Element, definition: etree._Element, attribute: str, table: dict[str, str], reading: Reading
) -> str:
    reference = definition.get(attribute, "")
    found = reading.shared.find(table, reference)
    if reference and found is None:
        reading.report(
            node.get("id", ""),
            "broken_reference",
            N_("“%(name)s”: không có “%(reference)s” trong tệp.", name=_label(node), reference=reference),
        )
    return reading.fixed(node, found or "")


def _kind_of(node: etree._Element, name: str, event: EventKind, common: dict[str, Any]) -> Kind:
    if name == "startEvent":
        common["interrupting"] = node.get("isInterrupting", "true") != "false"
        return "start"
    if name == "intermediateThrowEvent":
        return "throw"
    if name == "endEvent":
        common["terminates"] = event == "terminate"
        return "end"
    prefix = "catch" if name == "intermediateCatchEvent" else "boundary"
    if prefix == "boundary":
        common["attached_to"] = node.get("attachedToRef", "").rpartition(":")[2]
        common["interrupting"] = node.get("cancelActivity", "true") != "false"
    kinds: dict[str, Kind] = {kind: kind for kind in get_args(Kind)}
    return kinds[f"{prefix}_{event}"]


def _label(node: etree._Element) -> str:
    return str(node.get("name") or node.get("id", ""))
