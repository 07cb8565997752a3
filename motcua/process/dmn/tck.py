"""Read and judge the published conformance tests of DMN: cases, values, comparison.

Source: DMN Technology Compatibility Kit, testCases.xsd (namespace .../DMN/20160719/testcase).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree

from motcua.process.dmn.model import DecisionModel
from motcua.process.dmn.source import read_xml
from motcua.process.dmn.types import DecisionResult
from motcua.process.feel import compile_expression
from motcua.process.feel.operators import equal

XSI = "http://www.w3.org/2001/XMLSchema-instance"
TOLERANCE = Decimal("1e-8")

_NUMBERS = frozenset({"decimal", "double", "float", "integer", "int", "long", "short", "byte"})
_READERS = {
    "date": "date(_text)",
    "time": "time(_text)",
    "dateTime": "date and time(_text)",
    "duration": "duration(_text)",
    "dayTimeDuration": "duration(_text)",
    "yearMonthDuration": "duration(_text)",
}


@dataclass(frozen=True, slots=True)
class Expected:
    """One result that a case asks for."""

    name: str
    kind: str
    namespace: str
    is_error: bool
    value: Any


@dataclass(frozen=True, slots=True)
class TestCase:
    id: str
    kind: str
    invocable: str
    inputs: Mapping[str, Any]
    results: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class TestFile:
    model_name: str
    cases: tuple[TestCase, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one result of one case came out; `reason` is empty when it is right."""

    case_id: str
    result: str
    reason: str = field(default="")

    @property
    def is_right(self) -> bool:
        return not self.reason


def read_tests(xml: bytes) -> TestFile:
    """Read one file of test cases; Raises: DecisionModelError when the XML cannot be read."""
    root = read_xml(xml)
    cases = [_read_case(node, number) for number, node in enumerate(_children(root, "testCase"), start=1)]
    return TestFile(_text(root, "modelName"), tuple(cases))


def judge_case(model: DecisionModel, case: TestCase, *, now: datetime) -> Iterator[Verdict]:
    """Yield the verdict on each expected result."""
    for expected in case.results:
        yield Verdict(case.id, expected.name, _judge(model, case, expected, now))


def _judge(model: DecisionModel, case: TestCase, expected: Expected, now: datetime) -> str:
    try:
        result = _ask(model, case, expected, now)
    except KeyError:
        return f"không có “{expected.name}” trong mô hình"
    wanted = None if expected.is_error else expected.value
    if is_same(wanted, result.value):
        return ""
    reasons = "; ".join(issue.message_vi for issue in result.issues[:3])
    return f"cần {_show(wanted)}, được {_show(result.value)}" + (f" ({reasons})" if reasons else "")


def _ask(model: DecisionModel, case: TestCase, expected: Expected, now: datetime) -> DecisionResult:
    kind = expected.kind if case.kind == "decision" else case.kind
    if kind == "decision":
        return model.evaluate(_qualified(model, expected), case.inputs, now=now)
    name = case.invocable or expected.name
    result = model.invoke(name, case.inputs, now=now)
    outputs = next((item.outputs for item in model.services if item.name == name), ())
    if len(outputs) > 1 and isinstance(result.value, Mapping) and expected.name in result.value:
        return DecisionResult(result.value[expected.name], result.issues)
    return result


def _qualified(model: DecisionModel, expected: Expected) -> str:
    if expected.namespace and expected.namespace != model.namespace:
        for prefix, other in model.imported.items():
            if other.namespace == expected.namespace and prefix:
                return f"{prefix}.{expected.name}"
    return expected.name


def is_same(wanted: Any, got: Any) -> bool:
    """Compare as the kit does: numbers with a small tolerance, everything else exactly."""
    if isinstance(wanted, Decimal) and isinstance(got, Decimal):
        return abs(wanted - got) <= TOLERANCE * max(Decimal(1), abs(wanted))
    if isinstance(wanted, list):
        return isinstance(got, list) and len(wanted) == len(got) and all(map(is_same, wanted, got))
    if isinstance(wanted, Mapping):
        same_keys = isinstance(got, Mapping) and wanted.keys() == got.keys()
        return same_keys and all(is_same(item, got[key]) for key, item in wanted.items())
    if wanted is None or got is None:
        return wanted is None and got is None
    return type(wanted) is type(got) and (equal(wanted, got) is True or str(wanted) == str(got))


def _show(value: Any) -> str:
    return str(value)[:200] if not isinstance(value, str) else f"“{value[:200]}”"


def _local(node: etree._Element) -> str:
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def _children(node: etree._Element, name: str) -> Iterator[etree._Element]:
    return (item for item in node.iterchildren() if _local(item) == name)


def _child(node: etree._Element, name: str) -> etree._Element | None:
    return next(_children(node, name), None)


def _text(node: etree._Element, name: str) -> str:
    found = _child(node, name)
    return "" if found is None else (found.text or "").strip()


def _clean(name: str | None) -> str:
    return " ".join((name or "").split())


def _read_case(node: etree._Element, number: int) -> TestCase:
    inputs: dict[str, Any] = {}
    for item in _children(node, "inputNode"):
        value = _read_value(item)
        name = _clean(item.get("name"))
        namespace = item.get("namespace", "")
        if namespace:
            inputs[f"{namespace}#{name}"] = value
            inputs.setdefault(name, value)
        else:
            inputs[name] = value
    return TestCase(
        node.get("id") or str(number),
        node.get("type") or "decision",
        _clean(node.get("invocableName")),
        inputs,
        tuple(_read_expected(item) for item in _children(node, "resultNode")),
    )


def _read_expected(node: etree._Element) -> Expected:
    wanted = _child(node, "expected")
    return Expected(
        _clean(node.get("name")),
        node.get("type") or "decision",
        node.get("namespace", ""),
        node.get("errorResult") in ("true", "1"),
        None if wanted is None else _read_value(wanted),
    )


def _is_nil(node: etree._Element) -> bool:
    return node.get(f"{{{XSI}}}nil") in ("true", "1")


def _read_value(holder: etree._Element) -> Any:
    """Read value, list or components; none of them is null."""
    if _is_nil(holder):
        return None
    parts = [item for item in holder.iterchildren() if _local(item) in ("value", "list", "component")]
    if not parts:
        return None
    if _local(parts[0]) == "component":
        return {_clean(item.get("name")): _read_value(item) for item in parts}
    only = parts[0]
    if _is_nil(only):
        return None
    if _local(only) == "list":
        return [_read_value(item) for item in _children(only, "item")]
    return _read_simple(only)


def _read_simple(node: etree._Element) -> Any:
    kind = (node.get(f"{{{XSI}}}type") or "string").rpartition(":")[2]
    text = node.text or ""
    if kind in _NUMBERS:
        try:
            return Decimal(text.strip())
        except InvalidOperation:
            return text
    if kind == "boolean":
        return text.strip() in ("true", "1")
    if kind in _READERS:
        found = compile_expression(_READERS[kind]).value({"_text": text.strip()})
        return text if found is None else found  # what the language cannot read equals nothing that it computes
    return text
