"""Read the XML safely and find the one process in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from motcua.process.types import Problem, ProcessDefinitionError

MAX_BYTES = 2 * 1024 * 1024
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"

_DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_ENCODINGS = {b"utf-8", b"us-ascii", b"iso-8859-1", b"windows-1252"}


def refuse(code: str, message_vi: str) -> ProcessDefinitionError:
    """Make the error for a fault of the whole file."""
    return ProcessDefinitionError((Problem("", code, message_vi),))


def read_root(xml: bytes) -> etree._Element:
    """Parse the file with entities off; Raises: ProcessDefinitionError."""
    if len(xml) > MAX_BYTES:
        raise refuse("xml_too_large", "Tệp lớn quá 2 MB; hãy chia quy trình thành nhiều tệp.")
    text = xml.removeprefix(b"\xef\xbb\xbf").lstrip()
    _check_encoding(text)
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise refuse("xml_doctype", "Tệp có khai báo DOCTYPE hoặc ENTITY, không an toàn; hãy xoá khai báo đó.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        raise refuse("xml_unreadable", "Tệp không phải XML đúng; hãy lưu lại từ công cụ vẽ quy trình.") from error
    if root.tag != f"{{{BPMN}}}definitions":
        raise refuse("not_bpmn", "Tệp không phải bản vẽ BPMN 2.0; hãy chọn tệp .bpmn.")
    return root


def _check_encoding(text: bytes) -> None:
    """Refuse encodings in which a forbidden declaration could hide from the search above."""
    declared = _DECLARED.match(text)
    unknown = declared is not None and declared.group(1).lower() not in _ENCODINGS
    if unknown or b"\x00" in text or not text.startswith(b"<"):
        raise refuse("xml_encoding", "Tệp không ở mã UTF-8; hãy lưu lại theo UTF-8.")


def find_process(root: etree._Element) -> etree._Element:
    """Return the one process that is to be run. Source: BPMN 2.0.2, 10.1 (`isExecutable`)."""
    processes = root.findall(f"{{{BPMN}}}process")
    executable = [process for process in processes if process.get("isExecutable") == "true"]
    chosen = executable or processes
    if not chosen:
        raise refuse("no_process", "Tệp không có quy trình nào; hãy vẽ ít nhất một quy trình.")
    if len(chosen) > 1:
        raise refuse("several_processes", "Tệp có nhiều quy trình chạy được; hãy để lại một quy trình trong mỗi tệp.")
    return chosen[0]


def local_name(node: etree._Element) -> tuple[str, str]:
    """Split a tag into namespace and name."""
    name = etree.QName(node)
    return name.namespace or "", name.localname


def children(node: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the BPMN children of this name."""
    return node.iterchildren(f"{{{BPMN}}}{name}")


def child(node: etree._Element, name: str) -> etree._Element | None:
    """Return the first BPMN child of this name."""
    return next(children(node, name), None)


def extension(node: etree._Element, name: str, namespace: str = ZEEBE) -> etree._Element | None:
    """Return a tool's extension element of this name."""
    holder = child(node, "extensionElements")
    return None if holder is None else holder.find(f"{{{namespace}}}{name}")


def read_properties(node: etree._Element) -> dict[str, str]:
    """Return the free name/value properties of an element, as Camunda's tools of both ages write them."""
    found: dict[str, str] = {}
    for namespace in (CAMUNDA, ZEEBE):
        holder = extension(node, "properties", namespace)
        if holder is not None:
            for item in holder.iterchildren(f"{{{namespace}}}property"):
                found[item.get("name", "")] = item.get("value", "")
    found.pop("", None)
    return found
