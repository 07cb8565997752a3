"""The rules of a decision table (decisions/fee.dmn) as rows that a person can edit without the table editor.

Only the cells change: everything else of the file stays as it was.
Source: DMN 1.5, 8.2 (notation of decision tables), 10.3.1.2 (string literals).
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from motcua.designer.rules.elements import parse_xml
from motcua.designer.types.drafts import FileUnreadable

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_PLAIN = {"\\": "\\", '"': '"', "n": "\n", "t": "\t"}
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


@dataclass(frozen=True, slots=True)
class FeeTableRow:
    """A rule: `conditions` and `outputs` are the cells' texts as FEEL, in the order of the columns."""

    id: str
    conditions: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FeeTable:
    """A decision table: labels of its conditions, names of its outputs, its rules."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rows: tuple[FeeTableRow, ...]


def read_table(content: bytes, *, file: str) -> FeeTable | None:
    """Return the file's first decision table, or None when it holds none. Raises: FileUnreadable."""
    root = _open(content, file)
    table = next(root.iter("{*}decisionTable"), None)
    if table is None:
        return None
    return FeeTable(
        inputs=tuple(_label(node) for node in table.findall("{*}input")),
        outputs=tuple(node.get("name") or node.get("label") or "" for node in table.findall("{*}output")),
        rows=tuple(
            FeeTableRow(
                id=rule.get("id") or "",
                conditions=tuple(_cell(node) for node in rule.findall("{*}inputEntry")),
                outputs=tuple(_cell(node) for node in rule.findall("{*}outputEntry")),
            )
            for rule in table.findall("{*}rule")
        ),
    )


def write_table(content: bytes, rows: Sequence[FeeTableRow], *, file: str) -> bytes:
    """Return the file with these rules: known ones changed in place, unknown ones made, missing ones taken away."""
    root = _open(content, file)
    table = next(root.iter("{*}decisionTable"), None)
    if table is None:
        raise FileUnreadable(file)
    known = {rule.get("id"): rule for rule in table.findall("{*}rule")}
    taken = set(known)
    order = [known[row.id] if row.id in known else _new_rule(table, row, taken=taken) for row in rows]
    for rule in known.values():
        if rule not in order:
            table.remove(rule)
    for rule, row in zip(order, rows, strict=True):
        _fill(rule, "inputEntry", row.conditions)
        _fill(rule, "outputEntry", row.outputs)
    return bytes(etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8"))


def to_literal(text: str) -> str:
    """Return a text as a FEEL string literal."""
    return '"' + "".join(_ESCAPES.get(sign, sign) for sign in text) + '"'


def from_literal(cell: str) -> str | None:
    """Return the text of a FEEL string literal, or None when the cell is something else."""
    text = cell.strip()
    if len(text) < 2 or text[0] != '"' or text[-1] != '"':
        return None
    body = text[1:-1]
    if '"' in _ESCAPED.sub("", body):
        return None
    return _ESCAPED.sub(lambda found: _PLAIN.get(found[1], found[0]), body)


def describe_conditions(table: FeeTable, row: FeeTableRow) -> Mapping[str, str]:
    """Return the conditions that say something, by their label."""
    pairs = zip(table.inputs, row.conditions, strict=False)
    return {label: cell for label, cell in pairs if cell.strip() not in ("", "-")}


def _open(content: bytes, file: str) -> etree._Element:
    root = parse_xml(content)
    if root is None:
        raise FileUnreadable(file)
    return root


def _label(node: etree._Element) -> str:
    text = node.find("{*}inputExpression/{*}text")
    return node.get("label") or (text.text if text is not None and text.text else "")


def _cell(node: etree._Element) -> str:
    text = node.find("{*}text")
    return (text.text or "") if text is not None else ""


def _fill(rule: etree._Element, kind: str, cells: Sequence[str]) -> None:
    for node, cell in zip(rule.findall(f"{{*}}{kind}"), cells, strict=False):
        text = node.find("{*}text")
        if text is None:
            text = etree.SubElement(node, f"{{{etree.QName(node).namespace}}}text")
        if (text.text or "") != cell:
            text.text = cell


def _new_rule(table: etree._Element, row: FeeTableRow, *, taken: set[str | None]) -> etree._Element:
    """Make a rule after the last one, in its image, with ids of its own."""
    rules = table.findall("{*}rule")
    namespace = etree.QName(table).namespace
    number = next(n for n in range(1, 10_000) if f"rule_new_{n}" not in taken)
    taken.add(f"rule_new_{number}")
    if rules:
        rule = copy.deepcopy(rules[-1])
        rules[-1].addnext(rule)
    else:
        rule = etree.SubElement(table, f"{{{namespace}}}rule")
        for kind, cells in (("inputEntry", row.conditions), ("outputEntry", row.outputs)):
            for _ in cells:
                etree.SubElement(etree.SubElement(rule, f"{{{namespace}}}{kind}"), f"{{{namespace}}}text")
    rule.set("id", f"rule_new_{number}")
    for index, node in enumerate([*rule.findall("{*}inputEntry"), *rule.findall("{*}outputEntry")]):
        node.set("id", f"rule_new_{number}_cell_{index}")
    return rule
