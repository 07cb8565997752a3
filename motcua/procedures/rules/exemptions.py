"""Whom the law lets pay nothing, or less: groups of people, proved by a register, never by a paper.

A group is a code: what the register of social protection writes as `category`, and `child` and `elderly`, which a
birth date proves. Rounding favours the payer: what is taken off is rounded up to the whole đồng.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from motcua.kernel.text import fold
from motcua.procedures.types import Mark

ALL_BP: Final = 10_000
CHILD_UNTIL_YEARS: Final = 16
ELDERLY_FROM_YEARS: Final = 60
CHARGES: Final = ("phi tham dinh", "phi cong bo", "phi kiem", "phi cung cap", "phi cap ban sao")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """What the law takes off the fees of one group: exact fields, exact labels (both folded), a share, a period."""

    group: str
    fields: frozenset[str]
    labels: frozenset[str]
    share_bp: int
    text: str
    legal_ref: str
    mark: Mark
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def takes_all(self) -> bool:
        return self.share_bp == ALL_BP

    def take_off(self, amount_vnd: int) -> int:
        """Return what is not to be paid of an amount, rounded up to the whole đồng."""
        return min(amount_vnd, -(-amount_vnd * self.share_bp // ALL_BP))


def exempt(
    exemptions: Iterable[Exemption],
    *,
    groups: Collection[str],
    field: str,
    label: str,
    on: date,
    texts: Sequence[str] = (),
) -> Exemption | None:
    """Return the exemption that takes most off this fee for somebody of these groups; None where the law has none."""
    at_hand = list_exemptions(exemptions, field=field, label=label, on=on, texts=texts)
    found = [each for each in at_hand if each.group in groups]
    return max(found, key=lambda each: each.share_bp, default=None)


def list_exemptions(
    exemptions: Iterable[Exemption], *, field: str, label: str, on: date, texts: Sequence[str] = ()
) -> tuple[Exemption, ...]:
    """Return what the law takes off this fee on a date, whoever it is for: these groups are worth asking about."""
    if any(charge in fold(text) for text in texts for charge in CHARGES):
        return ()
    folded_field, folded_label = fold(field), fold(label)
    return tuple(
        each
        for each in exemptions
        if folded_field in each.fields
        and folded_label in each.labels
        and (each.valid_from is None or each.valid_from <= on)
        and (each.valid_to is None or on < each.valid_to)
    )


def groups_by_age(birth_on: date, *, on: date) -> frozenset[str]:
    """Return the groups that a birth date proves on a day: a child is under 16, an elderly person is 60 or more.

    Source: Law on Children 102/2016/QH13, Art. 1; in force 2017-06-01.
    Source: Law on the Elderly 39/2009/QH12, Art. 2; in force 2010-07-01.
    """
    years = on.year - birth_on.year - ((on.month, on.day) < (birth_on.month, birth_on.day))
    if years < 0:
        return frozenset()
    ages = (("child", years < CHILD_UNTIL_YEARS), ("elderly", years >= ELDERLY_FROM_YEARS))
    return frozenset(code for code, holds in ages if holds)


def groups_by_statuses(statuses: Iterable[tuple[str, date | None, date | None]], *, on: date) -> frozenset[str]:
    """Return the groups that statuses (category, from, to) prove on a day; the last day counts."""
    return frozenset(
        category
        for category, starts_on, ends_on in statuses
        if (starts_on is None or starts_on <= on) and (ends_on is None or on <= ends_on)
    )
