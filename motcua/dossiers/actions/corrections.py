"""A register is said to be wrong: a case in its owner's inbox, the owner's answer, the dossiers that wait for it.

Source: Law 91/2025/QH15, Art. 4; in force 2026-01-01.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from motcua.audit.public import Actor, record_decision
from motcua.cases.public import (
    CaseInfo,
    OpenCase,
    add_timeline,
    complete_task,
    deploy_process,
    find_process_version,
    get_case,
    open_case,
)
from motcua.dossiers.actions.common import require
from motcua.dossiers.actions.decisions import Hand
from motcua.dossiers.actions.numbers import next_correction_no
from motcua.dossiers.models import Correction, Dossier, DossierFact, Result
from motcua.dossiers.queries.corrections import find_owner, say_field
from motcua.dossiers.rules.facts import CORRECTION_WORKDAYS, may_settle_correction
from motcua.dossiers.types import NotAllowedNow
from motcua.identity.public import PartyRef, get_party
from motcua.kernel.messages import N_
from motcua.registers.public import (
    RecordInfo,
    RecordNotFound,
    RegisterInfo,
    correct_record,
    get_record,
    get_register,
)

KIND = "correction"
PROCESS_KEY = "correct-fact"
PROCESS = Path(__file__).resolve().parents[2] / "procedures" / "designed" / "_correct_fact" / "process.bpmn"
_DECISIONS = {"accept": "accepted", "refuse": "refused"}


def dispute_fact(
    *,
    record_uuid: UUID,
    field: str,
    claimed_value: Any,
    reason: str,
    person: PartyRef,
    dossier_no: str | None = None,
    actor: Actor,
    now: datetime,
) -> str:
    """Ask a register's owner to put one field right; return the code of the case. The same question again: the same.

    The caller has asked whether this person may see the record. A dossier that showed the value waits for the answer.
    Raises: RecordNotFound; NotAllowedNow for an unknown field, no value, no reason, or when nobody answers for it.
    """
    dossier = Dossier.objects.filter(dossier_no=dossier_no).first() if dossier_no else None
    register, shown_value, held_by = _find_claimed(record_uuid, field, dossier=dossier, now=now)
    title = _check_claim(register, field, claimed_value=claimed_value, reason=reason)
    owner_id = find_owner(register, fallback_id=dossier.agency_id if dossier else None, now=now)
    if owner_id is None:
        raise NotAllowedNow(
            "owner_unknown", N_("Chưa có cơ quan nào nhận đính chính sổ này trên hệ thống. Hãy gọi 1022.")
        )
    with transaction.atomic():
        _one_at_a_time(record_uuid, field)
        asked = Correction.objects.filter(record_uuid=record_uuid, field=field, person_id=person.id, decision="")
        correction = asked.select_related("case").first()
        if correction is None:
            correction = Correction(
                register=register.code,
                register_name=register.name,
                record_uuid=record_uuid,
                field=field,
                title=title,
                shown_value=shown_value,
                held_by=held_by,
                claimed_value=claimed_value,
                reason=reason.strip(),
                person_id=person.id,
                dossier_no=dossier_no or "",
                asked_at=now,
            )
            _open(correction, person=person, owner_id=owner_id, actor=actor, now=now)
        if dossier is not None:
            _link(correction, dossier, claimed_value=claimed_value, reason=reason)
        return correction.case.code


def _find_claimed(
    record_uuid: UUID, field: str, *, dossier: Dossier | None, now: datetime
) -> tuple[RegisterInfo, Any, str]:
    """Return the register, what it says, and who holds the record when it does not lie here. Raises: RecordNotFound.

    What lies elsewhere is known only from the dossier that showed it; our register's owner takes it to its holder.
    """
    rows = DossierFact.objects.filter(dossier=dossier, record_uuid=record_uuid, record_field=field).exclude(held_by="")
    elsewhere = rows.first() if dossier is not None else None
    if elsewhere is not None:
        return get_register(elsewhere.register), elsewhere.shown_value, elsewhere.held_by
    record = get_record(record_uuid, at=now)
    return get_register(record.register), record.data.get(field), ""


def _check_claim(register: RegisterInfo, field: str, *, claimed_value: Any, reason: str) -> str:
    """Return the field's title. Raises: NotAllowedNow."""
    properties = register.schema.get("properties", {})
    if field not in properties:
        raise NotAllowedNow("field_unknown", N_("Sổ này không có mục dữ liệu ấy. Hãy chọn mục trong danh sách."))
    if claimed_value in (None, "", []) or not reason.strip():
        raise NotAllowedNow("claim_missing", N_("Hãy ghi giá trị đúng và vì sao giá trị trong sổ không đúng."))
    return str(properties[field].get("title", field))[:200]


