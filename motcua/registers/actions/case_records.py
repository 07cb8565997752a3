"""What a finished case says to the registers, written in the transaction in which its result is issued.

A saying that a register cannot take (a number that belongs to somebody else, a field that is missing) does not hold
the result up: it waits, with what is wrong, for a steward of that register.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import transaction

from motcua.audit.public import Actor, record_decision
from motcua.kernel.messages import N_
from motcua.registers.actions.describing import describe_registers
from motcua.registers.actions.readings import read_records
from motcua.registers.actions.writing import check_data, end_record, patch_record, write_record
from motcua.registers.models import CaseRecord, Record
from motcua.registers.queries.case_gaps import read_rules
from motcua.registers.queries.reading import find_records
from motcua.registers.queries.registers import count_registers, get_quality_rules, get_register
from motcua.registers.rules.case_rules import (
    CaseRules,
    Saying,
    find_lookup_values,
    merge_fields,
    work_out,
)
from motcua.registers.rules.records import clean, find_keys
from motcua.registers.types import (
    CaseRecordNotFound,
    FieldProblem,
    KeyTaken,
    Reading,
    RecordInfo,
    RecordInvalid,
    RegisterInfo,
    Wanted,
)

GROUND = N_("Luật Dữ liệu 60/2024/QH15; kết quả giải quyết thủ tục hành chính")
_NO_KEY = FieldProblem(field="", message=N_("thiếu số dùng để tra cứu nên chưa biết là bản ghi nào"))
_TAKEN = N_("số này đã thuộc về bản ghi khác")


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingNote:
    """A register that could not take what the case says, and why."""

    register: str
    register_name: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOutcome:
    """How many records a case gave, and how many wait for a steward: which, and why."""

    written: int
    waiting: int
    notes: tuple[WaitingNote, ...] = ()


def apply_case_rules(
    content: bytes, *, context: Mapping[str, Any], case_ref: str, source: str, actor: Actor, now: datetime
) -> CaseOutcome:
    """Write what a finished case says; call it inside the transaction that issues the result. Twice changes nothing.

    Shape of the context: answers, result, dossier, issued, applicant. Raises: RegisterInvalid for rules that cannot
    be read, RegisterNotFound for a register that is none.
    """
    rules = read_rules(content)
    with transaction.atomic():
        _ensure_described(rules, now)
        known = _look_up(rules, context, case_ref, actor, now)
        said = [
            _say_once(saying, case_ref, source, actor, now)
            for saying in work_out(rules, {**context, "known": known}, issued_at=now)
        ]
    notes = tuple(each for each in said if isinstance(each, WaitingNote))
    return CaseOutcome(written=sum(each is True for each in said), waiting=len(notes), notes=notes)


def settle_case_record(
    case_record_id: int, data: Mapping[str, Any], *, despite: str = "", actor: Actor, now: datetime
) -> RecordInfo:
    """Write a record that waited, as its steward completed it.

    It must fit the schema and have a key: without one nobody finds it again. What the register's rules of quality ask
    for is asked for too, unless the steward says why it is written `despite` that; the reason is kept.
    Raises: CaseRecordNotFound, RecordInvalid, KeyTaken.
    """
    with transaction.atomic():
        row = (
            CaseRecord.objects.select_related("register")
            .select_for_update(of=("self",))
            .filter(pk=case_record_id, record__isnull=True, dismissed_at__isnull=True)
            .first()
        )
        if row is None:
            raise CaseRecordNotFound()
        info = get_register(row.register.code)
        gaps = _find_gaps(info, data)
        if gaps and not despite.strip():
            raise RecordInvalid(gaps)
        found = write_record(info.code, data, valid_from=row.valid_from, source=row.source, actor=actor.id, now=now)
        row.record, row.written_at, row.written_by = Record.objects.get(uuid=found.uuid), now, actor.id
        row.save(update_fields=["record", "written_at", "written_by"])
        details: dict[str, object] = {"case": row.case_ref}
        if gaps:
            details |= {"despite": despite.strip()[:500], "fields": ", ".join(each.field for each in gaps)}
        record_decision(actor, subject=f"record:{found.uuid}", action="settle_case_record", details=details, now=now)
    return found


def _find_gaps(info: RegisterInfo, data: Mapping[str, Any]) -> tuple[FieldProblem, ...]:
    """Return which rules of quality do not hold. Raises: RecordInvalid for what no reason makes good."""
    content = check_data(info, data)
    if info.keys and not find_keys(info.keys, content):
        raise RecordInvalid((FieldProblem(field=info.keys[0].fields[0], message=_NO_KEY.message),))
    rules = get_quality_rules(info)
    return tuple(
        FieldProblem(field=each.field, message=each.message) for each in rules if not each.holds.is_true(content)
    )


def dismiss_case_record(case_record_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Say that nothing is to be written for a record that waited, and why. Raises: CaseRecordNotFound."""
    with transaction.atomic():
        rows = CaseRecord.objects.filter(pk=case_record_id, record__isnull=True, dismissed_at__isnull=True)
        if not reason.strip() or not rows.update(
            dismissed_at=now, dismissed_by=actor.id, dismissed_why=reason.strip()[:500]
        ):
            raise CaseRecordNotFound()
        record_decision(
            actor, subject=f"case_record:{case_record_id}", action="dismiss_case_record",
            details={"reason": reason.strip()}, now=now,
        )  # fmt: skip


