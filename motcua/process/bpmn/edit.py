"""The few edits that plain screens make on a drawing: a name, a property, a share, a waiting time, a role.

Each changes one thing in the tree and nothing else; what the change means is checked by `parse_process` afterwards.
"""

from __future__ import annotations

from lxml import etree

from motcua.kernel.messages import N_
from motcua.process.bpmn.document import Document
from motcua.process.bpmn.source import BPMN, CAMUNDA, ZEEBE, child, extension, local_name
from motcua.process.durations import parse_duration
from motcua.process.types import Problem, ProcessDefinitionError

MAX_TEXT = 2_000


def set_name(document: Document, element_id: str, name: str) -> None:
    """Name an element anew. Raises: ProcessDefinitionError for an unknown element or a text that XML cannot hold."""
    _set(_find(document, element_id), "name", " ".join(name.split()))


def set_property(document: Document, element_id: str, key: str, value: str) -> None:
    """Set a free property of an element, or remove it with an empty value. Raises: ProcessDefinitionError."""
    node = _find(document, element_id)
    namespace = CAMUNDA if extension(node, "properties", CAMUNDA) is not None or _is_older(document) else ZEEBE
    holder = extension(node, "properties", namespace)
    found = None if holder is None else _property(holder, namespace, key)
    if not value:
        if found is not None and holder is not None:
            _remove(found)
        return
    if holder is None:
        holder = _append(_extensions(node), f"{{{namespace}}}properties", namespace)
    if found is None:
        found = _append(holder, f"{{{namespace}}}property", namespace)
        _set(found, "name", key)
    _set(found, "value", value)


def set_share_minutes(document: Document, element_id: str, minutes: int) -> None:
    """Give a step its share of the term. Unit: working minutes. Raises: ProcessDefinitionError."""
    if not 0 < minutes < 100_000:
        raise _fault(element_id, "property_unreadable", N_("Thời gian của bước phải là một số phút lớn hơn 0."))
    set_property(document, element_id, "share_workdays", "")
    set_property(document, element_id, "share_minutes", str(minutes))


def set_waiting_time(document: Document, element_id: str, duration: str) -> None:
    """Set how long a timer waits, as an ISO 8601 duration. Raises: ProcessDefinitionError."""
    node = child(_find(document, element_id), "timerEventDefinition")
    written = None if node is None else child(node, "timeDuration")
    if written is None:
        raise _fault(element_id, "timer_without_time", N_("Phần tử này không có hẹn giờ theo thời lượng."))
    if parse_duration(duration) is None:
        raise _fault(
            element_id, "timer_unreadable", N_("Thời gian chờ phải viết như P15D (15 ngày) hoặc PT8H (8 giờ).")
        )
    for inner in list(written):
        written.remove(inner)
    written.text = duration.strip()


def set_role(document: Document, element_id: str, role: str) -> None:
    """Give a user task to a role. Raises: ProcessDefinitionError."""
    node = _find(document, element_id)
    if local_name(node)[1] != "userTask":
        raise _fault(element_id, "task_without_role", N_("Chỉ việc của người mới có vai trò."))
    assignment = extension(node, "assignmentDefinition")
    older = f"{{{CAMUNDA}}}candidateGroups"
    if assignment is None and (node.get(older) is not None or _is_older(document)):
        _set(node, older, role)
        return
    if assignment is None:
        assignment = _append(_extensions(node), f"{{{ZEEBE}}}assignmentDefinition", ZEEBE)
    _set(assignment, "candidateGroups", role)


def _find(document: Document, element_id: str) -> etree._Element:
    node = document.nodes.get(element_id)
    if node is None:
        raise _fault(element_id, "broken_reference", N_("Bản vẽ không có phần tử “%(name)s”.", name=element_id))
    return node


def _set(node: etree._Element, attribute: str, value: str) -> None:
    if len(value) > MAX_TEXT:
        raise _fault(
            node.get("id", ""),
            "text_too_long",
            N_("Nội dung dài quá %(max_text)s chữ; hãy viết ngắn lại.", max_text=MAX_TEXT),
        )
    try:
        node.set(attribute, value)
    except ValueError as error:
        raise _fault(
            node.get("id", ""), "text_unreadable", N_("Nội dung có ký tự không lưu được; hãy gõ lại.")
        ) from error


def _fault(element_id: str, code: str, message_vi: str) -> ProcessDefinitionError:
    return ProcessDefinitionError((Problem(element_id, code, message_vi),))


def _is_older(document: Document) -> bool:
    """Tell whether the file comes from the modeler for Camunda 7."""
    known = set(document.tree.getroot().nsmap.values())
    return CAMUNDA in known and ZEEBE not in known


def _property(holder: etree._Element, namespace: str, key: str) -> etree._Element | None:
    return next((one for one in holder.iterchildren(f"{{{namespace}}}property") if one.get("name") == key), None)


def _extensions(node: etree._Element) -> etree._Element:
    """Return the place for extensions, made behind the documentation where it is missing (the schema's order)."""
    holder = child(node, "extensionElements")
    if holder is None:
        holder = etree.Element(f"{{{BPMN}}}extensionElements")
        written = list(node.iterchildren(f"{{{BPMN}}}documentation"))
        node.insert(node.index(written[-1]) + 1 if written else 0, holder)
    return holder


def _append(holder: etree._Element, tag: str, namespace: str) -> etree._Element:
    prefix = {CAMUNDA: "camunda", ZEEBE: "zeebe"}[namespace]
    known = namespace in holder.nsmap.values()
    return etree.SubElement(holder, tag, None if known else {prefix: namespace})


def _remove(node: etree._Element) -> None:
    holder = node.getparent()
    if holder is None:
        return
    before = node.getprevious()
    if node.tail and node.tail.strip():  # text behind the node is not ours to drop
        if before is not None:
            before.tail = (before.tail or "") + node.tail
        else:
            holder.text = (holder.text or "") + node.tail
    holder.remove(node)
