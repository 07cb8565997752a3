"""What comes to a case from outside the office: messages, signals, answers of services, time, words to note."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from motcua.audit.public import SYSTEM, Actor
from motcua.cases.actions.batch import Batch, make_entry
from motcua.cases.actions.steps import lock_case, take_step, try_step
from motcua.cases.models import Case, ServiceCall, SignalListener, Timer
from motcua.cases.queries.processes import get_compiled
from motcua.cases.queries.reads import to_case_info
from motcua.cases.types import Audience, CaseInfo, CaseNotFound
from motcua.process import public as process

log = logging.getLogger(__name__)
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def receive_message(
    case_id: int, name: str, *, payload: Mapping[str, Any], correlation: str = "", actor: Actor, now: datetime
) -> CaseInfo:
    """Give the case a message that its process waits for: a supplement, a payment, a withdrawal.

    Raises: CaseNotFound, MessageNotExpectedError and other ProcessStepErrors (nothing is written then).
    """
    with transaction.atomic():
        case = lock_case(case_id)
        batch = Batch(case=case, now=now, actor=actor)
        batch.say("message", audience="office", data={"message": name})
        take_step(batch, process.MessageReceived(name=name, payload=dict(payload), correlation=correlation))
    return to_case_info(case)


def complete_service(
    case_id: int, token: str, *, outputs: Mapping[str, Any], actor: Actor = SYSTEM, now: datetime
) -> CaseInfo:
    """Answer a service that the process asked for. Delivered twice or too late, it changes nothing.

    The work is done: when the process cannot go on with it, that is an incident, and the answer is kept in it.
    Raises: CaseNotFound.
    """
    kept = {"kind": "service", "token": token, "outputs": dict(outputs)}
    event = process.ServiceCompleted(token=token, outputs=dict(outputs))
    return _answer_service(case_id, event, "done", kept, actor=actor, now=now)


def fail_service(
    case_id: int,
    token: str,
    *,
    code: str,
    message: str = "",
    variables: Mapping[str, Any] | None = None,
    actor: Actor = SYSTEM,
    now: datetime,
) -> CaseInfo:
    """Report that a service failed in a way that the drawing may catch (BPMN error); nobody catching is an incident.

    Delivered twice or too late, it changes nothing. Raises: CaseNotFound.
    """
    kept = {"kind": "error", "token": token, "code": code, "message": message, "variables": dict(variables or {})}
    event = process.ErrorThrown(token, code, message, dict(variables or {}))
    return _answer_service(case_id, event, "failed", kept, actor=actor, now=now)


def _answer_service(
    case_id: int,
    event: process.ServiceCompleted | process.ErrorThrown,
    state: str,
    kept: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> CaseInfo:
    with transaction.atomic():
        case = lock_case(case_id)
        called = ServiceCall.objects.filter(case=case, token=event.token, state="requested").first()
        if called is None:
            return to_case_info(case)
        answered_at = now if state == "done" else None
        ServiceCall.objects.filter(pk=called.pk).update(state=state, completed_at=answered_at)
        try_step(Batch(case=case, now=now, actor=actor), event, kept=kept)
    return to_case_info(case)


def fire_timer(timer_id: int, *, now: datetime) -> bool:
    """Fire one timer if it is still set and due; false when it is not, or another worker holds its case.

    A process that cannot go on leaves an incident with the fired timer in it: it does not hold up the others.
    """
    with transaction.atomic():
        owner = Timer.objects.filter(pk=timer_id).values("case_id")
        case = Case.objects.select_for_update(of=("self",), no_key=True, skip_locked=True).filter(pk__in=owner).first()
        if case is None:
            return False
        timer = Timer.objects.filter(pk=timer_id, fired_at=None, cancelled_at=None, due_at__lte=now).first()
        if timer is None:
            return False
        Timer.objects.filter(pk=timer.pk).update(fired_at=now)
        batch = Batch(case=case, now=now)
        batch.say("timer", audience="office", data={"step": _name_of(case, timer.element_id)})
        try_step(batch, process.TimerFired(token=timer.token), kept={"kind": "timer", "token": timer.token})
    return True


def fire_due_timers(*, now: datetime, limit: int = 200) -> int:
    """Fire the timers that are due, each in a transaction of its own; return how many went off."""
    due = Timer.objects.filter(fired_at=None, cancelled_at=None, due_at__lte=now).order_by("due_at", "id")
    fired = 0
    for timer_id in list(due.values_list("id", flat=True)[:limit]):
        try:
            fired += fire_timer(timer_id, now=now)
        except process.ProcessStepError as error:
            log.error("timer.fire.failed", extra={"timer_id": timer_id, "code": error.code})
    return fired


def broadcast_signal(
    name: str, *, payload: Mapping[str, Any], actor: Actor = SYSTEM, sender_case_id: int | None = None, now: datetime
) -> int:
    """Let every open case that listens hear a signal, each in a transaction of its own; return how many did."""
    listening = list(SignalListener.objects.filter(name=name).order_by("case_id").values_list("case_id", flat=True))
    hearing = [case_id for case_id in listening if case_id != sender_case_id]
    return sum(_hear(case_id, name, payload, actor=actor, now=now) for case_id in hearing)


def _hear(case_id: int, name: str, payload: Mapping[str, Any], *, actor: Actor, now: datetime) -> bool:
    with transaction.atomic():
        case = lock_case(case_id)
        if not SignalListener.objects.filter(case=case, name=name).exists():
            return False
        batch = Batch(case=case, now=now, actor=actor)
        batch.say("signal", audience="office", data={"signal": name})
        kept = {"kind": "signal", "name": name, "payload": dict(payload)}
        return try_step(batch, process.SignalReceived(name, dict(payload)), kept=kept)


def deliver_message(
    name: str, *, payload: Mapping[str, Any], correlation: str, sender_case_id: int, now: datetime
) -> bool:
    """Bring the message of one case to the case whose code or uuid it names; false when nobody there waits for it."""
    case_id = _find_addressee(correlation)
    if case_id is None or case_id == sender_case_id:
        return False
    with transaction.atomic():
        case = lock_case(case_id)
        batch = Batch(case=case, now=now)
        batch.say("message", audience="office", data={"message": name})
        kept = {"kind": "message", "name": name, "payload": dict(payload), "correlation": correlation}
        try:
            try_step(batch, process.MessageReceived(name, dict(payload), correlation), kept=kept)
        except process.MessageNotExpectedError:
            return False
    return True


def _find_addressee(correlation: str) -> int | None:
    if not correlation:
        return None
    found = Case.objects.filter(code=correlation, closed_at=None).values_list("pk", flat=True).first()
    if found is None and _UUID.fullmatch(correlation):
        found = Case.objects.filter(uuid=correlation, closed_at=None).values_list("pk", flat=True).first()
    return found


def add_timeline(
    case_id: int,
    *,
    kind: str,
    text: str,
    audience: Audience,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    now: datetime,
) -> None:
    """Add an entry in the words of the module that calls. Raises: CaseNotFound."""
    case = Case.objects.only("id").filter(pk=case_id).first()
    if case is None:
        raise CaseNotFound
    make_entry(case, kind, text, audience, data or {}, actor, now).save(force_insert=True)


def _name_of(case: Case, element_id: str) -> str:
    """Name the element of a timer; it may lie in a process that the case's own calls."""
    compiled = get_compiled(case.process_version_id)
    for definition in (compiled.definition, *compiled.library.values()):
        if element_id in definition.by_id:
            return definition.by_id[element_id].name
    return element_id
