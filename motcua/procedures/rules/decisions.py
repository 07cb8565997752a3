"""What a package's decision tables say: fees as lines, who may file as messages, and the rows as people read them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from motcua.procedures.types import ApplicantKind, Channel, EligibilityMessage, FeeLine
from motcua.process.dmn import DecisionModel, TableInfo, TableRule
from motcua.process.feel import FeelError, compile_expression, compile_unary_tests

FEE = "fee"
ELIGIBILITY = "eligibility"
_READS_ANSWERS = re.compile(r"\b(?:answers|copies)\b")
_TEXT = re.compile(r'^"(?P<text>(?:[^"\\]|\\.)*)"$')
_WHOLE = re.compile(r"^\d{1,12}$")


def make_inputs(
    *,
    channel: Channel,
    applicant_kind: ApplicantKind,
    on: date,
    copies: int,
    answers: Mapping[str, Any],
    groups: Collection[str] = (),
) -> dict[str, Any]:
    """Return the inputs that every decision of a package may read; `categories`: the groups that registers prove."""
    return {
        "channel": channel,
        "applicant_kind": applicant_kind,
        "filed_on": on,
        "copies": Decimal(max(copies, 1)),
        "answers": dict(answers),
        "categories": sorted(groups),
    }


def reads_groups(xml: bytes) -> bool:
    """Tell whether a decision reads the groups that registers prove: only then they are asked."""
    return re.search(rb"\bcategories\b", xml) is not None


def read_fee_lines(value: Any) -> tuple[FeeLine, ...]:
    """Read the answer of decision `fee`: a list of {label, amount_vnd, legal_ref, text}, or one of them.

    `by_law_vnd`, where a row has it, is the sum before the row's own exemption by law. An amount that is no whole
    number of đồng from zero up is not known: an official fixes it.
    """
    return tuple(_read_fee_line(entry) for entry in _as_list(value))


def _read_fee_line(entry: Mapping[str, Any]) -> FeeLine:
    amount, by_law = _read_amount(entry.get("amount_vnd")), _read_amount(entry.get("by_law_vnd"))
    legal_ref, text = str(entry.get("legal_ref") or ""), str(entry.get("text") or "")
    is_exempt = amount is not None and by_law is not None and by_law > amount
    return FeeLine(
        label=str(entry.get("label") or "Lệ phí"),
        amount_vnd=amount,
        legal_ref=legal_ref,
        text=text,
        by_law_vnd=by_law if is_exempt else None,
        waived_by="statute" if is_exempt else "",
        waived_text=text if is_exempt else "",
        waived_ref=legal_ref if is_exempt else "",
    )


def _read_amount(amount: Any) -> int | None:
    is_whole = isinstance(amount, Decimal) and amount >= 0 and amount == amount.to_integral_value()
    return int(amount) if is_whole else None


def read_messages(value: Any) -> tuple[EligibilityMessage, ...]:
    """Read the answer of decision `eligibility`: a list of {code, message, blocks}; what stops filing comes first."""
    found = [
        EligibilityMessage(
            code=str(entry.get("code") or ""), message=str(entry["message"]), blocks=entry.get("blocks") is True
        )
        for entry in _as_list(value)
        if entry.get("message")
    ]
    return tuple(sorted(found, key=lambda each: not each.blocks))


def _as_list(value: Any) -> list[Mapping[str, Any]]:
    entries = value if isinstance(value, list) else [value]
    return [entry for entry in entries if isinstance(entry, Mapping)]


def find_table(model: DecisionModel, name: str) -> TableInfo | None:
    """Return the decision's own table, if it is one."""
    return next((table for table in model.tables if name in (table.name, table.id)), None)


def list_fee_rows(
    table: TableInfo, *, channel: Channel, applicant_kind: ApplicantKind, on: date
) -> tuple[tuple[FeeLine, ...], bool]:
    """Return the rows of a fee table that may hold for this channel, kind and date, as lines in the table's order.

    The second answer is True when which of them hold hangs on answers that are not given yet.
    """
    known = {"channel": channel, "applicant_kind": applicant_kind, "filed_on": on}
    if applicant_kind == "any":
        del known["applicant_kind"]
    columns = [_make_test(each.expression, known) for each in table.inputs]
    rows = [rule for rule in table.rules if all(_may_hold(t, rule, i) for i, t in enumerate(columns))]
    hangs = any(test is None and rule.cells[i].kind != "any" for rule in rows for i, test in enumerate(columns))
    lines = tuple(_to_line(rule, [each.name for each in table.outputs]) for rule in rows)
    return lines, hangs or any(
        line.amount_vnd is None and _depends(rule) for line, rule in zip(lines, rows, strict=True)
    )


def list_labels(table: TableInfo) -> list[tuple[str, str]]:
    """Return (label, text) of every fee that a table names, whatever its conditions."""
    names = [each.name for each in table.outputs]
    return [(line.label, line.text) for line in (_to_line(rule, names) for rule in table.rules)]


def _make_test(expression: str, known: Mapping[str, Any]) -> Callable[[str], bool | None] | None:
    """Return the test of a column's cells; None when its input is not known before the form is filled in."""
    try:
        compiled = compile_expression(expression)
    except FeelError:
        return None
    if any(path[0] not in known for path in compiled.paths):
        return None
    value = compiled.value(known)
    return lambda text: compile_unary_tests(text).matches(value, known)


def _may_hold(test: Callable[[str], bool | None] | None, rule: TableRule, index: int) -> bool:
    if test is None or rule.cells[index].kind == "any":
        return True
    try:
        return test(rule.cells[index].text) is not False
    except FeelError:
        return True


def _depends(rule: TableRule) -> bool:
    return any(_READS_ANSWERS.search(text) for text in rule.outputs)


def _to_line(rule: TableRule, names: Sequence[str]) -> FeeLine:
    outputs = dict(zip(names, rule.outputs, strict=False))
    amount = outputs.get("amount_vnd", "").strip()
    return FeeLine(
        label=_plain(outputs.get("label", "")) or "Lệ phí",
        amount_vnd=int(amount) if _WHOLE.match(amount) else None,
        legal_ref=_plain(outputs.get("legal_ref", "")),
        text=_plain(outputs.get("text", "")),
    )


def _plain(text: str) -> str:
    match = _TEXT.match(text.strip())
    return match["text"].replace('\\"', '"') if match else ""
