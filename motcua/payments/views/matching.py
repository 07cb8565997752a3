"""The daily match on screen: what the three sides do not say alike, and the named acts that explain it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from motcua.identity.public import Role, official_required
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_count
from motcua.kernel.paging import clamp_page, make_page, page_window
from motcua.payments.public import (
    ChargeNotFound,
    ReconcileReport,
    approve_resolution,
    compare_day,
    drop_resolution,
    identify_money,
    import_statement,
    list_acts,
    list_charges_by_code,
    reconcile,
    refund_doubles,
    resolve_difference,
    return_code,
)
from motcua.payments.views.office import agency_codes, principal_of, read_day
from motcua.ui.public import say

MAX_STATEMENT = 20 * 1024 * 1024


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@official_required(Role.OPERATOR, Role.LEADER)
def matching(request: HttpRequest) -> HttpResponse:
    """Show the differences of a day; take in a statement; write what it tells."""
    now = clock.now()
    on = read_day(
        request.GET.get("ngay") or request.POST.get("ngay") or "", default=local_date(now) - timedelta(days=1)
    )
    report, error = None, ""
    if request.method == "POST":
        try:
            _take_in(request)
            report = reconcile(on, now=now)
        except DomainError as refused:
            error = say(refused.message)
    report = report or compare_day(on)
    context = {"on": on, "report": report, "error": error} | _rows(request, report)
    return render(request, "payments/matching.html", context, status=422 if error else 200)


def _rows(request: HttpRequest, report: ReconcileReport) -> dict[str, object]:
    """Return one page of the differences, what is open first, each with the acts that may explain it."""
    mine = f"official:{principal_of(request).user_uuid}"
    asked = {str(each.uuid): each for each in report.resolutions}
    number = clamp_page(request.GET.get("trang", "1"))
    start, stop = page_window(number)
    ordered = sorted(report.differences, key=lambda each: each.is_explained)
    shown = [
        (
            each,
            list_acts(each),
            bool(each.waits_for_second) and asked[each.waits_for_second].asked_by == mine,
            return_code(each.external_id) if each.kind == "no_reference" else "",
        )
        for each in ordered[start:stop]
    ]
    return {"page": make_page(shown, number=number, total=len(ordered))}


@require_POST
@official_required(Role.OPERATOR, Role.LEADER)
def identify(request: HttpRequest) -> HttpResponse:
    """Say whose dossier unknown money was for."""
    principal, now = principal_of(request), clock.now()
    charges = list_charges_by_code(request.POST.get("ma", ""), agency_codes=agency_codes(principal))
    try:
        if not charges:
            raise ChargeNotFound()
        identify_money(request.POST.get("so", ""), charge_uuid=charges[0].uuid, actor=str(principal.user_uuid), now=now)
    except DomainError as refused:
        messages.error(request, say(refused.message))
    else:
        messages.success(request, _("Đã gán tiền cho hồ sơ %(code)s.") % {"code": charges[0].case_code})
    return _back(request)


@require_POST
@official_required(Role.OPERATOR, Role.LEADER)
def resolve(request: HttpRequest) -> HttpResponse:
    """Explain a difference by a named act."""
    principal = principal_of(request)
    try:
        done = resolve_difference(
            _day(request), kind=request.POST.get("kind", "")[:20], reference=request.POST.get("reference", "")[:160],
            act=request.POST.get("act", "")[:20], reason=request.POST.get("reason", ""),
            agency_code=agency_codes(principal)[0], actor=principal.to_actor(), now=clock.now(),
        )  # fmt: skip
    except DomainError as refused:
        messages.error(request, say(refused.message))
    else:
        said = _("Đã ghi cách xử lý.") if done.is_done else _("Đã đề nghị; cần người thứ hai đồng ý.")
        messages.success(request, said)
    return _back(request)


@require_POST
@official_required(Role.OPERATOR, Role.LEADER)
def decide(request: HttpRequest, resolution_uuid: UUID) -> HttpResponse:
    """Agree to another's act, or take one back that waits."""
    principal, now = principal_of(request), clock.now()
    actor = principal.to_actor()
    try:
        if request.POST.get("do") == "approve":
            approve_resolution(resolution_uuid, agency_code=agency_codes(principal)[0], actor=actor, now=now)
        else:
            drop_resolution(resolution_uuid, actor=actor, now=now)
    except DomainError as refused:
        messages.error(request, say(refused.message))
    else:
        messages.success(request, _("Đã ghi."))
    return _back(request)


@require_POST
@official_required(Role.OPERATOR, Role.LEADER)
def give_back_doubles(request: HttpRequest) -> HttpResponse:
    """Propose, by rule, to give back what came twice or too much on a day."""
    count = refund_doubles(_day(request), now=clock.now())
    messages.success(request, say(N_count("Đã đề nghị hoàn %(count)s khoản theo quy tắc.", count, count=count)))
    return _back(request)


def _day(request: HttpRequest) -> date:
    return read_day(request.POST.get("ngay", ""), default=local_date(clock.now()) - timedelta(days=1))


def _back(request: HttpRequest) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('payments:matching')}?ngay={request.POST.get('ngay', '')[:10]}")


def _take_in(request: HttpRequest) -> None:
    upload = request.FILES.get("tep")
    if upload is None:
        return
    principal = principal_of(request)
    info = import_statement(
        upload.read(MAX_STATEMENT + 1),
        name=upload.name or "sao-ke",
        source="gateway" if request.POST.get("nguon") == "gateway" else "bank",
        agency_code=agency_codes(principal)[0],
        actor=principal.to_actor(),
        now=clock.now(),
    )
    loaded = N_count("Đã nạp %(count)s dòng mới.", info.new_lines, count=info.new_lines)
    messages.success(request, _("Tệp này đã nạp trước đó, không ghi lại.") if info.is_repeat else say(loaded))
