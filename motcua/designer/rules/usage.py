"""Which questions of a form are used, and by what: the process, decisions, the result, competence, other questions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from motcua.designer.rules.reading import Package
from motcua.process.feel import FeelError, compile_expression
from motcua.process.forms.types import Form

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


def process_fields(package: Package) -> Iterator[tuple[str, str]]:
    """Yield the questions that the process reads: element or flow, and key."""
    definition = package.definition
    if definition is None:
        return
    for flow in definition.flows:
        if flow.condition is not None:
            yield from ((flow.id, path[1]) for path in flow.condition.paths if _is_answer(path))
    for element in definition.elements:
        lines = [line.source for line in (*element.inputs, *element.outputs)]
        lines += [each for each in (element.condition, element.due, element.correlation) if each is not None]
        lines += [element.script.source] if element.script else []
        lines += [element.timer.expression] if element.timer and element.timer.expression else []
        yield from ((element.id, path[1]) for line in lines for path in line.paths if _is_answer(path))


def _is_answer(path: tuple[str, ...]) -> bool:
    return len(path) > 1 and path[0] in FORM_ROOTS


def decision_fields(package: Package) -> Iterator[tuple[str, str, str]]:
    """Yield the questions that decisions read: file, element, and key."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    for name, content in package.decision_files():
        try:
            root = etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError):
            continue
        for node in root.iter(etree.Element):
            if etree.QName(node).localname != "text" or not node.text:
                continue
            for key in re.findall(r"\b(?:answers|form)\.([A-Za-z_]\w*)", node.text):
                parent = node.getparent()
                yield name, (parent.get("id") or "" if parent is not None else ""), key


def form_conditions(schema: Mapping[str, Any]) -> frozenset[str]:
    """Return the keys that conditions, computed values and templates inside the form read."""
    found: set[str] = set()
    for text in _expressions(schema):
        try:
            found |= {path[0] for path in compile_expression(text).paths}
        except FeelError:
            continue  # the form's own check reports it
    found |= set(re.findall(r"\{\{\s*([A-Za-z_]\w*)", json.dumps(schema, ensure_ascii=False)))
    return frozenset(found)


def _expressions(node: Any, depth: int = 0) -> Iterator[str]:
    if depth > 30:
        return
    if isinstance(node, Mapping):
        for key, value in node.items():
            is_written = isinstance(value, str) and value.startswith("=")
            if is_written or (key in ("hide", "expression") and isinstance(value, str) and value):
                yield value
            else:
                yield from _expressions(value, depth + 1)
    elif isinstance(node, list):
        for value in node:
            yield from _expressions(value, depth + 1)


def _is_named(key: str, template: str) -> bool:
    """Tell whether a template names the key by itself, as in a list of rows, or by its end: `prefix + "_id"`."""
    return f'"{key}"' in template or any(key.endswith(end) for end in _END.findall(template))


def used_keys(package: Package, form: Form) -> frozenset[str]:
    """Return the keys of questions that something uses, or that say themselves what for (`purpose`)."""
    template = read_template(package.template)
    found = set(template.answers | template.entered)
    found |= {item.key for item in form.fields if _is_named(item.key, package.template)}
    found |= {key for _, key in process_fields(package)}
    found |= {key for _, _, key in decision_fields(package)}
    found |= form_conditions(package.schema)
    found.add(str(package.table("competence").get("area_from", "")).removeprefix("form:"))
    found |= {item.key for item in form.fields if item.properties.get("purpose")}
    found |= {item.key for item in form.fields if item.paper or item.fact.startswith("applicant.")}
    return frozenset(found)
