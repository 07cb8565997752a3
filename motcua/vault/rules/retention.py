"""Which papers the law wants kept by whom they belong to, and when a deletion is carried out. Pure.

A rule is data with its mark: what was not read in the text of the law itself is marked likely or unsure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from motcua.kernel.clock import format_date
from motcua.kernel.messages import N_
from motcua.vault.rules.kinds import is_kind_of
from motcua.vault.types import RetentionVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """Papers of this kind, held by this kind of owner, are kept so many years after the end of their year."""

    kind: str
    owner_kind: str
    years: int
    legal_ref: str
    valid_from: date
    mark: Literal["sure", "likely", "unsure"]


RULES = (
    RetentionRule(
        kind="receipt",
        owner_kind="organisation",
        years=10,
        legal_ref="Luật Kế toán 88/2015/QH13, Điều 41; Nghị định 174/2016/NĐ-CP, Điều 13",
        valid_from=date(2017, 1, 1),
        mark="likely",
    ),
)


def judge_deletion(kind: str, *, owner_kind: str, issued_on: date, on: date) -> RetentionVerdict:
    """Say whether a paper may be deleted on a day.

    Source: Law on Accounting 88/2015/QH13, Art. 41 (vouchers of a firm, ten years; mark: likely); in force 2017-01-01.
    """
    for rule in RULES:
        if owner_kind != rule.owner_kind or not is_kind_of(kind, wanted=rule.kind) or issued_on < rule.valid_from:
            continue
        until = date(issued_on.year + rule.years, 12, 31)
        if on <= until:
            reason = N_(
                "Chứng từ này của tổ chức phải được lưu đến hết ngày %(until)s (%(ref)s), nên chưa xóa được. Sau ngày "
                "đó bạn có thể yêu cầu xóa lại.",
                until=format_date(until),
                ref=rule.legal_ref,
            )
            return RetentionVerdict(may_delete=False, reason=reason, legal_ref=rule.legal_ref, until=until)
    return RetentionVerdict(may_delete=True)


def grace_end(asked_at: datetime, *, hours: int) -> datetime:
    """Return until when a deletion can be undone.

    Source: Decree 13/2023/NĐ-CP, Art. 16 (deletion within 72 hours of the request; mark: likely); in force 2023-07-01.
    """
    return asked_at + timedelta(hours=max(1, min(hours, 71)))
