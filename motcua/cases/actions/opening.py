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
from motcua.cases.models import CalledVersion, Case, DecisionText, Participation, ProcessVersion
from motcua.cases.queries.processes import (
    find_model,
    find_process_version,
    get_compiled,
    parse_models,
    to_process_info,
)
from motcua.cases.queries.reads import to_case_info
from motcua.cases.rules import read_work_duration
from motcua.cases.types import CaseInfo, CaseOpened, OpenCase, ProcessVersionInfo
from motcua.kernel.messages import N_
from motcua.kernel.text import fold
from motcua.outbox.public import insert_rows
from motcua.places.public import get_agency
from motcua.process import public as process
from motcua.process.bpmn import to_utf8


def deploy_process(
    key: str, *, xml: bytes, decisions: Mapping[str, bytes] | None = None, now: datetime
) -> ProcessVersionInfo:
    """Deploy a process with its decisions as the next version of its key; the same again answers the version it has.

    `decisions`: DMN texts by name. Processes that it calls are frozen in their newest versions.
    Raises: ProcessDefinitionError with all problems of the drawing; DecisionModelError.
    """
    definition = process.parse_process(xml)
    texts = dict(decisions or {})
    _check_timers(definition)
    _check_decisions(definition, texts)
    called = _find_called(definition, key)
    digest = _digest(xml, texts, called)
    with transaction.atomic():
        with connection.cursor() as cursor:  # two deployments of one key wait for each other
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"cases.deploy:{key}"])
        versions = ProcessVersion.objects.filter(key=key)
        row = versions.filter(sha256=digest).first()
        if row is None:
            newest: int = versions.aggregate(newest=Max("version"))["newest"] or 0
            row = ProcessVersion.objects.create(
                key=key, version=newest + 1, sha256=digest, bpmn_xml=to_utf8(xml), deployed_at=now
            )
            _write_parts(row, texts, called)
    return to_process_info(row)


def _find_called(definition: process.ProcessDefinition, key: str) -> dict[str, ProcessVersionInfo]:
    """Return the newest versions of the processes that it calls; Raises: ProcessDefinitionError."""
    found, problems = {}, []
    for element in definition.of_kind("call"):
        version = None if element.called == key else find_process_version(element.called)
        if version is None:
            sentence = N_(
                "“%(name)s”: quy trình được gọi “%(called)s” chưa được ban hành, hoặc là chính nó.",
                name=element.name or element.id,
                called=element.called,
            )
            problems.append(process.Problem(element.id, "unknown_process", sentence))
        else:
            found[element.called] = version
    if problems:
        raise process.ProcessDefinitionError(tuple(problems))
    return found


def _digest(xml: bytes, texts: Mapping[str, bytes], called: Mapping[str, ProcessVersionInfo]) -> str:
    """Name the whole of what is deployed; a drawing alone is named by its own text."""
    if not texts and not called:
        return sha256(xml).hexdigest()
    parts = [sha256(xml).hexdigest()]
    parts += [f"decision {name} {sha256(text).hexdigest()}" for name, text in sorted(texts.items())]
    parts += [f"call {name} {version.sha256}" for name, version in sorted(called.items())]
    return sha256("\n".join(parts).encode()).hexdigest()


def _write_parts(row: ProcessVersion, texts: Mapping[str, bytes], called: Mapping[str, ProcessVersionInfo]) -> None:
    DecisionText.objects.bulk_create(
        DecisionText(process_version=row, name=name, sha256=sha256(text).hexdigest(), dmn_xml=to_utf8(text))
        for name, text in sorted(texts.items())
    )
    CalledVersion.objects.bulk_create(
        CalledVersion(process_version=row, key=name, called_version_id=version.id)
        for name, version in sorted(called.items())
    )


def _check_decisions(definition: process.ProcessDefinition, texts: Mapping[str, bytes]) -> None:
    """Refuse a step that asks a decision which does not come with the process. Raises: also DecisionModelError."""
    models = parse_models(texts)
    problems = tuple(
        process.Problem(
            element.id,
            "unknown_decision",
            N_(
                "“%(name)s”: bảng quyết định “%(decision)s” không đi kèm quy trình; hãy thêm tệp DMN.",
                name=element.name or element.id,
                decision=element.decision,
            ),
        )
        for element in definition.of_kind("decision")
        if find_model(models, element.decision) is None
    )
    if problems:
        raise process.ProcessDefinitionError(problems)


def open_case(command: OpenCase, *, actor: Actor, now: datetime) -> CaseInfo:
    """Open a case: freeze its rules, start its process and its clock, write everything in bulk.

    Runs inside the caller's transaction without a savepoint: after a failure of the database that transaction is lost.
    Raises: ProcessVersionUnknown, AgencyNotFound, ProcessStepError; IntegrityError for a code used before.
    """
    compiled = get_compiled(command.process_version_id)
    batch = Batch(case=_make_case(command, now=now), now=now, actor=actor, lines=[])
    batch.say("opened", audience="applicant", data={"channel": command.channel})
    batch.announce(CaseOpened, subject_code=command.subject_code, agency_id=command.agency_id)
    received_at = min(command.received_at or now, now)  # another front door may have received it before us
    starts_at = max(command.clock_starts_at or received_at, received_at)
    batch.move_clock("start", at=starts_at, legal_ref=command.term_legal_ref)
    facts = {"code": batch.case.code, "uuid": str(batch.case.uuid), "channel": command.channel}
    variables = {"case": facts, **command.variables}
    batch.take(
        process.start(compiled.definition, variables, now=now, library=compiled.library, decide=compiled.decide_at(now))
    )
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
        origin_code=command.origin_code or None,
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
