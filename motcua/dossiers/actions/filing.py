"""Filing: a draft becomes a dossier, its case, its papers and its receipt in one short transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import orjson
from django.db import connection, transaction

from motcua.audit.public import Actor
from motcua.cases.public import CaseInfo, OpenCase, Participant, get_case, open_case
from motcua.dossiers.actions.facts import make_fact_rows
from motcua.dossiers.actions.numbers import next_dossier_no
from motcua.dossiers.actions.sparing import make_spared_rows
from motcua.dossiers.models import Dossier, DossierFact, Draft, LinkedRegistration, Paper, Slip
from motcua.dossiers.queries.fee_groups import dump_fee
from motcua.dossiers.queries.form_pages import get_draft_form, list_asked_keys, list_field_labels
from motcua.dossiers.queries.preparing import Preparation, Ready, prepare_filing, snapshot_party
from motcua.dossiers.rules import format_slip_no
from motcua.dossiers.types import (
    ONLINE_CHANNELS,
    DossierFiled,
    DraftInfo,
    DraftNotFound,
    Filed,
    Origin,
    StaleDraft,
)
from motcua.outbox.public import insert_row, insert_rows, publish, sent_together

CASE_KIND = "dossier"
_TAKE_DRAFT = """
UPDATE dossiers_draft SET submitted_case_id = %s, updated_at = %s
WHERE uuid = %s AND submitted_case_id IS NULL AND updated_at = %s
RETURNING id
"""


class _DraftMoved(Exception):
    """The draft was filed, changed or deleted after it was read."""


def file_draft(
    draft: DraftInfo,
    *,
    submitter_id: int,
    submitter_name: str,
    submitter_person_id: int | None,
    actor: Actor,
    now: datetime,
    client_key: UUID | None = None,
) -> Filed:
    """File a draft once. A second press, a retry or a race gets the first answer with `is_repeat`.

    Everything is read and checked before the transaction; the receipt's PDF is drawn later, when it is asked for.
    Raises: DraftNotFound; DraftIncomplete with every error of every page; StaleDraft when it changed meanwhile.
    """
    if draft.submitted_case_id is not None:
        return answer_again(draft.submitted_case_id)
    if client_key is not None and client_key != draft.client_key:
        raise DraftNotFound
    prepared = prepare_filing(draft, submitter_person_id=submitter_person_id, now=now)
    ready = prepared.require_ready()
    try:
        with transaction.atomic(durable=True), sent_together():
            return write_dossier(
                draft,
                prepared=prepared,
                ready=ready,
                submitter=(submitter_id, submitter_name),
                actor=actor,
                now=now,
            )
    except _DraftMoved:
        return _answer_moved(draft.uuid)


def write_dossier(
    draft: DraftInfo,
    *,
    prepared: Preparation,
    ready: Ready,
    submitter: tuple[int | None, str],
    origin: Origin | None = None,
    actor: Actor,
    now: datetime,
) -> Filed:
    """Write the dossier and all that belongs to it, inside the caller's transaction. `origin`: not from a draft."""
    received_at = origin.received_at if origin else now
    dossier_no = next_dossier_no(ready.reception.code, now=received_at)
    case = open_case(
        _make_case(dossier_no, draft=draft, prepared=prepared, ready=ready, submitter_id=submitter[0], origin=origin),
        actor=actor,
        now=now,
    )
    if origin is None:
        _take_draft(draft, case_id=case.id, now=now)
    dossier = Dossier(
        case_id=case.id,
        dossier_no=dossier_no,
        received_at=received_at,
        **_freeze(draft, prepared, ready, submitter=submitter),
    )
    dossier.pk = insert_row(dossier)
    insert_rows(_list_papers(dossier, draft=draft, prepared=prepared, now=received_at))
    insert_rows(_list_facts(dossier, draft=draft, prepared=prepared, now=now))
    insert_rows(_list_linked(dossier, prepared))
    insert_rows(make_spared_rows(dossier, draft=draft, data=prepared.data, now=now))
    insert_rows([_make_receipt(dossier, case, by=submitter if draft.channel not in ONLINE_CHANNELS else None, now=now)])
    publish(
        DossierFiled(
            case_id=case.id,
            dossier_no=dossier_no,
            channel=draft.channel,
            procedure_version_id=draft.procedure_version_id,
            agency_id=ready.agency.id,
        ),
        now=now,
    )
    return _to_filed(case, dossier_uuid=dossier.uuid, received_at=received_at)


def _make_receipt(dossier: Dossier, case: CaseInfo, *, by: tuple[int | None, str] | None, now: datetime) -> Slip:
    """Return the receipt (slip 01); `by`: the official at the counter, nobody when it came by wire."""
    return Slip(
        dossier_id=dossier.pk,
        kind=1,
        no=format_slip_no(1, number=dossier.dossier_no),
        data={"due_at": case.due_at.isoformat() if case.due_at else None},
        issued_at=now,
        issued_by_id=by[0] if by else None,
        issued_by_name=by[1] if by else "",
    )


