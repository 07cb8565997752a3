"""How much is to be paid: rows chosen by channel, kind of applicant and date; the city's zero rates; never a guess."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from motcua.kernel.text import fold
from motcua.procedures.types import ApplicantKind, Channel, FeeLine, FeeRow, Mark

FeeReason = Literal["none_stated", "fixed", "waived", "several", "by_official"]
_ONCE = ("hồ sơ", "lần", "giấy", "thẻ", "chứng chỉ", "trường hợp", "việc", "vụ", "quyết định")
_PER_COPY = ("bản", "bản sao", "bản chính", "trang")
_CHARGES = ("phi tham dinh", "phi cong bo", "phi kiem", "phi cung cap", "phi cap ban sao")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeCategory:
    """Fees that a resolution names together: exact labels in exact fields of procedures, both folded."""

    code: str
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
    reasons: set[FeeReason] = set()
    used: Waiver | None = None
    for label in dict.fromkeys(row.label for row in valid):
        best = _most_specific([row for row in valid if row.label == label], channel=channel, kind=applicant_kind)
        waiver = find_waiver(at_hand, field=field, label=label, texts=[row.text for row in best])
        made, reason = _make_lines(best, waiver, copies)
        used = waiver if reason == "waived" else used
        lines.extend(made)
        reasons.add(reason)
    return _sum_up(lines, reasons, used)


def add_up_decided(
    lines: Sequence[FeeLine], waivers: Sequence[Waiver], *, field: str, channel: Channel, on: date
) -> FeeChoice:
    """Add up what a decision table says is due; the city's zero rate takes the fees that it names to zero.

    Source: Decision 411/NQ-HĐND, Art. 1; in force 2025-09-29.
    """
    if not lines:
        return FeeChoice(amount_vnd=None, lines=(), reason="none_stated")
    at_hand = [each for each in waivers if _holds(each, channel=channel, on=on)]
    made: list[FeeLine] = []
    reasons: set[FeeReason] = set()
    used: Waiver | None = None
    for line in lines:
        waiver = find_waiver(at_hand, field=field, label=line.label)
        if waiver and line.amount_vnd != 0:
            made.append(FeeLine(label=line.label, amount_vnd=0, legal_ref=waiver.legal_ref, text=waiver.name))
            reasons.add("waived")
            used = waiver
        else:
            made.append(line)
            reasons.add("by_official" if line.amount_vnd is None else "fixed")
    return _sum_up(made, reasons, used)


def _sum_up(lines: list[FeeLine], reasons: set[FeeReason], waiver: Waiver | None) -> FeeChoice:
    reason = next(each for each in ("several", "by_official", "waived", "fixed") if each in reasons)
    if reason in ("several", "by_official"):
        return FeeChoice(amount_vnd=None, lines=tuple(lines), reason=reason)
    total = sum(line.amount_vnd or 0 for line in lines)
    return FeeChoice(amount_vnd=total, lines=tuple(lines), reason=reason, waiver=waiver if reason == "waived" else None)


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


def _make_lines(rows: list[FeeRow], waiver: Waiver | None, copies: int) -> tuple[list[FeeLine], FeeReason]:
    row = rows[0]
    if waiver and row.amount_vnd != 0:
        line = FeeLine(label=row.label, amount_vnd=0, legal_ref=waiver.legal_ref, text=waiver.name)
        return [line], "waived"
    amounts = {_amount(each, copies) for each in rows}
    if len(amounts) > 1:
        return [_line(each, None) for each in rows], "several"
    amount = amounts.pop()
    return [_line(row, amount)], "by_official" if amount is None else "fixed"


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


def _holds(waiver: Waiver, *, channel: Channel, on: date) -> bool:
    in_force = waiver.valid_from <= on and (waiver.valid_to is None or on < waiver.valid_to)
    return in_force and channel in waiver.channels


def find_waiver(waivers: Iterable[Waiver], *, field: str, label: str, texts: Sequence[str] = ()) -> Waiver | None:
    """Return the zero rate that names this fee: by its exact label in its exact field, and no charge for a service."""
    folded_field, folded_label = fold(field), fold(label)
    if any(charge in fold(text) for text in texts for charge in _CHARGES):
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
