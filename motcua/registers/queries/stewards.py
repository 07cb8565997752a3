"""What a steward sees: the registers that her agency answers for, what waits, what became of a record."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from motcua.registers.models import CaseRecord, Merge, Record, Split
from motcua.registers.queries.registers import get_register, list_registers
from motcua.registers.types import CaseRecordNotFound, FieldProblem, RecordNotFound, RegisterInfo, RegisterNotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRecord:
    """A record of a finished case that could not be written, and why."""

    id: int
    case_ref: str
    register: str
    data: Mapping[str, Any]
    problems: tuple[FieldProblem, ...]
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """A merge or split that a record was part of."""

    kind: str
    at: datetime
    other_uuid: UUID
    reason: str
    is_undone: bool


def list_own_registers(agency_ids: Collection[int]) -> tuple[RegisterInfo, ...]:
    """Return the registers that these agencies answer for, by name."""
    return list_registers(owner_agency_ids=tuple(agency_ids))


def get_own_register(code: str, *, agency_ids: Collection[int]) -> RegisterInfo:
    """Return a register of these agencies. Raises: RegisterNotFound for one of others as for none."""
    info = get_register(code)
    if info.owner_agency_id not in agency_ids:
        raise RegisterNotFound(code)
    return info


def list_waiting(info: RegisterInfo, *, first: int = 0, count: int = 50) -> tuple[WaitingRecord, ...]:
    """Return the records that wait for this register's steward, the oldest first."""
    rows = CaseRecord.objects.filter(register=info.id, record__isnull=True, dismissed_at__isnull=True)
    return tuple(_to_waiting(row, info.code) for row in rows.order_by("pk")[first : first + count])


def get_waiting(info: RegisterInfo, *, case_record_id: int) -> WaitingRecord:
    """Return one that waits. Raises: CaseRecordNotFound."""
    row = CaseRecord.objects.filter(
        pk=case_record_id, register=info.id, record__isnull=True, dismissed_at__isnull=True
    ).first()
    if row is None:
        raise CaseRecordNotFound()
    return _to_waiting(row, info.code)


def check_record_of(info: RegisterInfo, *, record_uuid: UUID) -> None:
    """Raises: RecordNotFound for a record of another register as for none."""
    if not Record.objects.filter(uuid=record_uuid, register=info.id).exists():
        raise RecordNotFound()


def list_joints(record_uuid: UUID) -> tuple[Joint, ...]:
    """Return the merges and splits of a record, the newest first."""
    merges = Merge.objects.filter(Q(kept__uuid=record_uuid) | Q(merged__uuid=record_uuid))
    splits = Split.objects.filter(Q(origin__uuid=record_uuid) | Q(made__uuid=record_uuid))
    found = [
        Joint(
            kind="merge", at=row.merged_at, reason=row.reason, is_undone=row.undone_at is not None,
            other_uuid=row.merged.uuid if row.kept.uuid == record_uuid else row.kept.uuid,
        )
        for row in merges.select_related("kept", "merged").order_by("pk")
    ]  # fmt: skip
    found += [
        Joint(
            kind="split", at=row.split_at, reason=row.reason, is_undone=False,
            other_uuid=row.made.uuid if row.origin.uuid == record_uuid else row.origin.uuid,
        )
        for row in splits.select_related("origin", "made").order_by("pk")
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda each: each.at, reverse=True))


def _to_waiting(row: CaseRecord, register: str) -> WaitingRecord:
    return WaitingRecord(
        id=row.pk,
        case_ref=row.case_ref,
        register=register,
        data=row.data,
        problems=tuple(FieldProblem(**each) for each in row.problems),
        created_at=row.created_at,
    )
