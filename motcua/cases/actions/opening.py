"""A request becomes a case; a process text becomes a version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from motcua.audit.public import Actor
from motcua.cases.actions.batch import Batch
from motcua.cases.models import Case, Participation, ProcessVersion
from motcua.cases.queries.processes import get_process_definition, to_process_info
from motcua.cases.queries.reads import to_case_info
from motcua.cases.rules import read_work_duration
from motcua.cases.types import CaseInfo, CaseOpened, OpenCase, ProcessVersionInfo
from motcua.kernel.text import fold
from motcua.outbox.public import insert_rows
from motcua.places.public import get_agency
from motcua.process import public as process


def deploy_process(key: str, *, xml: bytes, now: datetime) -> ProcessVersionInfo:
    """Deploy a process text as the next version of its key; the same text again answers the version it has.

    Raises: ProcessDefinitionError with all problems of the drawing.
    """
    definition = process.parse_process(xml)
    _check_timers(definition)
    digest = sha256(xml).hexdigest()
    with transaction.atomic():
        with connection.cursor() as cursor:  # two deployments of one key wait for each other
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"cases.deploy:{key}"])
        versions = ProcessVersion.objects.filter(key=key)
        row = versions.filter(sha256=digest).first()
        if row is None:
            newest: int = versions.aggregate(newest=Max("version"))["newest"] or 0
            row = ProcessVersion.objects.create(
                key=key, version=newest + 1, sha256=digest, bpmn_xml=xml.decode(), deployed_at=now
            )
    return to_process_info(row)


def open_case(command: OpenCase, *, actor: Actor, now: datetime) -> CaseInfo:
    """Open a case: freeze its rules, start its process and its clock, write everything in bulk.

    Runs inside the caller's transaction without a savepoint: after a failure of the database that transaction is lost.
    Raises: ProcessVersionUnknown, AgencyNotFound, ProcessStepError; IntegrityError for a code used before.
    """
    definition = get_process_definition(command.process_version_id)
    batch = Batch(case=_make_case(command, now=now), now=now, actor=actor, lines=[])
    batch.say("opened", audience="applicant", data={"channel": command.channel})
    batch.announce(CaseOpened, subject_code=command.subject_code, agency_id=command.agency_id)
    starts_at = max(command.clock_starts_at or now, now)
    batch.move_clock("start", at=starts_at, legal_ref=command.term_legal_ref)
    batch.take(process.start(definition, dict(command.variables), now=now))
    participations = _make_participations(command, batch.case)
    with transaction.atomic(savepoint=False):
        batch.insert()
        for row in participations:
            row.case_id = batch.case.pk
        insert_rows(participations)
    return to_case_info(batch.case)


def _make_case(command: OpenCase, *, now: datetime) -> Case:
    calendar_code = command.calendar_code or get_agency(command.agency_id).calendar_code
    return Case(
        code=command.code,
        kind=command.kind,
        title=command.title,
        subject_code=command.subject_code,
        subject_title=command.subject_title,
        subject_folded=fold(f"{command.subject_code} {command.subject_title} {command.title}"),
        process_version_id=command.process_version_id,
        state={},
        stage="submitted",
        agency_id=command.agency_id,
        reception_agency_id=command.reception_agency_id or command.agency_id,
        area_code=command.area_code,
        applicant_kind=command.applicant_kind,
        applicant_id=command.applicant_id,
        applicant_name=command.applicant_name,
        term_amount=command.term_amount,
        term_unit=command.term_unit,
        clock_rule=command.clock_rule,
        calendar_code=calendar_code,
        channel=command.channel,
        opened_at=now,
        clock_state="running",
    )


def _make_participations(command: OpenCase, case: Case) -> list[Participation]:
    wanted = {(one.party_kind, one.party_id, one.role): one for one in command.participants}
    rows = [Participation(case=case, party_kind=kind, party_id=id, role=role) for kind, id, role in wanted]
    applicant: Mapping[str, Any] = {"party_kind": command.applicant_kind, "party_id": command.applicant_id}
    if command.applicant_id is not None and (*applicant.values(), "applicant") not in wanted:
        rows.append(Participation(case=case, role="applicant", **applicant))
    return rows


def _check_timers(definition: process.ProcessDefinition) -> None:
    """Refuse a working-time timer that no working calendar can count, before any case meets it."""
    problems = []
    for element in definition.elements:
        timer = element.timer
        if timer is None or timer.counts != "workday" or timer.form != "duration" or timer.expression is not None:
            continue
        try:
            read_work_duration(timer.value)
        except ValueError as error:
            problems.append(process.Problem(element.id, "timer_not_countable", str(error)))
    if problems:
        raise process.ProcessDefinitionError(tuple(problems))
