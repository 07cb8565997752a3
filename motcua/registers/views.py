"""The registers' office: what there is, one record in both times, quality over time, loads, what waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.identity.public import Principal, Role, get_principal, official_required
from motcua.kernel import clock
from motcua.kernel.errors import DomainError
from motcua.kernel.paging import Page, clamp_page, make_page
from motcua.registers.adapters.reports import write_report
from motcua.registers.forms import read_record_form, to_inputs
from motcua.registers.public import (
    Reading,
    RegisterInfo,
    Wanted,
    dismiss_case_record,
    list_history,
    list_rejected_rows,
    note_report,
    read_linked,
    read_one,
    say_value,
    settle_case_record,
)
from motcua.registers.queries import loads as load_queries
from motcua.registers.queries import quality as figures
from motcua.registers.queries import stewards
from motcua.ui.public import say

T = TypeVar("T")
PER_PAGE = 50
REASON = "registers_reason"  # why a steward looks things up, kept for this session


def steward_of(request: HttpRequest) -> tuple[Principal, tuple[int, ...]]:
    """Return who is signed in and the agencies whose registers she looks after."""
    principal = get_principal(request)
    assert principal is not None  # the decorator has asked
    return principal, tuple(principal.agency_ids(Role.DATA_STEWARD))


def own_register(request: HttpRequest, code: str) -> RegisterInfo:
    return stewards.get_own_register(code, agency_ids=steward_of(request)[1])


@never_cache
@require_safe
@official_required(Role.DATA_STEWARD)
def home(request: HttpRequest) -> HttpResponse:
    """Show the registers of the steward's agencies, and what waits in each."""
    infos = stewards.list_own_registers(steward_of(request)[1])
    numbers = [info.id for info in infos]
    waits, loaded = figures.count_waiting(numbers), figures.find_last_loads(numbers)
    rows = [(info, waits.get(info.id, 0), loaded.get(info.id)) for info in infos]
    return render(request, "registers/home.html", {"rows": rows})


@never_cache
@require_safe
@official_required(Role.DATA_STEWARD)
def register(request: HttpRequest, code: str) -> HttpResponse:
    """Show how a register is described, how good it is, and the way to a record."""
    info = own_register(request, code)
    on, rows = figures.list_quality(info)
    context = {
        "info": info,
        "keys": [*info.keys, *info.links],
        "on": on,
        "worst": rows[:5],
        "waiting": figures.count_waiting([info.id]).get(info.id, 0),
        "outlived": figures.count_outlived(info, now=clock.now()),
        "reason": request.session.get(REASON, ""),
    }
    return render(request, "registers/register.html", context)


@require_POST
@official_required(Role.DATA_STEWARD)
def find(request: HttpRequest, code: str) -> HttpResponse:
    """Look records up by a number. Numbers of people stay out of addresses; why they are asked for is kept."""
    info = own_register(request, code)
    key, value = request.POST.get("khoa", ""), request.POST.get("gia-tri", "").strip()[:200]
    reason = request.POST.get("ly-do", "").strip()[:200]
    if not reason or not value or key not in {*(each.name for each in info.keys), *(each.name for each in info.links)}:
        messages.error(request, _("Hãy chọn số tra cứu, điền số và ghi lý do xem."))
        return HttpResponseRedirect(reverse("registers:register", args=[code]))
    request.session[REASON] = reason
    asked, now = Wanted(register=code, key=key, value=value), clock.now()
    found = read_linked([asked], reading=_reading(request, info), now=now).get(asked, ())
    if len(found) == 1:
        return HttpResponseRedirect(reverse("registers:record", args=[code, found[0].uuid]))
    return render(request, "registers/found.html", {"info": info, "found": found[:PER_PAGE], "total": len(found)})


@never_cache
@require_safe
@official_required(Role.DATA_STEWARD)
def record(request: HttpRequest, code: str, record_uuid: UUID) -> HttpResponse:
    """Show one record: what it says as of two days, and everything that was ever said of it."""
    info = own_register(request, code)
    if not request.session.get(REASON):
        messages.error(request, _("Hãy ghi lý do xem trước khi mở bản ghi."))
        return HttpResponseRedirect(reverse("registers:register", args=[code]))
    stewards.check_record_of(info, record_uuid=record_uuid)
    now = clock.now()
    at, known_at = _read_day(request, "dung-ngay"), _read_day(request, "biet-ngay")
    found = read_one(record_uuid, reading=_reading(request, info), at=at, known_at=known_at, now=now)
    number = clamp_page(request.GET.get("trang"))
    history = list(reversed(list_history(record_uuid))) if found else []
    first = (number - 1) * PER_PAGE
    context = {
        "info": info,
        "record_uuid": record_uuid,
        "found": found,
        "fields": [
            (info.get_title(name), _show(info, name, value)) for name, value in (found.data if found else {}).items()
        ],
        "at": request.GET.get("dung-ngay", ""),
        "known_at": request.GET.get("biet-ngay", ""),
        "page": _page(history[first : first + PER_PAGE + 1], number),
        "joints": stewards.list_joints(record_uuid),
    }
    return render(request, "registers/record.html", context)