def _one_at_a_time(record_uuid: UUID, field: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"dispute:{record_uuid}:{field}"])


def _open(correction: Correction, *, person: PartyRef, owner_id: int, actor: Actor, now: datetime) -> None:
    party = get_party(person)
    title = N_("Đính chính “%(title)s” trong sổ %(name)s", title=correction.title, name=correction.register_name)
    case = open_case(
        OpenCase(
            kind=KIND,
            code=next_correction_no(now=now),
            title=str(title)[:500],
            subject_code=correction.register,
            subject_title=correction.register_name,
            process_version_id=_find_process(now=now),
            agency_id=owner_id,
            applicant_kind=person.kind,
            applicant_id=person.id,
            applicant_name=party.name,
            channel="online",
            term_amount=CORRECTION_WORKDAYS,
            term_unit="workday",
        ),
        actor=actor,
        now=now,
    )
    correction.case_id = case.id
    correction.save(force_insert=True)
    record_decision(
        actor,
        subject=f"record:{correction.record_uuid}",
        action="fact.dispute",
        details={"case": case.code, "field": correction.field},
        now=now,
    )


def _find_process(*, now: datetime) -> int:
    """Return the process of corrections as it is drawn now; the first case of a new drawing publishes it."""
    xml = PROCESS.read_bytes()
    found = find_process_version(PROCESS_KEY)
    if found is None or found.sha256 != sha256(xml).hexdigest():
        found = deploy_process(PROCESS_KEY, xml=xml, now=now)
    return found.id


def _link(correction: Correction, dossier: Dossier, *, claimed_value: Any, reason: str) -> None:
    """Let a dossier that showed the value wait for the answer, unless it is decided already."""
    if Result.objects.filter(dossier=dossier).exists():
        return
    rows = DossierFact.objects.select_for_update(of=("self",)).filter(
        dossier=dossier, record_uuid=correction.record_uuid, record_field=correction.field, settled_state="",
        correction__isnull=True,
    )  # fmt: skip
    for row in rows:
        row.state, row.correction = "disputed", correction
        row.typed_value = claimed_value if row.typed_value is None else row.typed_value
        row.reason = row.reason or reason.strip()
        row.save(update_fields=["state", "correction", "typed_value", "reason"])


def open_corrections(case_id: int, *, now: datetime) -> int:
    """Ask the owners about everything that a filed dossier disputes; return how many; repeating changes nothing."""
    dossier = Dossier.objects.filter(case_id=case_id).first()
    if dossier is None:
        return 0
    rows = DossierFact.objects.filter(dossier=dossier, state="disputed", correction__isnull=True, settled_state="")
    person = PartyRef(dossier.applicant_kind, dossier.applicant_id)
    actor = Actor(kind="resident", id=str(dossier.uuid), name=str(dossier.applicant.get("name", "")))
    done = 0
    for row in rows.order_by("id"):
        assert row.record_uuid is not None  # a constraint: what is disputed was shown
        try:
            code = dispute_fact(
                record_uuid=row.record_uuid, field=row.record_field, claimed_value=row.typed_value, reason=row.reason,
                person=person, dossier_no=dossier.dossier_no, actor=actor, now=now,
            )  # fmt: skip
        except RecordNotFound:
            _note_gone(row, now=now)
            continue
        done += 1
        text = N_(
            "Đã báo cơ quan quản lý sổ %(register)s rằng “%(label)s” ghi chưa đúng; hồ sơ đính chính %(code)s.",
            register=row.register_name, label=row.label, code=code,
        )  # fmt: skip
        add_timeline(
            case_id, kind="dossier.fact_disputed", text=text, audience="applicant", actor=actor,
            data={"correction": code}, now=now,
        )  # fmt: skip
    return done


def _note_gone(row: DossierFact, *, now: datetime) -> None:
    """The record has ended since it was shown: there is nothing left to correct, the office sees the claim."""
    row.settled_state, row.settled_at = "none", now
    row.save(update_fields=["settled_state", "settled_at"])


