"""How much is to be paid: rows chosen by channel, kind of applicant and date; never a guess.

Two things take a fee down, kept apart: an exemption of the law, for groups that a register proves (`exemptions`), and
the city's zero rate for online filing. The law's comes first; the city's takes what is left.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from motcua.kernel.text import fold
from motcua.procedures.rules.exemptions import CHARGES, Exemption, exempt
from motcua.procedures.types import ApplicantKind, Channel, FeeLine, FeeRow, Mark

FeeReason = Literal["none_stated", "fixed", "exempt", "waived", "several", "by_official"]
_ONCE = ("hồ sơ", "lần", "giấy", "thẻ", "chứng chỉ", "trường hợp", "việc", "vụ", "quyết định")
_PER_COPY = ("bản", "bản sao", "bản chính", "trang")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeCategory:
    """Fees that a resolution names together: exact labels in exact fields of procedures, both folded."""

    code: str
    name: str
    fields: frozenset[str]
    labels: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A zero rate that the city gives to categories of fees, for a period (half-open)."""

    name: str
    categories: tuple[FeeCategory, ...]
    channels: tuple[Channel, ...]
    valid_from: date
    valid_to: date | None
    legal_ref: str
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeChoice:
    """What the rules found; `amount_vnd` None when an official has to fix it."""

    amount_vnd: int | None
    lines: tuple[FeeLine, ...]
    reason: FeeReason
    waiver: Waiver | None = None


def choose_fee(
    rows: Sequence[FeeRow],
    waivers: Sequence[Waiver],
    *,
    field: str,
    channel: Channel,
    applicant_kind: ApplicantKind,
    on: date,
    copies: int = 1,
    exemptions: Sequence[Exemption] = (),
    groups: Collection[str] = (),
) -> FeeChoice:
    """Choose and add up the fees of one filing: one row for each label, the most specific that is in force.

    Rows of different labels add up; rows of one label that differ are alternatives, which only an official can settle.
    The city's zero rate takes a fee that it names to zero; the receipt is due even for zero đồng.
    Source: Decision 411/NQ-HĐND, Art. 1; in force 2025-09-29.
    """
    valid = [row for row in rows if _applies(row, channel=channel, kind=applicant_kind, on=on)]
    if not valid:
        return FeeChoice(amount_vnd=None, lines=(), reason="none_stated")
    at_hand = [each for each in waivers if _holds(each, channel=channel, on=on)]
    lines: list[FeeLine] = []
    for label in dict.fromkeys(row.label for row in valid):
        best = _most_specific([row for row in valid if row.label == label], channel=channel, kind=applicant_kind)
        texts = [row.text for row in best]
        waiver = find_waiver(at_hand, field=field, label=label, texts=texts)
        exemption = exempt(exemptions, groups=groups, field=field, label=label, texts=texts, on=on)
        lines += _take_down(_make_lines(best, copies), exemption, waiver)
    return _sum_up(lines, at_hand)


def add_up_decided(
    lines: Sequence[FeeLine],
    waivers: Sequence[Waiver],
    *,
    field: str,
    channel: Channel,
    on: date,
    exemptions: Sequence[Exemption] = (),
    groups: Collection[str] = (),
) -> FeeChoice:
    """Add up what a decision table says is due, less what the law exempts and what the city takes to zero.

    Source: Decision 411/NQ-HĐND, Art. 1; in force 2025-09-29.
    """
    if not lines:
        return FeeChoice(amount_vnd=None, lines=(), reason="none_stated")
    at_hand = [each for each in waivers if _holds(each, channel=channel, on=on)]
    made: list[FeeLine] = []
    for line in lines:
        waiver = find_waiver(at_hand, field=field, label=line.label)
        exemption = exempt(exemptions, groups=groups, field=field, label=line.label, on=on)
        made += _take_down([line], exemption, waiver)
    return _sum_up(made, at_hand)


