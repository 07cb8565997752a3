"""Screens of the spine: the inbox, the deadline explained, the leader's overview."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from motcua.cases.forms import GROUPS, read_list_query
from motcua.cases.public import (
    CaseNotFound,
    LateCaseRow,
    claim_task,
    count_inbox,
    describe_deadline,
    get_case_for,
    get_case_url,
    get_explained_deadline,
    get_task_for,
    get_task_url,
    iterate_late_cases,
    list_clock_entries,
    list_inbox,
    list_late_cases,
    list_overview,
    read_channel,
    read_clock_kind,
    read_clock_reason,
    release_task,
)
from motcua.cases.rules import OFFICE_ROLES, overview_scope
from motcua.identity.public import Principal, get_principal, official_required
from motcua.kernel import clock
from motcua.kernel.paging import clamp_page
from motcua.places.public import AgencyInfo, get_agencies
from motcua.ui.public import say_moment

LEADERS = ("leader", "city_leader")


@require_safe
@official_required(*sorted(OFFICE_ROLES))
def inbox(request: HttpRequest) -> HttpResponse:
    """Show what waits for this official, due first."""
    now, principal = clock.now(), _principal_of(request)
    agencies = _agencies_of(principal, roles=OFFICE_ROLES)
    query = read_list_query(request.GET, agencies=agencies)
    page = list_inbox(principal, filter=query.to_inbox_filter(), page=clamp_page(request.GET.get("trang")), now=now)
    context = {
        "page": page,
        "rows": [(row, get_task_url(row.case_kind, task_uuid=row.task_uuid)) for row in page.items],
        "count": count_inbox(principal, now=now),
        "query": query,
        "agencies": agencies,
        "agency_choices": _choices(agencies),
        "channel_name": read_channel,
    }
    return render(request, "cases/inbox.html", context)


@require_POST
@official_required(*sorted(OFFICE_ROLES))
def claim(request: HttpRequest, task_uuid: UUID) -> HttpResponse:
    """Take a task from the common queue."""
    now, principal = clock.now(), _principal_of(request)
    task = get_task_for(principal, task_uuid)
    claim_task(
        task_uuid,
        user_id=principal.user_id,
        revision=_read_revision(request, default=task.revision),
        actor=principal.to_actor(),
        now=now,
    )
    messages.success(request, _("Bạn đã nhận xử lý việc này."))
    return redirect(_next_of(request, fallback=get_task_url(task.case_kind, task_uuid=task_uuid)))


@require_POST
@official_required(*sorted(OFFICE_ROLES))
def release(request: HttpRequest, task_uuid: UUID) -> HttpResponse:
    """Put a task back into the common queue."""
    now, principal = clock.now(), _principal_of(request)
    release_task(
        task_uuid,
        user_id=principal.user_id,
        revision=_read_revision(request, default=-1),
        actor=principal.to_actor(),
        now=now,
    )
    messages.success(request, _("Việc đã được trả về hàng chờ chung."))
    return redirect(_next_of(request, fallback=reverse("cases:inbox")))


@require_safe
@official_required()
def deadline(request: HttpRequest, case_uuid: UUID) -> HttpResponse:
    """Explain a case's due time day by day, by the code that computed it."""
    now, principal = clock.now(), _principal_of(request)
    case, audience = get_case_for(principal, case_uuid, now=now)
    if audience != "office":
        raise CaseNotFound
    _reading, days = get_explained_deadline(case.id, now=now)
    context = {
        "case": case,
        "case_url": get_case_url(case.kind, case_uuid=case.uuid),
        "deadline": describe_deadline(case.id, now=now),
        "day_rows": [(clock.format_date(day.on), day.minutes, day.note) for day in days],
        "ledger_rows": [
            (clock.format_moment(line.at), read_clock_kind(line.kind), read_clock_reason(line), line.legal_ref)
            for line in list_clock_entries(case.id)
        ],
    }
    return render(request, "cases/deadline.html", context)


