"""Messages on their way: claimed before the call, settled after it; the call itself is in tasks, outside both.

Of one dossier only the oldest waiting message may be claimed, and nobody else claims it while its lease runs: so the
messages of a dossier arrive in their order, whatever fails.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from motcua.cases.public import CaseInfo, get_cases
from motcua.national.models import StatusMessage
from motcua.national.rules.retrying import LEASE, next_wait
from motcua.national.types import Acknowledgement, StatusNote
from motcua.places.public import AgencyInfo, get_agencies

BATCH = 100
_UPDATED = ["outcome", "acked_at", "ack_code", "ack_text", "next_try_at", "last_error"]


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a batch."""

    accepted: int = 0
    refused: int = 0
    again: int = 0


def claim_messages(*, now: datetime, limit: int = BATCH) -> tuple[StatusNote, ...]:
    """Take the messages that are due, at most one of a dossier, and return them with what is told beside the state."""
    earlier = StatusMessage.objects.filter(thread=OuterRef("thread"), outcome="waiting", seq__lt=OuterRef("seq"))
    with transaction.atomic():
        due = StatusMessage.objects.filter(~Exists(earlier), outcome="waiting", next_try_at__lte=now)
        rows = list(due.select_for_update(of=("self",), skip_locked=True).order_by("next_try_at", "id")[:limit])
        StatusMessage.objects.filter(pk__in=[row.pk for row in rows]).update(
            attempts=F("attempts") + 1, next_try_at=now + LEASE
        )
    cases = get_cases([row.case_id for row in rows if row.case_id is not None])
    agencies = get_agencies({case.agency_id for case in cases.values()})
    return tuple(_to_note(row, cases, agencies) for row in rows)


def settle_messages(
    notes: Sequence[StatusNote], answers: Sequence[Acknowledgement], *, error: str = "", now: datetime
) -> Settled:
    """Write what the other side said of each message; one of which it said nothing is tried again later."""
    said = {answer.message_id: answer for answer in answers}
    counts = {"accepted": 0, "refused": 0, "again": 0}
    with transaction.atomic():
        rows = list(
            StatusMessage.objects.select_for_update(of=("self",))
            .filter(uuid__in=[note.message_id for note in notes], outcome="waiting")
            .order_by("id")
        )
        for row in rows:
            counts[_settle(row, said.get(str(row.uuid)), error or "no_answer", now)] += 1
        StatusMessage.objects.bulk_update(rows, _UPDATED)
    return Settled(**counts)


def _settle(row: StatusMessage, answer: Acknowledgement | None, error: str, now: datetime) -> str:
    if answer is None or not answer.is_final:
        row.next_try_at = now + next_wait(row.attempts, chance=random.random())
        row.last_error = (f"{answer.code} {answer.text}" if answer else error)[:200]
        return "again"
    row.outcome = "accepted" if answer.is_accepted else "refused"
    row.acked_at, row.ack_code, row.ack_text, row.last_error = now, answer.code, answer.text, ""
    return row.outcome


def _to_note(row: StatusMessage, cases: Mapping[int, CaseInfo], agencies: Mapping[int, AgencyInfo]) -> StatusNote:
    case = cases.get(row.case_id) if row.case_id is not None else None
    agency = agencies.get(case.agency_id) if case else None
    return StatusNote(
        message_id=UUID(str(row.uuid)),
        seq=row.seq,
        state=row.state,
        happened_at=row.happened_at,
        dossier_no=row.dossier_no,
        national_code=row.national_code,
        reason=row.reason,
        procedure_code=case.subject_code if case else "",
        procedure_name=case.subject_title if case else "",
        agency_code=agency.code if agency else "",
        agency_name=agency.name if agency else "",
        channel=case.channel if case else "",
        received_at=case.opened_at if case else None,
        due_at=case.due_at if case else None,
        ended_at=case.stopped_at if case else None,
    )
