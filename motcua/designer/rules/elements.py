"""The elements of a file that a comment may speak of: read leniently, for a draft may be half-drawn."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from lxml import etree

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_SKIPPED = {"extensionElements", "incoming", "outgoing", "flowNodeRef", "conditionExpression", "laneSet", "definitions"}
_LIMIT = 2_000


def parse_xml(content: bytes) -> etree._Element | None:
    """Parse XML without entities, network or document types; None when it cannot be read."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return None if b"<!DOCTYPE" in content else root  # no package holds one: entities would hide there


def list_elements(name: str, content: bytes) -> tuple[tuple[str, str], ...]:
    """Return (id, words) of what stands in the file; empty when it cannot be read."""
    found: Iterator[tuple[str, str]]
    if name == "form.json":
        found = _list_form(content)
    elif name.endswith(".bpmn"):
        found = _list_bpmn(content)
    elif name.endswith(".dmn"):
        found = _list_dmn(content)
    else:
        return ()
    return tuple(pair for pair, _ in zip(found, range(_LIMIT), strict=False))


def _list_bpmn(content: bytes) -> Iterator[tuple[str, str]]:
    root = parse_xml(content)
    for node in root.iter(f"{_BPMN}*") if root is not None else ():
        key, label = node.get("id"), node.get("name")
        if key and label and etree.QName(node).localname not in _SKIPPED:
            yield key, label


def _list_dmn(content: bytes) -> Iterator[tuple[str, str]]:
    root = parse_xml(content)
    for node in root.iter("{*}decision", "{*}rule") if root is not None else ():
        key = node.get("id")
        words = node.get("name") or "; ".join(text.text or "" for text in node.iter("{*}text"))
        if key:
            yield key, words[:120]


def _list_form(content: bytes) -> Iterator[tuple[str, str]]:
    try:
        schema = json.loads(content)
    except (ValueError, RecursionError):
        return
    yield from _walk(schema.get("components", []) if isinstance(schema, dict) else [], depth=0)


def _walk(components: Any, *, depth: int) -> Iterator[tuple[str, str]]:
    if not isinstance(components, list) or depth > 20:
        return
    for item in components:
        if not isinstance(item, dict):
            continue
        key, label = item.get("id"), item.get("label") or item.get("dateLabel") or item.get("text")
        if isinstance(key, str) and isinstance(label, str):
            yield key, label[:120]
        yield from _walk(item.get("components"), depth=depth + 1)