@require_safe
@official_required(*LEADERS)
def overview(request: HttpRequest) -> HttpResponse:
    """Show a leader the figures by office, procedure or step."""
    now, principal = clock.now(), _principal_of(request)
    agencies = _agencies_of(principal, roles=frozenset({"leader"}))
    query = read_list_query(request.GET, agencies=agencies)
    rows = list_overview(principal, now=now, group=GROUPS[query.group], agency_id=query.agency_id)
    late = list_late_cases(principal, filter=query.to_late_filter(), page=1, now=now)
    context = {
        "rows": rows,
        "most": max((row.open for row in rows), default=0),
        "late": late,
        "late_rows": _link_late(late.items, principal),
        "query": query,
        "query_string": query.to_query_string(),
        "agencies": agencies,
        "agency_choices": _choices(agencies),
        "is_city": overview_scope(principal.grants) == "city",
        "now": now,
    }
    return render(request, "cases/overview.html", context)


@require_safe
@official_required(*LEADERS)
def late_cases(request: HttpRequest) -> HttpResponse:
    """Show a leader the late cases one by one."""
    now, principal = clock.now(), _principal_of(request)
    agencies = _agencies_of(principal, roles=frozenset({"leader"}))
    query = read_list_query(request.GET, agencies=agencies)
    page = list_late_cases(principal, filter=query.to_late_filter(), page=clamp_page(request.GET.get("trang")), now=now)
    context = {
        "page": page,
        "late_rows": _link_late(page.items, principal),
        "query_string": query.to_query_string(),
    }
    return render(request, "cases/late.html", context)


@require_safe
@official_required(*LEADERS)
def late_cases_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Export the same list, under the same policy."""
    now, principal = clock.now(), _principal_of(request)
    agencies = _agencies_of(principal, roles=frozenset({"leader"}))
    query = read_list_query(request.GET, agencies=agencies)
    rows = iterate_late_cases(principal, filter=query.to_late_filter(), now=now)
    response = StreamingHttpResponse(_write_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ho-so-qua-han-{clock.local_date(now):%Y%m%d}.csv"'
    return response


class _Echo:
    """A file that hands back what the csv writer gives it."""

    def write(self, line: str) -> str:
        return line


def _write_csv(rows: Iterable[LateCaseRow]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    head = [
        _("Mã hồ sơ"),
        _("Mã thủ tục"),
        _("Thủ tục"),
        _("Cơ quan"),
        _("Bước"),
        _("Đang giữ"),
        _("Hạn trả"),
        _("Số ngày làm việc chậm"),
        _("Đã hẹn lại"),
        _("Lý do đã báo"),
    ]
    yield "\ufeff"  # so that spreadsheet programs read Vietnamese
    yield writer.writerow(head)
    for row in rows:
        cells = [
            row.case_code,
            row.subject_code,
            row.subject_title,
            row.agency_name,
            row.step,
            row.holder,
            say_moment(row.due_at),
            str(row.days_late),
            _("có") if row.is_extended else _("không"),
            row.reason,
        ]
        yield writer.writerow([_plain_cell(cell) for cell in cells])


def _plain_cell(cell: str) -> str:
    """Keep a spreadsheet from taking text for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _principal_of(request: HttpRequest) -> Principal:
    principal = get_principal(request)
    assert principal is not None  # official_required has let the request in
    return principal


def _agencies_of(principal: Principal, *, roles: frozenset[str]) -> list[AgencyInfo]:
    ids = {grant.agency_id for grant in principal.grants if grant.role in roles}
    return sorted(get_agencies(ids).values(), key=lambda agency: agency.name) if len(ids) > 1 else []


def _choices(agencies: Iterable[AgencyInfo]) -> list[tuple[str, str]]:
    return [(agency.code, agency.name) for agency in agencies]


def _link_late(rows: Iterable[LateCaseRow], principal: Principal) -> list[tuple[LateCaseRow, str]]:
    """Link the cases that this leader may also open: those of an own agency."""
    own = set(principal.agency_ids("leader"))
    return [(row, get_case_url(row.case_kind, case_uuid=row.case_uuid) if row.agency_id in own else "") for row in rows]


def _read_revision(request: HttpRequest, *, default: int) -> int:
    text = str(request.POST.get("revision", ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


def _next_of(request: HttpRequest, *, fallback: str) -> Any:
    target = str(request.POST.get("next", ""))
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if is_ours else fallback or reverse("cases:inbox")
