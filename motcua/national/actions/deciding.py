"""What a person decides about a package that waits: explain a name, leave a part out, write a value, send it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from motcua.audit.public import Actor, record_decision
from motcua.documents.public import read_file
from motcua.dossiers.public import NationalState
from motcua.kernel.clock import local_date
from motcua.kernel.messages import N_
from motcua.kernel.text import clean_line
from motcua.national.actions.taking import take_in
from motcua.national.models import FieldName, Intake, StatusMessage
from motcua.national.rules.packages import read_package
from motcua.national.types import (
    DecisionUnknown,
    IntakeNotFound,
    IntakeSettled,
    IntakeStale,
    PackageUnreadable,
)
from motcua.procedures.public import find_procedure, get_form

MAX_VALUE: Final = 2_000
Decide = Callable[[Intake, str, str, Actor, datetime], None]


def decide_intake(
    intake_uuid: UUID, *, decision: str, name: str = "", value: str = "", revision: int, actor: Actor, now: datetime
) -> str:
    """Note one decision about a waiting package and try again to take it in; return its state.

    `decision`: explain (name -> question of the form), set_aside (name), write (question -> value), same_person, retry.
    Raises: IntakeNotFound, IntakeSettled, IntakeStale, DecisionUnknown.
    """
    if decision not in _DECISIONS:
        raise DecisionUnknown(N_("Hãy chọn một cách xử lý trong danh sách."))
    with transaction.atomic():
        row = lock_intake(intake_uuid, revision=revision)
        _DECISIONS[decision](row, name, value, actor, now)
        row.save(update_fields=["decisions"])
        _note(row, decision, actor, name=name, now=now)
        return take_in(intake_uuid, actor=actor, now=now)


def return_package(intake_uuid: UUID, *, reason: str, revision: int, actor: Actor, now: datetime) -> None:
    """Send a package back: the national portal is told that it was not received, and why; the package stays here.

    Raises: IntakeNotFound, IntakeSettled, IntakeStale, DecisionUnknown without a reason.
    Source: Decree 118/2025/NĐ-CP, Art. 19; in force 2025-07-01.
    """
    note = clean_line(reason)[:1_000]
    if not note:
        raise DecisionUnknown(N_("Hãy ghi rõ lý do trả lại để người nộp biết phải làm gì."))
    with transaction.atomic():
        row = lock_intake(intake_uuid, revision=revision)
        row.state, row.note, row.decided_by_name, row.decided_at = "refused", note, actor.name, now
        row.revision += 1
        row.save(update_fields=["state", "note", "decided_by_name", "decided_at", "revision"])
        StatusMessage.objects.create(
            thread=row.uuid,
            national_code=row.national_code,
            seq=1,
            position=0,
            state=int(NationalState.NOT_RECEIVED),
            reason=note,
            happened_at=now,
            created_at=now,
            next_try_at=now,
        )
        _note(row, "return", actor, name="", now=now)


def lock_intake(intake_uuid: UUID, *, revision: int) -> Intake:
    """Lock a package that is still undecided. Raises: IntakeNotFound, IntakeSettled, IntakeStale."""
    row = Intake.objects.select_for_update(of=("self",)).filter(uuid=intake_uuid).first()
    if row is None:
        raise IntakeNotFound
    if row.state not in ("new", "waiting"):
        raise IntakeSettled
    if row.revision != revision:
        raise IntakeStale
    return row


def _explain(row: Intake, name: str, value: str, actor: Actor, now: datetime) -> None:
    procedure = find_procedure(row.procedure_code, on=local_date(row.filed_at or now))
    known = set() if procedure is None else {item.key for item in get_form(procedure.version_id).fields}
    if value not in known or not 0 < len(name) <= 200:
        raise DecisionUnknown(N_("Hãy chọn một mục có trong biểu mẫu của thủ tục."))
    FieldName.objects.update_or_create(
        procedure_code=row.procedure_code,
        name=name,
        defaults={"form_key": value, "decided_by_name": actor.name[:200], "decided_at": now},
    )


def _set_aside(row: Intake, name: str, _value: str, _actor: Actor, _now: datetime) -> None:
    if name not in {reason["field"] for reason in row.reasons}:
        raise DecisionUnknown(N_("Hãy chọn mục cần để lại trong danh sách lý do."))
    row.decisions = {**row.decisions, "set_aside": sorted({*row.decisions.get("set_aside", ()), name})}


def _write(row: Intake, name: str, value: str, _actor: Actor, now: datetime) -> None:
    procedure = find_procedure(row.procedure_code, on=local_date(row.filed_at or now))
    item = None if procedure is None else get_form(procedure.version_id).find_field(name)
    if item is None or not item.is_input or len(value) > MAX_VALUE:
        raise DecisionUnknown(N_("Hãy chọn một mục có trong biểu mẫu của thủ tục và ghi nội dung không quá dài."))
    row.decisions = {**row.decisions, "values": {**row.decisions.get("values", {}), name: value}}


def _same_person(row: Intake, _name: str, _value: str, _actor: Actor, _now: datetime) -> None:
    try:
        party = read_package(read_file(row.package_id)).applicant
    except PackageUnreadable as error:
        raise DecisionUnknown(error.message) from error
    if not party.identifier:
        raise DecisionUnknown(N_("Gói hồ sơ không ghi số định danh nên không xác nhận được người đứng tên."))
    row.decisions = {**row.decisions, "applicant": True}


def _retry(_row: Intake, _name: str, _value: str, _actor: Actor, _now: datetime) -> None:
    """Nothing but another try: somebody has mended the catalogue meanwhile."""


_DECISIONS: Final[dict[str, Decide]] = {
    "explain": _explain,
    "set_aside": _set_aside,
    "write": _write,
    "same_person": _same_person,
    "retry": _retry,
}


def _note(row: Intake, decision: str, actor: Actor, *, name: str, now: datetime) -> None:
    record_decision(
        actor,
        subject=f"intake:{row.uuid}",
        action=f"national.{decision}",
        details={"national_code": row.national_code, "name": name[:200]},
        now=now,
    )
