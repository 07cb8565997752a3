"""Walk through a process and its sub-processes, turning nodes into elements and flows. Faults are collected.

Source: BPMN 2.0.2 (ISO/IEC 19510:2013), 8.3.13 flows, 10.3.5 sub-processes, 10.4 data, 10.8 lanes.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from motcua.kernel.messages import N_
from motcua.process.bpmn.activities import ACTIVITIES, read_activity
from motcua.process.bpmn.events import EVENTS, read_event
from motcua.process.bpmn.reading import KEPT, Reading, Shared, is_name, read_lanes
from motcua.process.bpmn.source import BPMN, child, local_name, read_properties, text_of
from motcua.process.types import DataObject, Element, Flow

MAX_NESTING = 20
_LOOPS = ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics")


def read_process(process: etree._Element, shared: Shared) -> Reading:
    """Read every node of a process."""
    reading = Reading(shared)
    _read_scope(process, "", "", reading, 0)
    return reading


def _read_scope(holder: etree._Element, parent: str, lane: str, reading: Reading, depth: int) -> None:
    if depth > MAX_NESTING:
        reading.report(
            parent,
            "too_deep",
            N_(
                "“%(parent)s”: quy trình con lồng nhau quá %(max_nesting)s tầng.",
                parent=parent,
                max_nesting=MAX_NESTING,
            ),
        )
        return
    read_lanes(holder, reading)
    for node in holder.iterchildren(etree.Element):
        namespace, name = local_name(node)
        if namespace != BPMN or name in KEPT or name in _LOOPS:
            _read_data(node, name, parent, reading)
        elif name == "sequenceFlow":
            _read_flow(node, parent, reading)
        elif name in ACTIVITIES or name in EVENTS:
            _read_node(node, name, parent, lane, reading, depth)
        elif not (parent and name in ("dataInputAssociation", "dataOutputAssociation")):
            reading.refuse(node, name)


def _read_node(node: etree._Element, name: str, parent: str, lane: str, reading: Reading, depth: int) -> None:
    common = _common(node, parent, lane, reading)
    element: Element | None
    if name in EVENTS:
        element = read_event(node, name, common, reading)
    else:
        element = read_activity(node, name, common, reading)
    if element is None:
        return
    reading.elements.append(element)
    if element.kind in ("subprocess", "event_subprocess"):
        _read_scope(node, element.id, element.lane, reading, depth + 1)


def _common(node: etree._Element, parent: str, lane: str, reading: Reading) -> dict[str, Any]:
    """Read what any element may carry."""
    element_id, properties = node.get("id", ""), read_properties(node)
    return {
        "id": element_id,
        "name": " ".join(node.get("name", "").split()),
        "parent": parent,
        "lane": reading.lanes.get(element_id, "") or lane,
        "stage": properties.get("stage", ""),
        "outcome": properties.get("outcome", ""),
        "properties": properties,
    }


def _read_flow(node: etree._Element, parent: str, reading: Reading) -> None:
    flow_id, text = node.get("id", ""), text_of(child(node, "conditionExpression"))
    condition = reading.compile(flow_id, text, N_("Điều kiện")) if text else None
    source, target = (node.get(end, "").rpartition(":")[2] for end in ("sourceRef", "targetRef"))
    reading.flows.append(Flow(flow_id, source, target, node.get("name", ""), condition))
    reading.flow_parents[flow_id] = parent


def _read_data(node: etree._Element, name: str, parent: str, reading: Reading) -> None:
    """Data objects are variables of the case under their name."""
    if name in ("dataObject", "dataObjectReference") and is_name(node.get("name", "")):
        is_collection = node.get("isCollection") == "true"
        reading.data.append(DataObject(node.get("id", ""), node.get("name", ""), is_collection, parent))
