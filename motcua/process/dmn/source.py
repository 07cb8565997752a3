"""Read the XML of a decision model safely: bounded, without declarations and entities."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from motcua.kernel.messages import N_
from motcua.process.dmn.types import DecisionModelError
from motcua.process.types import Problem

MAX_BYTES = 4 * 1024 * 1024
MAX_NODES = 200_000

# Source: OMG DMN 1.1 to 1.5, the target namespaces of the schemas.
MODEL_NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    }
)
FEEL_NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/FEEL/20140401",
        "http://www.omg.org/spec/DMN/20180521/FEEL/",
        "https://www.omg.org/spec/DMN/20191111/FEEL/",
        "https://www.omg.org/spec/DMN/20211108/FEEL/",
        "https://www.omg.org/spec/DMN/20230324/FEEL/",
    }
)

_DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_ENCODINGS = {b"utf-8", b"us-ascii", b"iso-8859-1", b"windows-1252"}


def refuse(code: str, message_vi: str) -> DecisionModelError:
    """Make the error for a fault of the whole file."""
    return DecisionModelError((Problem("", code, message_vi),))


def read_xml(xml: bytes) -> etree._Element:
    """Parse any XML with entities off and sizes bounded; Raises: DecisionModelError."""
    if len(xml) > MAX_BYTES:
        raise refuse("xml_too_large", N_("Tệp lớn quá 4 MB; hãy chia mô hình thành nhiều tệp."))
    text = xml.removeprefix(b"\xef\xbb\xbf").lstrip()
    declared = _DECLARED.match(text)
    if (declared and declared.group(1).lower() not in _ENCODINGS) or b"\x00" in text or not text.startswith(b"<"):
        raise refuse("xml_encoding", N_("Tệp không ở mã UTF-8; hãy lưu lại theo UTF-8."))
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise refuse("xml_doctype", N_("Tệp có khai báo DOCTYPE hoặc ENTITY, không an toàn; hãy xóa khai báo đó."))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        raise refuse("xml_unreadable", N_("Tệp không phải XML đúng; hãy lưu lại từ công cụ vẽ quyết định.")) from error
    if sum(1 for _ in root.iter()) > MAX_NODES:
        raise refuse("xml_too_large", N_("Tệp có quá nhiều phần tử; hãy chia mô hình thành nhiều tệp."))
    return root


def read_root(xml: bytes) -> etree._Element:
    """Parse a decision model; Raises: DecisionModelError."""
    root = read_xml(xml)
    name = etree.QName(root)
    if name.localname != "definitions" or name.namespace not in MODEL_NAMESPACES:
        raise refuse("not_dmn", N_("Tệp không phải mô hình quyết định DMN 1.1 đến 1.5; hãy chọn tệp .dmn."))
    return root


def local(node: etree._Element) -> str:
    """Return the tag without its namespace when it is of the standard, else an empty text."""
    if not isinstance(node.tag, str):
        return ""
    name = etree.QName(node)
    return name.localname if name.namespace in MODEL_NAMESPACES else ""


def children(node: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the children of this name."""
    return (item for item in node.iterchildren() if local(item) == name)


def child(node: etree._Element, name: str) -> etree._Element | None:
    """Return the first child of this name."""
    return next(children(node, name), None)


def text_of(node: etree._Element | None, name: str = "text") -> str:
    """Return the text of a child; empty when it is missing."""
    found = None if node is None else child(node, name)
    return "" if found is None else "".join(str(part) for part in found.itertext())
