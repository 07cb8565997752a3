"""What happened to the cases of one process, without anybody's name: what a simulation is fed with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from motcua.cases.models import Case, Task
from motcua.cases.types import OpeningRecord, StepRecord

MAX_RECORDS = 20_000


def list_openings(process_key: str, *, since: datetime, limit: int = MAX_RECORDS) -> tuple[OpeningRecord, ...]:
    """Return when cases of the process came in, with the variables that the process reads, oldest first."""
    rows = Case.objects.filter(process_version__key=process_key, opened_at__gte=since).order_by("opened_at", "pk")
    return tuple(
        OpeningRecord(opened_at=opened_at, variables=_variables(state))
        for opened_at, state in rows.values_list("opened_at", "state")[: min(limit, MAX_RECORDS)]
    )


def list_steps_done(process_key: str, *, since: datetime, limit: int = MAX_RECORDS) -> tuple[StepRecord, ...]:
    """Return the steps that people finished in cases of the process, latest first."""
    rows = Task.objects.filter(case__process_version__key=process_key, completed_at__gte=since).order_by("-pk")
    values = rows.values_list("element_id", "created_at", "completed_at", "outcome")[: min(limit, MAX_RECORDS)]
    return tuple(
        StepRecord(element_id=element_id, started_at=started_at, finished_at=finished_at, outcome=outcome)
        for element_id, started_at, finished_at, outcome in values
        if finished_at is not None
    )


def _variables(state: Any) -> dict[str, Any]:
    found = state.get("vars", {}) if isinstance(state, dict) else {}
    return {key: value for key, value in found.items() if key != "outcome"}
