"""A drawing as a document: read whole, edited in place, written back with everything that was in it.

The tree is the truth: diagram, unknown extensions, comments, instructions, CDATA, prefixes and order stay as they were.
Source: BPMN 2.0.2 (ISO/IEC 19510:2013), chapter 12 (diagram interchange), 15.3; W3C Canonical XML 1.0.
"""

from __future__ import annotations

import codecs
import copy
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from motcua.process.bpmn.source import BPMN, decode, local_name, parse_body, split_declaration

MAX_BYTES = 16 * 1024 * 1024
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(frozen=True, slots=True)
class Drawn:
    """One thing that the file says: its kind (`userTask`), name, the thing it lies in, and whether it has a picture."""

    id: str
    kind: str
    name: str
    parent: str
    is_drawn: bool


@dataclass(slots=True)
class Document:
    """A BPMN file in the hand. `nodes` finds the nodes of the drawing by their id."""

    tree: etree._ElementTree
    encoding: str
    declaration: str
    has_mark: bool
    nodes: Mapping[str, etree._Element] = field(default_factory=dict)

    def things(self) -> tuple[Drawn, ...]:
        """List everything of the drawing that has an id, in the order of the file."""
        pictures = {node.get("bpmnElement", "").rpartition(":")[2] for node in self.tree.getroot().iter(f"{{{DI}}}*")}
        return tuple(
            Drawn(key, local_name(node)[1], node.get("name", ""), _parent_of(node), key in pictures)
            for key, node in self.nodes.items()
        )


def read_document(xml: bytes) -> Document:
    """Read a BPMN file whole, whether it can be run or not. Raises: ProcessDefinitionError."""
    text, encoding = decode(xml, limit=MAX_BYTES)
    declaration, body = split_declaration(text)
    tree = parse_body(body, keep_all=True)
    document = Document(tree, encoding, declaration, xml.startswith(codecs.BOM_UTF8))
    document.nodes = {
        node.get("id", ""): node
        for node in tree.getroot().iter(f"{{{BPMN}}}*")
        if node.get("id")
    }  # fmt: skip
    return document


def write_document(document: Document) -> bytes:
    """Write the file back in its own encoding, with its own declaration."""
    body = etree.tostring(document.tree, encoding="unicode")
    text = f"{document.declaration}\n{body}\n" if document.declaration else f"{body}\n"
    written = text.encode(document.encoding, "xmlcharrefreplace")
    return codecs.BOM_UTF8 + written if document.has_mark else written


def canonical(xml: bytes) -> bytes:
    """Return the canonical form of a file, without the white space that only sets lines. Raises: as `read_document`.

    Encoding, quoting, order of attributes and white space between elements do not count; everything else does.
    """
    tree = copy.deepcopy(read_document(xml).tree)
    for node in tree.getroot().iter():
        _drop_layout(node)
    written: bytes
    try:
        written = etree.tostring(tree, method="c14n", with_comments=True)
    except etree.C14NError:  # version 1.0 knows no relative namespace names, which some vendors write
        written = etree.tostring(tree, method="c14n2", with_comments=True)
    return written


def _drop_layout(node: etree._Element) -> None:
    """Drop the white space between the children of an element that holds no text of its own."""
    if not len(node) or node.get(_SPACE) == "preserve":
        return
    texts = [node.text, *(inner.tail for inner in node)]
    if any(text and text.strip() for text in texts):
        return
    node.text = None
    for inner in node:
        inner.tail = None


def _parent_of(node: etree._Element) -> str:
    holder = node.getparent()
    while holder is not None and not holder.get("id"):
        holder = holder.getparent()
    return "" if holder is None else holder.get("id", "")
