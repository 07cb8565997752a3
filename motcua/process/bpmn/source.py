"""Read the XML safely: any usual encoding, no document type, no entity, bounded size.

Source: BPMN 2.0.2 (ISO/IEC 19510:2013), 15.3 (XML schema); XML 1.0, 2.8 (prolog) and appendix F (encodings).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from lxml import etree

from motcua.kernel.messages import N_
from motcua.process.types import Problem, ProcessDefinitionError

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 200
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"

DECLARATION = re.compile(r"<\?xml\s[^>]*?\?>")
_DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_MISC = re.compile(r"\s*(?:<!--.*?-->|<\?.*?\?>)", re.DOTALL)
_ENCODINGS = {"utf-8", "ascii", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1257", "cp1258"} | {
    f"iso8859-{number}" for number in range(1, 17)
}


def refuse(code: str, message_vi: str) -> ProcessDefinitionError:
    """Make the error for a fault of the whole file."""
    return ProcessDefinitionError((Problem("", code, message_vi),))


def decode(xml: bytes, *, limit: int = MAX_BYTES) -> tuple[str, str]:
    """Return the text of a file and its encoding; Raises: ProcessDefinitionError."""
    if len(xml) > limit:
        raise refuse(
            "xml_too_large", N_("Tệp lớn quá %(limit)s MB; hãy chia quy trình thành nhiều tệp.", limit=limit // 2**20)
        )
    encoding = _find_encoding(xml)
    try:
        text = xml.decode(encoding).lstrip("\ufeff").lstrip()
    except (UnicodeDecodeError, LookupError) as error:
        raise _bad_encoding() from error
    if not text.startswith("<") or "\x00" in text:
        raise _bad_encoding()
    return text, encoding


def _find_encoding(xml: bytes) -> str:
    if xml.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    declared = _DECLARED.match(xml.removeprefix(codecs.BOM_UTF8).lstrip())
    if declared is None:
        return "utf-8"
    try:
        name = codecs.lookup(declared.group(1).decode("ascii")).name
    except LookupError as error:
        raise _bad_encoding() from error
    if name not in _ENCODINGS:
        raise _bad_encoding()
    return name


def _bad_encoding() -> ProcessDefinitionError:
    return refuse("xml_encoding", N_("Không đọc được bảng mã của tệp; hãy lưu lại theo UTF-8."))


def split_declaration(text: str) -> tuple[str, str]:
    """Return the XML declaration of a file (empty when it has none) and the rest."""
    match = DECLARATION.match(text)
    return (match.group(), text[match.end() :].strip()) if match else ("", text.strip())


def parse_body(body: str, *, keep_all: bool) -> etree._ElementTree:
    """Parse what stands behind the declaration, entities off; `keep_all` keeps comments, instructions and CDATA.

    Raises: ProcessDefinitionError.
    """
    _refuse_doctype(body)
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=not keep_all, remove_pis=not keep_all, strip_cdata=not keep_all,
    )  # fmt: skip
    try:
        root = etree.fromstring(body.encode(), parser)
    except (etree.XMLSyntaxError, ValueError, UnicodeEncodeError) as error:
        raise refuse("xml_unreadable", N_("Tệp không phải XML đúng; hãy lưu lại từ công cụ vẽ quy trình.")) from error
    if root.tag != f"{{{BPMN}}}definitions":
        raise refuse("not_bpmn", N_("Tệp không phải bản vẽ BPMN 2.0; hãy chọn tệp .bpmn."))
    return root.getroottree()


def _refuse_doctype(body: str) -> None:
    """A document type can stand only before the first element: look there, and nowhere else."""
    position = 0
    while (match := _MISC.match(body, position)) is not None:
        position = match.end()
    if body[position:].lstrip()[:2] == "<!":
        raise refuse("xml_doctype", N_("Tệp có khai báo DOCTYPE hoặc ENTITY, không an toàn; hãy xóa khai báo đó."))


def read_root(xml: bytes) -> etree._Element:
    """Parse a file for reading; Raises: ProcessDefinitionError."""
    text, _ = decode(xml)
    return parse_body(split_declaration(text)[1], keep_all=False).getroot()


def find_processes(root: etree._Element) -> list[etree._Element]:
    """Return the processes that are to be run. Source: BPMN 2.0.2, 10.1 (`isExecutable`).

    Without any marked as executable, those that hold anything. Raises: ProcessDefinitionError when there is none.
    """
    processes = root.findall(f"{{{BPMN}}}process")
    chosen = [process for process in processes if process.get("isExecutable") == "true"]
    if not chosen:
        chosen = [process for process in processes if len(process)] or processes
    if not chosen:
        raise refuse("no_process", N_("Tệp không có quy trình nào; hãy vẽ ít nhất một quy trình."))
    return chosen


def local_name(node: etree._Element) -> tuple[str, str]:
    """Split a tag into namespace and name."""
    name = etree.QName(node)
    return name.namespace or "", name.localname


def children(node: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the BPMN children of this name."""
    return node.iterchildren(f"{{{BPMN}}}{name}")


def child(node: etree._Element, name: str) -> etree._Element | None:
    """Return the first BPMN child of this name."""
    wanted = f"{{{BPMN}}}{name}"
    for inner in node:  # faster than a search of lxml's on the few children that a node has
        if inner.tag == wanted:
            return inner
    return None


def text_of(node: etree._Element | None) -> str:
    """Return the text directly in a node, without the white space around it."""
    return "" if node is None else "".join(str(part) for part in node.itertext()).strip()


def extension(node: etree._Element, name: str, namespace: str = ZEEBE) -> etree._Element | None:
    """Return a tool's extension element of this name."""
    holder = child(node, "extensionElements")
    return None if holder is None else holder.find(f"{{{namespace}}}{name}")


def extensions(node: etree._Element, name: str, namespace: str) -> list[etree._Element]:
    """Return all extension elements of this name."""
    holder = child(node, "extensionElements")
    return [] if holder is None else holder.findall(f"{{{namespace}}}{name}")


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


def to_utf8(xml: bytes) -> str:
    """Return the file as text that declares UTF-8, unchanged when it was UTF-8. Raises: ProcessDefinitionError."""
    text, encoding = decode(xml)
    declaration, body = split_declaration(text)
    if encoding in ("utf-8", "ascii") or not declaration:
        return xml.decode(encoding)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'
