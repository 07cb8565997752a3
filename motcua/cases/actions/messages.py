"""What comes to a case from outside the office: messages, answers of services, time, and words for the timeline."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from motcua.audit.public import SYSTEM, Actor
from motcua.cases.actions.batch import Batch, make_entry
from motcua.cases.models import Case, ServiceCall, Timer
from motcua.cases.queries.processes import get_process_definition
from motcua.cases.queries.reads import to_case_info
from motcua.cases.types import Audience, CaseInfo, CaseNotFound
from motcua.kernel.messages import Message
from motcua.process import public as process

log = logging.getLogger(__name__)


def receive_message(case_id: int, name: str, *, payload: Mapping[str, Any], actor: Actor, now: datetime) -> CaseInfo:
    """Give the case a message that its process waits for: a supplement, a payment, a withdrawal.

    Raises: CaseNotFound, MessageNotExpectedError (nothing is written then).
    """
    with transaction.atomic():
        case = lock_case(case_id)
        batch = Batch(case=case, now=now, actor=actor)
        batch.say("message", audience="office", data={"message": name})
        _advance(batch, process.MessageReceived(name=name, payload=dict(payload)))
        batch.update()
    return to_case_info(case)


def complete_service(
    case_id: int, token: str, *, outputs: Mapping[str, Any], actor: Actor = SYSTEM, now: datetime
) -> CaseInfo:
    """Answer a service that the process asked for. Delivered twice or too late, it changes nothing.

    Raises: CaseNotFound.
    """
    with transaction.atomic():
        case = lock_case(case_id)
        called = ServiceCall.objects.filter(case=case, token=token, state="requested").first()
        if called is None:
            return to_case_info(case)
        ServiceCall.objects.filter(pk=called.pk).update(state="done", completed_at=now)
        batch = Batch(case=case, now=now, actor=actor)
        _advance(batch, process.ServiceCompleted(token=token, outputs=dict(outputs)))
        batch.update()
    return to_case_info(case)


def fire_timer(timer_id: int, *, now: datetime) -> bool:
    """Fire one timer if it is still set and due; false when it is not, or another worker holds its case."""
    with transaction.atomic():
        owner = Timer.objects.filter(pk=timer_id).values("case_id")
        case = Case.objects.select_for_update(of=("self",), no_key=True, skip_locked=True).filter(pk__in=owner).first()
        if case is None:
            return False
        timer = Timer.objects.filter(pk=timer_id, fired_at=None, cancelled_at=None, due_at__lte=now).first()
        if timer is None:
            return False
        Timer.objects.filter(pk=timer.pk).update(fired_at=now)
        definition = get_process_definition(case.process_version_id)
        batch = Batch(case=case, now=now)
        batch.say("timer", audience="office", data={"step": definition.get_element(timer.element_id).name})
        _advance(batch, process.TimerFired(token=timer.token))
        batch.update()
    return True


def fire_due_timers(*, now: datetime, limit: int = 200) -> int:
    """Fire the timers that are due, each in a transaction of its own; return how many went off.

    A process that cannot go on is logged and left for the operator: it does not hold up the others.
    """
    due = Timer.objects.filter(fired_at=None, cancelled_at=None, due_at__lte=now).order_by("due_at", "id")
    fired = 0
    for timer_id in list(due.values_list("id", flat=True)[:limit]):
        try:
            fired += fire_timer(timer_id, now=now)
        except process.ProcessStepError as error:
            log.error("timer.fire.failed", extra={"timer_id": timer_id, "code": error.code})
    return fired


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
    """Add an entry in the words of the module that calls; a `Message` can be said in other languages later.

    Raises: CaseNotFound.
    """
    case = Case.objects.only("id").filter(pk=case_id).first()
    if case is None:
        raise CaseNotFound
    make_entry(case, kind, text, audience, keep_message(text) | dict(data or {}), actor, now).save(force_insert=True)


def keep_message(text: str) -> dict[str, Any]:
    """Return what an entry must remember of a sentence to say it in another language."""
    if not isinstance(text, Message):
        return {}
    return {"said": {"template": text.template, "params": {key: str(value) for key, value in text.params.items()}}}


def lock_case(case_id: int) -> Case:
    """Lock a case for a change. Raises: CaseNotFound."""
    case = Case.objects.select_for_update(of=("self",), no_key=True).filter(pk=case_id).first()
    if case is None:
        raise CaseNotFound
    return case


def _advance(batch: Batch, event: process.ProcessEvent) -> None:
    definition = get_process_definition(batch.case.process_version_id)
    batch.take(process.advance(definition, batch.case.state, event, now=batch.now))
