"""Corrections asked of the owners of registers: of a person, of a case; who decides each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from motcua.cases.public import get_cases
from motcua.dossiers.models import Correction
from motcua.dossiers.types import CorrectionInfo
from motcua.identity.public import PartyRef
from motcua.kernel.clock import local_date
from motcua.places.public import list_agencies
from motcua.registers.public import RegisterInfo, get_register, say_value

MAX_SHOWN = 100


def list_corrections_of(party: PartyRef) -> tuple[CorrectionInfo, ...]:
    """Return what a person or firm has asked to put right, newest first: two queries."""
    rows = Correction.objects.filter(case__applicant_kind=party.kind, person_id=party.id)
    return _to_infos(list(rows.order_by("-asked_at", "-id")[:MAX_SHOWN]))


def find_correction(case_id: int) -> CorrectionInfo | None:
    """Return the correction of a case, or None; asks no permission."""
    found = _to_infos(list(Correction.objects.filter(case_id=case_id)))
    return found[0] if found else None


def find_owner(register: RegisterInfo, *, fallback_id: int | None, now: datetime) -> int | None:
    """Return the agency that puts a register right: its owner, by name if need be, or who takes it up for the owner."""
    if register.owner_agency_id is not None:
        return register.owner_agency_id
    agencies = list_agencies(on=local_date(now))
    by_name = {name: agency.id for agency in agencies for name in (agency.name, agency.short_name)}
    for name in (register.owner, register.steward):
        if name in by_name:
            return by_name[name]
    committees = (each.id for each in agencies if each.kind == "people_committee" and each.level == "city")
    return fallback_id if fallback_id is not None else next(committees, None)


def describe_field(register: str, field: str) -> Mapping[str, Any]:
    """Return what a register's schema says of a field; nothing for a field that it no longer has."""
    found = get_register(register).schema.get("properties", {}).get(field, {})
    return dict(found)


def say_field(register: str, field: str, value: object) -> str:
    """Return a value of a register as people read it: codes in words, days as they are written here."""
    return say_value(field, value, describe_field(register, field))


def _to_infos(rows: list[Correction]) -> tuple[CorrectionInfo, ...]:
    cases = get_cases([row.case_id for row in rows])
    return tuple(
        CorrectionInfo(
            uuid=row.uuid,
            case_id=row.case_id,
            case_uuid=cases[row.case_id].uuid,
            code=cases[row.case_id].code,
            register=row.register,
            register_name=row.register_name,
            record_uuid=row.record_uuid,
            field=row.field,
            title=row.title,
            shown_value=row.shown_value,
            claimed_value=row.claimed_value,
            reason=row.reason,
            person_id=row.person_id,
            dossier_no=row.dossier_no,
            asked_at=row.asked_at,
            decision=row.decision,
            corrected_value=row.corrected_value,
            note=row.note,
            decided_at=row.decided_at,
            decided_by_name=row.decided_by_name,
            held_by=row.held_by,
        )
        for row in rows
    )


def read_register_value(text: str, described: Mapping[str, Any]) -> Any:
    """Return what an official typed as the register's schema wants it: a number, a yes or no, a day, a text."""
    kind = described.get("type")
    if described.get("format") == "date":
        found = re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", text)
        return f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}" if found else text
    if kind in ("number", "integer") and re.fullmatch(r"-?[0-9]+([.,][0-9]+)?", text):
        number = float(text.replace(",", "."))
        return int(number) if number.is_integer() else number
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    if kind == "array":
        return [part.strip() for part in text.split(";") if part.strip()]
    return text