def _take_draft(draft: DraftInfo, *, case_id: int, now: datetime) -> None:
    """Mark the draft as filed if it is still as it was checked. Of two presses the second waits here, then finds none.

    Raises: _DraftMoved, which undoes the transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_DRAFT, [case_id, now, draft.uuid, draft.updated_at])
        if cursor.fetchone() is None:
            raise _DraftMoved


def _answer_moved(draft_uuid: UUID) -> Filed:
    """Answer a press that came second. Raises: StaleDraft when the draft was changed; DraftNotFound when it is gone."""
    moved = Draft.objects.filter(uuid=draft_uuid).only("revision", "submitted_case_id").first()
    if moved is None:
        raise DraftNotFound
    if moved.submitted_case_id is None:
        raise StaleDraft(revision=moved.revision)
    return answer_again(moved.submitted_case_id)


def _freeze(
    draft: DraftInfo, prepared: Preparation, ready: Ready, *, submitter: tuple[int | None, str]
) -> dict[str, Any]:
    """Return what a dossier keeps as it was at its filing."""
    return {
        "procedure_version_id": draft.procedure_version_id,
        "agency_id": ready.agency.id,
        "reception_agency_id": ready.reception.id,
        "channel": draft.channel,
        "result_channel": draft.result_channel,
        "applicant_kind": ready.party.ref.kind,
        "applicant_id": ready.party.ref.id,
        "applicant": asdict(snapshot_party(ready.party)),
        "submitted_by_id": submitter[0],
        "submitter": prepared.submitter | {"name": submitter[1]},
        "form_data": prepared.data,
        "form_sha256": hash_form(prepared.data),
        "fee_vnd": prepared.fee.amount_vnd,
        "fee_reason": prepared.fee.reason_vi,
        "fee_lines": dump_fee(prepared.proved_fee),
        "client_key": draft.client_key,
    }


def _make_case(
    dossier_no: str,
    *,
    draft: DraftInfo,
    prepared: Preparation,
    ready: Ready,
    submitter_id: int | None,
    origin: Origin | None,
) -> OpenCase:
    version, party = prepared.version, ready.party
    return OpenCase(
        kind=CASE_KIND,
        code=dossier_no,
        title=version.name[:500],
        subject_code=version.code,
        subject_title=version.name[:1000],
        process_version_id=ready.process_version_id,
        agency_id=ready.agency.id,
        reception_agency_id=ready.reception.id,
        area_code=prepared.area_code,
        calendar_code=ready.agency.calendar_code,
        applicant_kind=party.ref.kind,
        applicant_id=party.ref.id,
        applicant_name=party.name,
        channel=draft.channel,
        origin_code=origin.code if origin else "",
        received_at=origin.received_at if origin else None,
        term_amount=version.term.amount,
        term_unit=version.term.unit,
        clock_rule=version.term.clock_rule,
        term_legal_ref=version.term.legal_ref[:300],
        variables={
            "channel": "online" if draft.channel in ONLINE_CHANNELS else draft.channel,
            "result_channel": draft.result_channel,
            "fee_vnd": prepared.fee.amount_vnd,
            "applicant_kind": party.ref.kind,
            "form": prepared.data,
        },
        participants=_list_participants(draft, ready=ready, submitter_id=submitter_id),
    )


def _list_participants(draft: DraftInfo, *, ready: Ready, submitter_id: int | None) -> tuple[Participant, ...]:
    ref = ready.party.ref
    kind: Literal["person", "organisation"] = "organisation" if ref.kind == "organisation" else "person"
    applicant = Participant(party_kind=kind, party_id=ref.id, role="applicant")
    if draft.channel != "online" or submitter_id is None:
        return (applicant,)
    return (applicant, Participant(party_kind="user", party_id=submitter_id, role="submitter"))


def _list_papers(dossier: Dossier, *, draft: DraftInfo, prepared: Preparation, now: datetime) -> list[Paper]:
    return [
        Paper(
            dossier_id=dossier.pk,
            field_key=file.field_key,
            code=prepared.paper_codes.get(file.field_key, ""),
            name=prepared.paper_names.get(file.field_key, file.filename),
            file_id=file.file_id,
            source="upload" if draft.channel in ONLINE_CHANNELS else "counter",
            added_at=now,
        )
        for file in draft.files
        if file.field_key in prepared.paper_names
    ]


def _list_facts(dossier: Dossier, *, draft: DraftInfo, prepared: Preparation, now: datetime) -> list[DossierFact]:
    """Return what registers answered, frozen as it was shown; a filing without facts costs nothing."""
    if not draft.facts:
        return []
    asked = list_asked_keys(get_draft_form(draft), prepared.data)
    labels = list_field_labels(draft.procedure_version_id)
    return make_fact_rows(dossier, draft.facts, labels=labels, asked=asked, now=now)


def _list_linked(dossier: Dossier, prepared: Preparation) -> list[LinkedRegistration]:
    return [
        LinkedRegistration(
            dossier_id=dossier.pk,
            procedure_code=each.code,
            name=each.name,
            agency_name=each.agency_name,
            share_workdays=each.share_workdays,
        )
        for each in prepared.version.linked
    ]


def hash_form(data: Mapping[str, object]) -> str:
    """Return the hash of form data, the same whatever the order of its keys."""
    return hashlib.sha256(orjson.dumps(data, option=orjson.OPT_SORT_KEYS)).hexdigest()


def answer_again(case_id: int) -> Filed:
    """Return the answer that the first filing got."""
    dossier = Dossier.objects.only("uuid", "received_at").get(case_id=case_id)
    return _to_filed(get_case(case_id), dossier_uuid=dossier.uuid, received_at=dossier.received_at, is_repeat=True)


def _to_filed(case: CaseInfo, *, dossier_uuid: UUID, received_at: datetime, is_repeat: bool = False) -> Filed:
    return Filed(
        case_id=case.id,
        dossier_uuid=dossier_uuid,
        dossier_no=case.code,
        received_at=received_at,
        due_at=case.due_at,
        agency_id=case.agency_id,
        is_repeat=is_repeat,
    )
