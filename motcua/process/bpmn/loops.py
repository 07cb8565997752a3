"""Read loops. Source: BPMN 2.0.2 (ISO/IEC 19510:2013), 10.3.7."""

from __future__ import annotations

from lxml import etree

from motcua.kernel.messages import N_
from motcua.process.bpmn.reading import Reading, is_name
from motcua.process.bpmn.source import CAMUNDA, child, extension, text_of
from motcua.process.feel import Expression
from motcua.process.types import Loop


def read_loop(node: etree._Element, reading: Reading) -> Loop | None:
    """Return how often an activity is done, when more than once."""
    standard = child(node, "standardLoopCharacteristics")
    if standard is not None:
        return _read_standard(node, standard, reading)
    several = child(node, "multiInstanceLoopCharacteristics")
    return None if several is None else _read_several(node, several, reading)


def _read_standard(node: etree._Element, loop: etree._Element, reading: Reading) -> Loop:
    maximum = loop.get("loopMaximum", "")
    condition = _optional(node, child(loop, "loopCondition"), reading)
    if not maximum.isdigit() and condition is None:
        reading.report(
            node.get("id", ""),
            "loop_without_end",
            N_("“%(name)s”: hãy ghi điều kiện lặp hoặc số lần.", name=_label(node)),
        )
    return Loop(
        form="standard",
        condition=condition,
        test_before=loop.get("testBefore") == "true",
        maximum=int(maximum) if maximum.isdigit() else None,
    )


def _read_several(node: etree._Element, loop: etree._Element, reading: Reading) -> Loop:
    if loop.get("behavior", "All") != "All":
        reading.refuse(node, "loopBehavior")
    element_id = node.get("id", "")
    zeebe = extension(loop, "loopCharacteristics")
    held: dict[str, str] = {} if zeebe is None else {str(key): str(value) for key, value in zeebe.attrib.items()}
    collection = held.get("inputCollection") or loop.get(f"{{{CAMUNDA}}}collection", "") or _reference(node, loop)
    item, result = child(loop, "inputDataItem"), child(loop, "outputDataItem")
    variable = held.get("inputElement") or loop.get(f"{{{CAMUNDA}}}elementVariable", "")
    output = held.get("outputElement", "") or ("" if result is None else result.get("name", ""))
    cardinality = _optional(node, child(loop, "loopCardinality"), reading)
    if not collection and cardinality is None:
        reading.report(
            element_id, "loop_without_count", N_("“%(name)s”: hãy ghi danh sách hoặc số lần làm.", name=_label(node))
        )
    return Loop(
        form="sequential" if loop.get("isSequential") == "true" else "parallel",
        cardinality=cardinality,
        collection=reading.compile(element_id, collection, N_("Danh sách")) if collection else None,
        element_variable=str(variable or ("" if item is None else item.get("name", ""))),
        output_collection=held.get("outputCollection", "")
        or _data_name(node, text_of(child(loop, "loopDataOutputRef"))),
        output_element=reading.compile(element_id, output, N_("Kết quả")) if output else None,
        condition=_optional(node, child(loop, "completionCondition"), reading),
    )


def _optional(node: etree._Element, written: etree._Element | None, reading: Reading) -> Expression | None:
    text = text_of(written)
    return reading.compile(node.get("id", ""), text, N_("Điều kiện lặp")) if text else None


def _reference(node: etree._Element, loop: etree._Element) -> str:
    """Return the variable behind the standard's own reference to a collection, when it can be named."""
    return _data_name(node, text_of(child(loop, "loopDataInputRef")))


def _data_name(node: etree._Element, reference: str) -> str:
    """Name the data that a loop refers to: a data input or object by its name, else the reference itself."""
    if not reference:
        return ""
    for other in node.getroottree().getroot().iter(etree.Element):
        if other.get("id") == reference and is_name(other.get("name", "")):
            return str(other.get("name", ""))
    return reference if is_name(reference) else ""


def _label(node: etree._Element) -> str:
    return str(node.get("name") or node.get("id", ""))
