"""Each change of a dossier becomes one message to the national portal, in order, whatever order the events come in."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max

from motcua.cases.public import get_case, list_timeline
from motcua.dossiers.public import derive_national_state
from motcua.national.models import StatusMessage
from motcua.national.rules.states import list_states

KIND = "dossier"
_VALUES = {"stage": "stage", "closed": "outcome"}


def follow_case(case_id: int, *, now: datetime) -> int:
    """Write the messages that this case still owes; return how many. Done twice, it owes none.

    The states are read from the timeline, not from the event at hand: events may come late, twice or in another
    order, the timeline never changes.
    """
    case = get_case(case_id)
    if case.kind != KIND:
        return 0
    with transaction.atomic():
        _take_turn(str(case.uuid))
        history = (
            (item.kind, str(item.data.get(_VALUES.get(item.kind, ""), "")), item.at)
            for item in list_timeline(case_id, audience="office")
        )
        reached = list_states(history, derive=lambda stage, outcome: int(derive_national_state(stage, outcome)))
        known = StatusMessage.objects.filter(thread=case.uuid).aggregate(position=Max("position"), seq=Max("seq"))
        first = 0 if known["position"] is None else known["position"] + 1
        seq = (known["seq"] or 0) + 1
        rows = [
            StatusMessage(
                thread=case.uuid,
                case_id=case.id,
                dossier_no=case.code,
                national_code=case.origin_code,
                seq=seq + number,
                position=first + number,
                state=state.state,
                happened_at=state.at,
                created_at=now,
                next_try_at=now,
            )
            for number, state in enumerate(reached[first:])
        ]
        StatusMessage.objects.bulk_create(rows)
    return len(rows)


def _take_turn(thread: str) -> None:
    """Let two handlers of one dossier follow one another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"national:{thread}"])