def _ensure_described(rules: CaseRules, now: datetime) -> None:
    """Registers that ship with the product are taken up when the first case speaks to them."""
    codes = {rule.register for rule in rules.rules} | {lookup.register for lookup in rules.lookups}
    if count_registers(codes) < len(codes):
        describe_registers(now=now)


def _look_up(
    rules: CaseRules, context: Mapping[str, Any], case_ref: str, actor: Actor, now: datetime
) -> dict[str, Mapping[str, Any]]:
    asked = {
        name: Wanted(register=lookup.register, key=lookup.key, value=value)
        for name, (lookup, value) in find_lookup_values(rules, context).items()
    }
    if not asked:
        return {}
    reading = Reading(actor=actor, purpose=N_("Ghi kết quả hồ sơ %(no)s vào sổ", no=case_ref), legal_ground=GROUND)
    found = read_records(list(asked.values()), reading=reading, now=now)
    return {name: found[wanted].data for name, wanted in asked.items() if wanted in found}


def _say_once(
    saying: Saying, case_ref: str, source: str, actor: Actor, now: datetime
) -> Literal[True] | WaitingNote | None:
    """Return that it was written, or why it waits; None: nothing was to be said, or it was said before."""
    if CaseRecord.objects.filter(case_ref=case_ref, rule=saying.rule).exists():
        return None
    info = get_register(saying.register)
    record, problems = None, _find_problems(info, saying)
    if not problems:
        try:
            with transaction.atomic():
                record = _say(info, saying, source, actor, now)
        except RecordInvalid as refusal:
            problems = refusal.problems
        except KeyTaken as refusal:
            problems = (FieldProblem(field=refusal.name, message=_TAKEN),)
        if record is None and not problems:
            return None
    CaseRecord.objects.create(
        case_ref=case_ref,
        rule=saying.rule,
        register_id=info.id,
        record=Record.objects.get(uuid=record.uuid) if record else None,
        data=clean(saying.fields),
        problems=[{"field": each.field, "message": str(each.message)} for each in problems],
        source=source[:200],
        valid_from=saying.since,
        created_at=now,
        written_at=now if record else None,
        written_by=actor.id if record else "",
    )
    if record is not None:
        return True
    reasons = tuple(dict.fromkeys(each.message for each in problems))
    return WaitingNote(register=info.code, register_name=info.name, reasons=reasons)


def _find_problems(info: RegisterInfo, saying: Saying) -> tuple[FieldProblem, ...]:
    if saying.ask:
        return (FieldProblem(field="", message=saying.ask),)
    return () if find_keys(info.keys, saying.fields) else (_NO_KEY,)


def _say(info: RegisterInfo, saying: Saying, source: str, actor: Actor, now: datetime) -> RecordInfo | None:
    keys = find_keys(info.keys, clean(saying.fields))
    wanted = [Wanted(register=info.code, key=name, value=value) for name, value in keys.items()]
    standing = {found.uuid: found for found in find_records(wanted, at=now).values()}
    if len(standing) > 1:
        raise KeyTaken(", ".join(sorted(keys)))
    before = next(iter(standing.values()), None)
    if before is None and saying.mode != "write":
        return None
    if before is None:
        data = merge_fields({}, saying)
        return write_record(info.code, data, valid_from=saying.since, source=source, actor=actor.id, now=now)
    if saying.mode == "end":
        end_record(
            before.uuid, valid_to=max(saying.since, before.slice.valid_from), source=source, actor=actor.id, now=now
        )
        return before
    changed = patch_record(
        before.uuid, clean(saying.fields), empty=saying.empty, valid_from=saying.since, source=source,
        actor=actor.id, now=now,
    )  # fmt: skip
    return changed or before
