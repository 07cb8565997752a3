"""How the synchronisation stands, and its messages, paged and searched."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Count, Max, Min, Q

from motcua.dossiers.public import NationalState
from motcua.kernel.messages import N_
from motcua.kernel.paging import COUNT_CAP, Page, make_page, page_window
from motcua.national.models import Intake, Onward, StatusMessage
from motcua.national.types import MessageRow, SyncStatus

FAILING_AFTER = 3
MESSAGE_FILTERS = {
    "": N_("Tất cả"),
    "waiting": N_("Chưa gửi được"),
    "failing": N_("Gửi nhiều lần không được"),
    "refused": N_("Bị từ chối"),
    "accepted": N_("Đã xác nhận"),
}


def get_sync_status() -> SyncStatus:
    """Return how the synchronisation stands. Shape: four queries, each counted up to a cap."""
    ids = StatusMessage.objects.filter(outcome="waiting").order_by().values("id")[: COUNT_CAP + 1]
    waiting = StatusMessage.objects.filter(pk__in=ids).aggregate(
        count=Count("id"), failing=Count("id", filter=Q(attempts__gte=FAILING_AFTER)), oldest=Min("created_at")
    )
    refused = StatusMessage.objects.filter(outcome="refused").order_by("-acked_at")[: COUNT_CAP + 1].count()
    last = StatusMessage.objects.order_by("-id")[:COUNT_CAP].aggregate(at=Max("acked_at"))
    intakes = Intake.objects.filter(state__in=("new", "waiting"))[: COUNT_CAP + 1].count()
    onward = Onward.objects.filter(outcome="waiting")[: COUNT_CAP + 1].count()
    return SyncStatus(
        is_connected=bool(settings.MOTCUA_NATIONAL_URL),
        waiting=min(waiting["count"], COUNT_CAP),
        failing=min(waiting["failing"], COUNT_CAP),
        refused=min(refused, COUNT_CAP),
        oldest_waiting_at=waiting["oldest"],
        last_acked_at=last["at"],
        intakes_waiting=min(intakes, COUNT_CAP),
        onward_waiting=min(onward, COUNT_CAP),
        is_capped=waiting["count"] > COUNT_CAP,
    )


def list_messages(*, filter: str = "", text: str = "", page: int) -> Page[MessageRow]:
    """Return the messages, newest first. `text`: a dossier's code, ours or the national one. Shape: two queries."""
    rows = StatusMessage.objects.all()
    if filter == "failing":
        rows = rows.filter(outcome="waiting", attempts__gte=FAILING_AFTER)
    elif filter in ("waiting", "refused", "accepted"):
        rows = rows.filter(outcome=filter)
    code = text.strip().upper()[:80]
    if code:
        rows = rows.filter(Q(dossier_no=code) | Q(national_code=code))
    start, stop = page_window(page)
    found = [_to_row(row) for row in rows.order_by("-id")[start:stop]]
    return make_page(found, number=page, total=rows.order_by()[: COUNT_CAP + 1].count(), cap=COUNT_CAP)


def _to_row(row: StatusMessage) -> MessageRow:
    return MessageRow(
        uuid=row.uuid,
        dossier_no=row.dossier_no,
        national_code=row.national_code,
        seq=row.seq,
        state=row.state,
        state_label=NationalState(row.state).label,
        happened_at=row.happened_at,
        outcome=row.outcome,  # type: ignore[arg-type]  # a constraint knows the outcomes
        attempts=row.attempts,
        next_try_at=row.next_try_at if row.outcome == "waiting" else None,
        acked_at=row.acked_at,
        says=row.ack_text or row.last_error,
        is_repair=row.position is None,
    )
