"""Background work of indices: cases that events name are touched, and the copy follows within seconds."""

from __future__ import annotations

from datetime import datetime

from motcua.cases.public import CaseClosed, CaseOpened, DeadlineExtended, StageEntered
from motcua.indices.public import refresh_copy, touch_case
from motcua.outbox.public import register_periodic, subscribe
from motcua.payments.public import ChargeSettled


@subscribe(CaseOpened, name="indices.touch_opened")
def handle_case_opened(event: CaseOpened, *, now: datetime) -> None:
    """A case came in."""
    touch_case(event.case_uuid, now=now)


@subscribe(StageEntered, name="indices.touch_stage")
def handle_stage_entered(event: StageEntered, *, now: datetime) -> None:
    """A case stands elsewhere; its clock may have stopped."""
    touch_case(event.case_uuid, now=now)


@subscribe(DeadlineExtended, name="indices.touch_extended")
def handle_deadline_extended(event: DeadlineExtended, *, now: datetime) -> None:
    """A case has another appointment."""
    touch_case(event.case_uuid, now=now)


@subscribe(CaseClosed, name="indices.touch_closed")
def handle_case_closed(event: CaseClosed, *, now: datetime) -> None:
    """A case ended."""
    touch_case(event.case_uuid, now=now)


@subscribe(ChargeSettled, name="indices.touch_settled")
def handle_charge_settled(event: ChargeSettled, *, now: datetime) -> None:
    """What a case owed may have been waived."""
    touch_case(event.case_uuid, now=now)


@register_periodic("indices.refresh_copy", every_seconds=20)
def refresh(*, now: datetime) -> None:
    """Bring the analytical copy up to date."""
    refresh_copy(now=now)
