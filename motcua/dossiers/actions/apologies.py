"""The apology with a new date (slip 04): once, before the due time, signed by the head of the agency."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from motcua.audit.public import Actor, record_decision
from motcua.cases.public import ExtensionInfo, extend_deadline
from motcua.dossiers import rules
from motcua.dossiers.actions.common import lock_dossier, read_state, require
from motcua.dossiers.actions.slips import issue_slip
from motcua.dossiers.models import Slip
from motcua.dossiers.types import NotAllowedNow
from motcua.kernel.messages import N_
from motcua.places.public import get_calendar

LEGAL_REF = "Nghị định 118/2025/NĐ-CP, Điều 19"


def apologise(
    dossier_uuid: UUID, *, new_due_at: datetime, reason: str, leader_id: int, actor: Actor, now: datetime
) -> ExtensionInfo:
    """Apologise for the delay and set the one new appointment; nobody is told to come to a closed office.

    A time at which the office is closed becomes the end of that or the next working day.
    Raises: NotAllowedNow by the rule (twice, too late, not later); ExtensionRefused by the clock.
    The wording was read in the decree that it replaced, 61/2018/NĐ-CP, Art. 19(9).
    Source: Decree 118/2025/NĐ-CP, Art. 19; in force 2025-07-01.
    """
    if not reason.strip():
        raise NotAllowedNow("reappoint_needs_reason", N_("Hãy ghi lý do chậm để người nộp được biết."))
    with transaction.atomic():
        dossier, case = lock_dossier(dossier_uuid=dossier_uuid)
        new_due_at = get_calendar(case.calendar_code).roll_end(new_due_at)
        so_far = Slip.objects.filter(dossier=dossier, kind=4).count()
        state = read_state(case)
        require(
            rules.may_reappoint(
                reappointments_so_far=so_far, due_at=case.due_at, new_due_at=new_due_at, now=now, state=state
            )
        )
        assert case.due_at is not None  # the rule has asked
        extension = extend_deadline(
            dossier.case_id, new_due_at=new_due_at, reason=reason, legal_ref=LEGAL_REF, actor=actor, now=now
        )
        issue_slip(
            dossier,
            4,
            data={
                "reason": reason,
                "due_at": case.due_at.isoformat(),
                "new_due_at": new_due_at.isoformat(),
                "is_notice_late": extension.is_notice_late,
            },
            issued_by_id=leader_id,
            issued_by_name=actor.name,
            now=now,
        )
        record_decision(
            actor,
            subject=f"dossier:{dossier.uuid}",
            action="dossier.apologise",
            details={"new_due_at": new_due_at.isoformat(), "reason": reason},
            now=now,
        )
    return extension