@never_cache
@require_safe
@official_required(Role.DATA_STEWARD)
def quality(request: HttpRequest, code: str) -> HttpResponse:
    """Show the figures by rule and field, by agency, and over time."""
    info = own_register(request, code)
    rule, source = request.GET.get("quy-tac", "")[:80], request.GET.get("co-quan", "")[:200]
    on, rows = figures.list_quality(info, source=source)
    context = {
        "info": info, "on": on, "rows": rows, "rule": rule, "source": source,
        "sources": figures.list_quality_sources(info, on=on),
        "days": figures.list_quality_days(info, rule=rule, source=source, now=clock.now()),
    }  # fmt: skip
    return render(request, "registers/quality.html", context)


@never_cache
@require_safe
@official_required(Role.DATA_STEWARD)
def loads(request: HttpRequest, code: str) -> HttpResponse:
    """Show what agencies sent, the newest first."""
    info, number = own_register(request, code), clamp_page(request.GET.get("trang"))
    found = load_queries.list_loads([code], first=(number - 1) * PER_PAGE, count=PER_PAGE + 1)
    page = _page(found, number)
    return render(request, "registers/loads.html", {"info": info, "page": page})


@never_cache
@require_safe
@official_required(Role.DATA_STEWARD)
def load(request: HttpRequest, code: str, run_uuid: UUID) -> HttpResponse:
    """Show one load: how it fared, what its data is worth, the rows that were not taken."""
    info, number = own_register(request, code), clamp_page(request.GET.get("trang"))
    rows = tuple(list_rejected_rows(run_uuid, first=(number - 1) * PER_PAGE, count=PER_PAGE + 1))
    context = {
        "info": info,
        "load": load_queries.get_load(run_uuid, registers=[code]),
        "rows": figures.list_quality_of_load(info, run_uuid=run_uuid),
        "page": _page(rows, number),
    }
    return render(request, "registers/load.html", context)


@never_cache
@require_safe
@official_required(Role.DATA_STEWARD)
def report(request: HttpRequest, code: str, run_uuid: UUID) -> HttpResponse:
    """Hand out the workbook on which the sender mends the rows."""
    own_register(request, code)
    found = load_queries.get_load(run_uuid, registers=[code])
    note_report(run_uuid, actor=steward_of(request)[0].to_actor(), now=clock.now())
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer = HttpResponse(write_report(found, list_rejected_rows(run_uuid)), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{code}-{run_uuid}.xlsx"'
    return answer


@never_cache
@require_safe
@official_required(Role.DATA_STEWARD)
def waiting(request: HttpRequest, code: str) -> HttpResponse:
    """Show the records of finished cases that could not be written."""
    info, number = own_register(request, code), clamp_page(request.GET.get("trang"))
    found = stewards.list_waiting(info, first=(number - 1) * PER_PAGE, count=PER_PAGE + 1)
    page = _page(found, number)
    return render(request, "registers/waiting.html", {"info": info, "page": page})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@official_required(Role.DATA_STEWARD)
def settle(request: HttpRequest, code: str, case_record_id: int) -> HttpResponse:
    """Complete a record that waits and write it, or say why nothing is to be written."""
    info = own_register(request, code)
    row = stewards.get_waiting(info, case_record_id=case_record_id)
    actor, now = steward_of(request)[0].to_actor(), clock.now()
    data, errors = dict(row.data), {}
    if request.method == "POST":
        data = read_record_form(info, request.POST, before=row.data)
        try:
            if "bo-qua" in request.POST:
                dismiss_case_record(row.id, reason=request.POST.get("ly-do", ""), actor=actor, now=now)
            else:
                settle_case_record(row.id, data, despite=request.POST.get("van-ghi", ""), actor=actor, now=now)
        except DomainError as refused:
            errors = {each.field or "ly-do": say(each.message) for each in getattr(refused, "problems", ())}
            errors = errors or {"ly-do": say(refused.message)}
        else:
            messages.success(request, _("Đã xong bản ghi của hồ sơ %(no)s.") % {"no": row.case_ref})
            return HttpResponseRedirect(reverse("registers:waiting", args=[code]))
    context = {"info": info, "row": row, "inputs": to_inputs(info, data, errors=errors), "errors": errors}
    return render(request, "registers/settle.html", context, status=422 if errors else 200)


def _page(rows: Sequence[T], number: int) -> Page[T]:
    return make_page(rows, number=number, total=len(rows), size=PER_PAGE)


def _reading(request: HttpRequest, info: RegisterInfo) -> Reading:
    principal = steward_of(request)[0]
    return Reading(actor=principal.to_actor(), purpose=request.session[REASON], legal_ground=info.legal_ground)


def _read_day(request: HttpRequest, name: str) -> datetime | None:
    """Return the last moment of the day that was asked for; None for none, or for what is no day."""
    try:
        on = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None
    return datetime.combine(on, time.max, clock.HCM)


def _show(info: RegisterInfo, name: str, value: Any) -> str:
    """Return a value in words; yes and no in the reader's language."""
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    return say_value(name, value, info.schema.get("properties", {}).get(name, {}))
