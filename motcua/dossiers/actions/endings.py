"""Stopping a procedure: the applicant withdraws, or the time to complete the dossier runs out (slip 05)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from motcua.audit.public import SYSTEM, Actor, record_decision
from motcua.cases.public import CaseInfo, receive_message
from motcua.dossiers import rules
from motcua.dossiers.actions.common import lock_dossier, read_state, require
from motcua.dossiers.actions.slips import issue_slip
from motcua.dossiers.models import Dossier, DraftResult, Slip
from motcua.dossiers.types import NotAllowedNow
from motcua.kernel.messages import N_

MESSAGE = "withdraw"


def withdraw_dossier(
    dossier_uuid: UUID,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    official_id: int | None = None,
) -> CaseInfo:
    """Stop the procedure at the applicant's wish and issue the notice of stopping (slip 05).

    `official_id`: the official who takes the wish in on paper at the counter.
    Raises: NotAllowedNow once there is a decision or the dossier has ended.
    Source: Decree 118/2025/NĐ-CP, Art. 21; in force 2025-07-01.
    """
    if not reason.strip():
        raise NotAllowedNow("withdraw_needs_reason", N_("Hãy ghi lý do rút hồ sơ."))
    with transaction.atomic():
        dossier, case = lock_dossier(dossier_uuid=dossier_uuid)
        signed = DraftResult.objects.filter(dossier=dossier, approved_at__isnull=False).exists()
        require(rules.may_withdraw(state=read_state(case), has_decision=signed))
        done = receive_message(dossier.case_id, MESSAGE, payload={"reason": reason}, actor=actor, now=now)
        issue_slip(
            dossier,
            5,
            data={"reason": reason, "by": "applicant"},
            issued_by_id=official_id,
            issued_by_name=actor.name if official_id is not None else SYSTEM.name,
            now=now,
        )
        record_decision(
            actor, subject=f"dossier:{dossier.uuid}", action="dossier.withdraw", details={"reason": reason}, now=now
        )
        return done


def note_stopped(case_id: int, *, now: datetime) -> None:
    """Issue the notice of stopping after the time to complete the dossier ran out. Doing it twice changes nothing.

    Source: Decree 118/2025/NĐ-CP, Art. 11(2); in force 2025-07-01.
    """
    with transaction.atomic():
        dossier = Dossier.objects.select_for_update(of=("self",)).filter(case_id=case_id).first()
        if dossier is None or Slip.objects.filter(dossier=dossier, kind=5).exists():
            return
        issue_slip(
            dossier,
            5,
            data={
                "reason": N_("Hết 15 ngày làm việc kể từ ngày yêu cầu mà hồ sơ chưa được bổ sung."),
                "by": "timeout",
            },
            issued_by_id=None,
            issued_by_name=SYSTEM.name,
            now=now,
        )