def settle_correction(hand: Hand, *, outcome: str, value: Any, note: str, now: datetime) -> CaseInfo:
    """Take in the owner's answer: the register is corrected with its history kept, or stays, with the reason.

    The dossiers that wait see the value at once; who asked is told. Raises: NotAllowedNow; RecordInvalid when the
    register does not take the value; StaleTask.
    """
    decision = _DECISIONS.get(outcome, "")
    require(may_settle_correction(decision=decision, value=value, note=note))
    with transaction.atomic():
        correction = Correction.objects.select_for_update(of=("self",)).get(case_id=hand.task.case_id)
        done = complete_task(
            hand.task.uuid, revision=hand.revision, actor=hand.actor, user_id=hand.user_id, outcome=outcome,
            data={"outcome": outcome}, note=note, now=now,
        )  # fmt: skip
        stands = _correct(correction, value, hand=hand, now=now) if decision == "accepted" else None
        correction.decision, correction.note = decision, note.strip()
        correction.corrected_value = value if decision == "accepted" else None
        correction.decided_at, correction.decided_by_name = now, hand.name
        correction.save(update_fields=["decision", "note", "corrected_value", "decided_at", "decided_by_name"])
        record_decision(
            hand.actor,
            subject=f"record:{correction.record_uuid}",
            action=f"fact.{decision}",
            details={"case": done.code, "field": correction.field},
            now=now,
        )
        _tell_who_asked(correction, case_id=done.id, actor=hand.actor, now=now)
        _settle_facts(correction, stands, actor=hand.actor, now=now)
        return done


@dataclass(frozen=True, slots=True)
class _Stand:
    """What stands after a correction: by whose word, since when known, under which hash."""

    source: str
    known_at: datetime
    sha256: str


def _correct(correction: Correction, value: Any, *, hand: Hand, now: datetime) -> _Stand:
    """Correct the period in which the wrong value stands; what was true before and after stays as it is.

    What lies elsewhere is corrected there; here stands the answer of who asked its holder.
    """
    if correction.held_by:
        code = get_case(correction.case_id).code
        content = json.dumps([code, correction.held_by, correction.field, value], sort_keys=True, ensure_ascii=False)
        source = f"{correction.held_by} (đính chính {code})"[:200]
        return _Stand(source=source, known_at=now, sha256=sha256(content.encode()).hexdigest())
    part = _write_correction(correction, value, hand=hand, now=now).slice
    return _Stand(source=part.source, known_at=part.known_from, sha256=part.sha256)


def _write_correction(correction: Correction, value: Any, *, hand: Hand, now: datetime) -> RecordInfo:
    record = get_record(correction.record_uuid, at=now)
    if record.data.get(correction.field) == value:
        return record
    return correct_record(
        correction.record_uuid,
        {**record.data, correction.field: value},
        valid_from=record.slice.valid_from,
        valid_to=record.slice.valid_to,
        source=f"Đính chính {get_case(correction.case_id).code}",
        actor=hand.actor.id,
        now=now,
    )


def _tell_who_asked(correction: Correction, *, case_id: int, actor: Actor, now: datetime) -> None:
    if correction.decision == "accepted":
        text = N_(
            "Sổ %(register)s đã sửa “%(title)s” thành: %(value)s.",
            register=correction.register_name, title=correction.title,
            value=say_field(correction.register, correction.field, correction.corrected_value),
        )  # fmt: skip
    else:
        text = N_(
            "Sổ %(register)s giữ nguyên “%(title)s”. Lý do: %(note)s",
            register=correction.register_name, title=correction.title, note=correction.note,
        )  # fmt: skip
    cases = {row.dossier.case_id for row in _facts_of(correction)}
    for each in sorted({case_id, *cases}):
        add_timeline(
            each, kind="fact.settled", text=text, audience="applicant", actor=actor,
            data={"decision": correction.decision}, now=now,
        )  # fmt: skip


def _facts_of(correction: Correction) -> list[DossierFact]:
    rows = DossierFact.objects.select_for_update(of=("self",)).select_related("dossier")
    return list(rows.filter(correction=correction, settled_state="").order_by("id"))


def _settle_facts(correction: Correction, stands: _Stand | None, *, actor: Actor, now: datetime) -> None:
    for row in _facts_of(correction):
        row.settled_state, row.settled_at = ("corrected" if stands is not None else "upheld"), now
        row.settled_value = row.shown_value if stands is None else correction.corrected_value
        if stands is not None:
            row.settled_source, row.settled_known_at = stands.source, stands.known_at
            row.settled_sha256 = stands.sha256
        row.save(
            update_fields=[
                "settled_state", "settled_at", "settled_value", "settled_source", "settled_known_at", "settled_sha256",
            ]
        )  # fmt: skip
