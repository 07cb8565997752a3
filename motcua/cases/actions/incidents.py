"""An operator takes a step again that the process could not take before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from motcua.audit.public import Actor, record_decision
from motcua.cases.actions.batch import Batch
from motcua.cases.actions.steps import compute_step, lock_case
from motcua.cases.models import Incident
from motcua.cases.queries.incidents import to_incident_info
from motcua.cases.types import IncidentInfo, IncidentNotFound
from motcua.kernel.messages import N_
from motcua.process import public as process

_EVENTS: dict[str, Callable[[Mapping[str, Any]], process.ProcessEvent]] = {
    "timer": lambda kept: process.TimerFired(kept["token"]),
    "service": lambda kept: process.ServiceCompleted(kept["token"], kept["outputs"]),
    "error": lambda kept: process.ErrorThrown(kept["token"], kept["code"], kept["message"], kept["variables"]),
    "message": lambda kept: process.MessageReceived(kept["name"], kept["payload"], kept["correlation"]),
    "signal": lambda kept: process.SignalReceived(kept["name"], kept["payload"]),
}


def retry_incident(incident_uuid: UUID, *, actor: Actor, now: datetime) -> IncidentInfo:
    """Take the kept event again, as after its case moved to a mended version; still impossible, it is counted.

    An event that the case no longer waits for resolves the incident. Raises: IncidentNotFound.
    """
    with transaction.atomic():
        incident = Incident.objects.select_related("case").filter(uuid=incident_uuid, resolved_at=None).first()
        if incident is None:
            raise IncidentNotFound("incident_not_found", N_("Sự cố này không còn. Hãy mở lại danh sách sự cố."))
        batch = Batch(case=lock_case(incident.case_id), now=now, actor=actor)
        incident = (
            Incident.objects.select_for_update(of=("self",)).select_related("case__process_version").get(pk=incident.pk)
        )
        _try_again(incident, batch)
        incident.save(update_fields=["tries", "code", "text", "element_id", "resolved_at", "resolved_by"])
        record_decision(
            actor,
            subject=f"case:{batch.case.uuid}",
            action="retry_incident",
            details={"incident": str(incident.uuid), "resolved": incident.resolved_at is not None},
            now=now,
        )
    return to_incident_info(incident)


def _try_again(incident: Incident, batch: Batch) -> None:
    if incident.resolved_at is not None:
        return
    incident.tries += 1
    event = _EVENTS[incident.event["kind"]](incident.event)
    try:
        step = compute_step(batch, event)
    except (process.UnknownTokenError, process.MessageNotExpectedError):
        pass  # the case went on without it
    except process.ProcessStepError as error:
        incident.code, incident.text = error.code, str(error.message)
        incident.element_id = getattr(error, "element_id", "")
        return
    else:
        batch.take(step)
        batch.say("incident_resolved", audience="office", data={"element_id": incident.element_id})
        batch.update()
    incident.resolved_at, incident.resolved_by = batch.now, batch.actor.name