def _take_down(lines: list[FeeLine], exemption: Exemption | None, waiver: Waiver | None) -> list[FeeLine]:
    """Take one fee down: rows of it that differ become one line of zero, because none of them is due any more."""
    if all(line.amount_vnd == 0 for line in lines) or (exemption is None and waiver is None):
        return lines
    first, amounts = lines[0], {line.amount_vnd for line in lines}
    known = amounts.pop() if len(amounts) == 1 else None
    if exemption is not None and (exemption.takes_all or known is not None):
        left = 0 if known is None else known - exemption.take_off(known)
        lines = [
            replace(
                first,
                amount_vnd=left,
                by_law_vnd=first.by_law_vnd or known,
                waived_by="statute",
                waived_text=exemption.text,
                waived_ref=exemption.legal_ref,
                waived_group=exemption.group,
            )
        ]
    if waiver is not None and any(line.amount_vnd != 0 for line in lines):
        first = lines[0]
        lines = [
            replace(
                first,
                amount_vnd=0,
                by_law_vnd=first.by_law_vnd or known,
                waived_by="city",
                waived_text=waiver.name,
                waived_ref=waiver.legal_ref,
                waived_group="",
            )
        ]
    return lines


def _sum_up(lines: Sequence[FeeLine], waivers: Sequence[Waiver]) -> FeeChoice:
    labels = [line.label for line in lines if line.amount_vnd is None]
    if labels:
        reason: FeeReason = "several" if len(set(labels)) < len(labels) else "by_official"
        return FeeChoice(amount_vnd=None, lines=tuple(lines), reason=reason)
    total = sum(line.amount_vnd or 0 for line in lines)
    refs = {line.waived_ref for line in lines if line.waived_by == "city"}
    waiver = next((each for each in waivers if each.legal_ref in refs), None)
    is_exempt = any(line.waived_by == "statute" for line in lines)
    reason = "waived" if waiver else "exempt" if is_exempt else "fixed"
    return FeeChoice(amount_vnd=total, lines=tuple(lines), reason=reason, waiver=waiver)


def _applies(row: FeeRow, *, channel: Channel, kind: ApplicantKind, on: date) -> bool:
    return (
        row.channel in (channel, "any")
        and (row.applicant_kind in (kind, "any") or kind == "any")
        and (row.valid_from is None or row.valid_from <= on)
        and (row.valid_to is None or on < row.valid_to)
    )


def _most_specific(rows: Sequence[FeeRow], *, channel: Channel, kind: ApplicantKind) -> list[FeeRow]:
    def weight(row: FeeRow) -> tuple[int, date]:
        specific = 2 * (row.channel == channel) + (row.applicant_kind == kind and kind != "any")
        return specific, row.valid_from or date.min

    top = max(weight(row) for row in rows)
    return [row for row in rows if weight(row) == top]


def _make_lines(rows: list[FeeRow], copies: int) -> list[FeeLine]:
    amounts = {_amount(each, copies) for each in rows}
    if len(amounts) > 1:
        return [_line(each, None) for each in rows]
    return [_line(rows[0], amounts.pop())]


def _amount(row: FeeRow, copies: int) -> int | None:
    """Return the amount for this filing; None when it depends on a quantity that the filing does not state."""
    if row.amount_vnd is None or row.amount_vnd == 0:
        return row.amount_vnd
    per = row.per.strip().lower()
    if per in _PER_COPY[:3]:
        return row.amount_vnd * max(copies, 1)
    return row.amount_vnd if not per or per.startswith(_ONCE) else None


def _line(row: FeeRow, amount: int | None) -> FeeLine:
    return FeeLine(label=row.label, amount_vnd=amount, legal_ref=row.legal_ref, text=row.text)


def is_in_force(waiver: Waiver, *, on: date) -> bool:
    """Tell whether the city's zero rate holds on a day."""
    return waiver.valid_from <= on and (waiver.valid_to is None or on < waiver.valid_to)


def _holds(waiver: Waiver, *, channel: Channel, on: date) -> bool:
    return is_in_force(waiver, on=on) and channel in waiver.channels


def find_waiver(waivers: Iterable[Waiver], *, field: str, label: str, texts: Sequence[str] = ()) -> Waiver | None:
    """Return the zero rate that names this fee: by its exact label in its exact field, and no charge for a service."""
    folded_field, folded_label = fold(field), fold(label)
    if any(charge in fold(text) for text in texts for charge in CHARGES):
        return None
    return next(
        (
            waiver
            for waiver in waivers
            for category in waiver.categories
            if folded_label in category.labels and folded_field in category.fields
        ),
        None,
    )
