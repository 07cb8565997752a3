"""The register book (slip 07) on screen and on paper."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.audit.public import record_read
from motcua.dossiers.public import NotAllowedNow
from motcua.dossiers.queries.figures import count_filings
from motcua.dossiers.queries.register import list_register, list_register_for_print
from motcua.dossiers.queries.slip_data import draw_register_book
from motcua.dossiers.views.counter import read_day
from motcua.dossiers.views.desk import LEGAL_GROUND
from motcua.dossiers.views.resident import principal_of
from motcua.dossiers.views.uploads import send_bytes
from motcua.identity.public import NotAllowed, Role, official_required
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.kernel.paging import clamp_page
from motcua.places.public import get_agencies

ROLES = (Role.COUNTER, Role.SPECIALIST, Role.LEADER)
MAX_DAYS = 366


@never_cache
@require_safe
@official_required(*ROLES)
def register(request: HttpRequest) -> HttpResponse:
    """Show the book of one's own offices between two days."""
    principal, now = principal_of(request), clock.now()
    first_on, last_on, error = _read_period(request, today=local_date(now))
    agency_ids = _choose_offices(request)
    page = list_register(
        agency_ids=agency_ids, first_on=first_on, last_on=last_on, page=clamp_page(request.GET.get("trang", "1"))
    )
    record_read(
        principal.to_actor(),
        subject="register:" + ",".join(str(agency_id) for agency_id in agency_ids),
        what=f"sổ theo dõi hồ sơ {first_on}–{last_on}, trang {page.number}",
        purpose="Theo dõi tiếp nhận và trả kết quả",
        legal_ground=LEGAL_GROUND,
        now=now,
    )
    context = {
        "page": page,
        "counts": count_filings(agency_ids=agency_ids, first_on=first_on, last_on=last_on),
        "first_on": first_on,
        "last_on": last_on,
        "error": error,
        "offices": tuple(get_agencies(principal.agency_ids()).values()),
        "agency": request.GET.get("agency", ""),
    }
    return render(request, "dossiers/register.html", context)


@never_cache
@require_safe
@official_required(*ROLES)
def register_pdf(request: HttpRequest) -> HttpResponse:
    """Send the book of one office between two days as PDF."""
    principal, now = principal_of(request), clock.now()
    first_on, last_on, _error = _read_period(request, today=local_date(now))
    agency_id = _choose_offices(request)[0]
    rows = list_register_for_print(agency_id=agency_id, first_on=first_on, last_on=last_on)
    record_read(
        principal.to_actor(),
        subject=f"register:{agency_id}",
        what=f"in sổ theo dõi hồ sơ {first_on}–{last_on}",
        purpose="Lưu sổ theo dõi hồ sơ",
        legal_ground=LEGAL_GROUND,
        now=now,
    )
    pdf = draw_register_book(rows, agency_id=agency_id, first_on=first_on, last_on=last_on, now=now)
    return send_bytes(pdf, filename=f"so-theo-doi-{first_on}-{last_on}.pdf", media_type="application/pdf")


def _choose_offices(request: HttpRequest) -> tuple[int, ...]:
    """Return the offices whose book is asked for: always among one's own."""
    mine = principal_of(request).agency_ids()
    asked = request.GET.get("agency", "")
    if not asked:
        return mine
    if not asked.isascii() or not asked.isdigit() or int(asked) not in mine:
        raise NotAllowed("register_not_yours", _("Bạn chỉ xem được sổ của cơ quan mình."))
    return (int(asked),)


def _read_period(request: HttpRequest, *, today: date) -> tuple[date, date, str]:
    """Return the two days asked for, this month when nothing was; and a sentence when they could not be read."""
    asked_first, asked_last = request.GET.get("tu", ""), request.GET.get("den", "")
    first_on = read_day(asked_first) or today.replace(day=1)
    last_on = read_day(asked_last) or today
    unread = bool(asked_first and not read_day(asked_first)) or bool(asked_last and not read_day(asked_last))
    if unread or last_on < first_on:
        return today.replace(day=1), today, _("Ngày chưa đúng. Hãy nhập như 01/11/2026, ngày sau không trước ngày đầu.")
    if last_on - first_on > timedelta(days=MAX_DAYS):
        raise NotAllowedNow("register_too_long", _("Hãy chọn khoảng thời gian không quá một năm."))
    return first_on, last_on, ""
