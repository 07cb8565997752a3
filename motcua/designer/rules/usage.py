"""Which questions of a form are used, and by what: the process, decisions, the result, competence, other questions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from motcua.designer.rules.reading import Package
from motcua.process.feel import FeelError, compile_expression
from motcua.process.forms.types import Field, Form

# What a result template asks for, as `_standard/parts.typ` names it.
_ANSWER = re.compile(r'\b(?:answer|has|capitals|lines-of)\(\s*"([^"\n]{1,80})"')
_KNOWN = re.compile(r'\bknown\(\s*"[^"\n]*"\s*,\s*"([^"\n]{1,80})"')
_ENTERED = re.compile(r'\bentered\(\s*"([^"\n]{1,80})"')
_DATA = re.compile(r'\b(?:get\(\s*data\s*,|data\.at\()\s*"([^"\n]{1,80})"')
_END = re.compile(r'\+\s*"(_[a-z0-9_]{1,60})"')
TEMPLATE_DATA = frozenset(
    {"form", "answers", "result", "decision", "note", "agency", "place", "procedure", "dossier_no", "applicant"}
    | {"on", "result_no", "verification_code", "verify_url", "verify_qr_svg"}
)
FORM_ROOTS = frozenset({"form", "answers"})


@dataclass(frozen=True, slots=True)
class TemplateUse:
    """What a result template reads: answers, what the specialist enters, and data of the dossier."""

    answers: frozenset[str]
    entered: frozenset[str]
    data: frozenset[str]


def read_template(template: str) -> TemplateUse:
    """Find what a template reads by the functions that all templates share; its own comments left out."""
    text = re.sub(r"(?m)(?<![:\"])//[^\n]*$", "", template)
    return TemplateUse(
        frozenset(_ANSWER.findall(text)) | frozenset(_KNOWN.findall(text)),
        frozenset(_ENTERED.findall(text)),
        frozenset(_DATA.findall(text)),
    )


def entered_fields(package: Package) -> dict[str, str]:
    """Return what steps ask the specialist to enter for the result: key and label, from `result_fields`."""
    found: dict[str, str] = {}
    for element in package.definition.elements if package.definition else ():
        for pair in element.properties.get("result_fields", "").split("|"):
            key, _, label = pair.partition(":")
            if key.strip():
                found[key.strip()] = label.strip()
    return found


def flat_fields(form: Form) -> Iterator[tuple[str, Field]]:
    """Yield every question and computed value with its address; of a list, the questions of a row too."""
    for page in form.pages:
        yield from _flatten(page.fields, "")


def _flatten(fields: Iterable[Field], before: str) -> Iterator[tuple[str, Field]]:
    for item in fields:
        address = f"{before}{item.key}"
        if item.has_value:
            yield address, item
        yield from _flatten(item.fields, f"{address}.")


def touches(read: str, address: str) -> bool:
    """Tell whether reading one address reads the other: itself, a whole that holds it, or a part of it."""
    return read == address or read.startswith(f"{address}.") or address.startswith(f"{read}.")


def process_fields(package: Package) -> Iterator[tuple[str, str]]:
    """Yield the questions that the process reads: element or flow, and address."""
    definition = package.definition
    if definition is None:
        return
    for flow in definition.flows:
        if flow.condition is not None:
            yield from ((flow.id, _address(path)) for path in flow.condition.paths if _is_answer(path))
    for element in definition.elements:
        lines = [line.source for line in (*element.inputs, *element.outputs)]
        lines += [each for each in (element.condition, element.due, element.correlation) if each is not None]
        lines += [element.script.source] if element.script else []
        lines += [element.timer.expression] if element.timer and element.timer.expression else []
        loop = element.loop
        if loop is not None:
            lines += [each for each in (loop.cardinality, loop.collection, loop.condition) if each is not None]
        yield from ((element.id, _address(path)) for line in lines for path in line.paths if _is_answer(path))


def _is_answer(path: tuple[str, ...]) -> bool:
    return len(path) > 1 and path[0] in FORM_ROOTS


def _address(path: tuple[str, ...]) -> str:
    return ".".join(path[1:])


def decision_fields(package: Package) -> Iterator[tuple[str, str, str]]:
    """Yield the questions that decisions read: file, element, and address."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    for name, content in package.decision_files():
        try:
            root = etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError):
            continue
        for node in root.iter(etree.Element):
            if etree.QName(node).localname != "text" or not node.text:
                continue
            text = re.sub(r'"(?:[^"\\]|\\.)*"', '""', node.text)
            for key in re.findall(r"\b(?:answers|form)\.([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)", text):
                parent = node.getparent()
                yield name, (parent.get("id") or "" if parent is not None else ""), key


def form_conditions(schema: Mapping[str, Any]) -> frozenset[str]:
    """Return the addresses that conditions, rules, computed values and texts inside the form read."""
    found: set[str] = set()
    for text in _expressions(schema):
        try:
            paths = compile_expression(text).paths
        except FeelError:
            continue  # the form's own check reports it
        found |= {".".join(path[1:] if path[0] in ("this", "parent") else path) for path in paths}
    found |= set(re.findall(r"\{\{\s*([A-Za-z_][\w.]*)", json.dumps(schema, ensure_ascii=False)))
    return frozenset(found - {""})


def _expressions(node: Any, depth: int = 0) -> Iterator[str]:
    if depth > 30:
        return
    if isinstance(node, Mapping):
        for key, value in node.items():
            is_rule = key in ("hide", "expression") or (key.startswith("check") and not key.startswith("check_hint"))
            if isinstance(value, str) and value and (is_rule or value.startswith("=")):
                yield value
            else:
                yield from _expressions(value, depth + 1)
    elif isinstance(node, list):
        for value in node:
            yield from _expressions(value, depth + 1)


def _is_named(key: str, template: str) -> bool:
    """Tell whether a template names the key by itself, as in a list of rows, or by its end: `prefix + "_id"`."""
    return f'"{key}"' in template or any(key.endswith(end) for end in _END.findall(template))


def unused_fields(package: Package, form: Form) -> Iterator[tuple[str, Field]]:
    """Yield the questions that nothing uses and that do not say themselves what for (`purpose`)."""
    template = read_template(package.template)
    reads = set(template.answers | template.entered)
    reads |= {key for _, key in process_fields(package)}
    reads |= {key for _, _, key in decision_fields(package)}
    reads.add(str(package.table("competence").get("area_from", "")).removeprefix("form:"))
    inside = form_conditions(package.schema)
    for address, item in flat_fields(form):
        if not item.is_input or item.type == "filepicker" or item.paper or item.fact.startswith("applicant."):
            continue
        if item.properties.get("purpose") or item.fields or _is_named(item.key, package.template):
            continue
        tail = address.rpartition(".")[2]
        if not any(touches(read, address) for read in reads | inside) and tail not in inside:
            yield address, item
