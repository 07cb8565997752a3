"""How the national platform and the city stand to each other: messages, differences of a day, sending on."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.cases.public import CaseNotFound, find_case_by_code, get_case_for
from motcua.exchange.public import NationalRefused, NationalUnavailable
from motcua.identity.public import Principal, Role, get_principal, official_required
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_count
from motcua.kernel.paging import clamp_page
from motcua.national.actions.onward import send_onward
from motcua.national.actions.resending import resend
from motcua.national.queries.differences import find_comparison
from motcua.national.queries.sync import MESSAGE_FILTERS, get_sync_status, list_messages
from motcua.national.tasks import compare_day
from motcua.national.types import KIND_LABELS
from motcua.ui.public import say

OFFICE = (Role.OPERATOR, Role.LEADER, Role.CITY_LEADER)


def principal_of(request: HttpRequest) -> Principal:
    principal = get_principal(request)
    assert principal is not None  # every page here is for officials
    return principal


@never_cache
@require_safe
@official_required(*OFFICE)
def status(request: HttpRequest) -> HttpResponse:
    """Show how the synchronisation stands, and its messages."""
    chosen = request.GET.get("loc", "")
    chosen = chosen if chosen in MESSAGE_FILTERS else ""
    text = request.GET.get("q", "").strip()[:80]
    context = {
        "status": get_sync_status(),
        "rows": list_messages(filter=chosen, text=text, page=clamp_page(request.GET.get("trang", 1))),
        "filter": chosen,
        "filters": [(key, say(label)) for key, label in MESSAGE_FILTERS.items()],
        "text": text,
        "query": urlencode({"loc": chosen, "q": text}),
        "may_resend": principal_of(request).has_role(Role.OPERATOR),
        "today": local_date(clock.now()),
    }
    return render(request, "national/status.html", context)


@require_POST
@official_required(Role.OPERATOR)
def resend_one(request: HttpRequest) -> HttpResponse:
    """Tell the other side a dossier's states again, from a day on."""
    now, code = clock.now(), request.POST.get("ma", "").strip()[:80]
    on = read_day(request.POST.get("ngay", ""), default=local_date(now))
    try:
        count = resend(code, on=on, actor=principal_of(request).to_actor(), now=now)
    except DomainError as refused:
        messages.error(request, say(refused.message))
    else:
        said = N_count("%(code)s: %(count)s thông điệp sẽ được gửi lại ngay.", count, code=code, count=count)
        messages.success(request, say(said))
    back = reverse("national:differences") if request.POST.get("ve") == "chenh-lech" else reverse("national:status")
    return HttpResponseRedirect(f"{back}?ngay={on.isoformat()}" if back.endswith("chenh-lech/") else back)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@official_required(*OFFICE)
def differences(request: HttpRequest) -> HttpResponse:
    """Show the differences of a day; compare again when asked."""
    now = clock.now()
    asked = request.GET.get("ngay") or request.POST.get("ngay") or ""
    on = read_day(asked, default=local_date(now) - timedelta(days=1))
    report, error = find_comparison(on), ""
    if request.method == "POST":
        try:
            report = compare_day(on, now=now)
        except (NationalUnavailable, NationalRefused) as failed:
            error = say(failed.message)
    context = {
        "on": on,
        "report": report,
        "error": error,
        "kinds": {kind: say(label) for kind, label in KIND_LABELS.items()},
        "may_resend": principal_of(request).has_role(Role.OPERATOR),
    }
    return render(request, "national/differences.html", context, status=503 if error else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@official_required(Role.COUNTER, Role.LEADER)
def onward(request: HttpRequest) -> HttpResponse:
    """Send a dossier or its result on: to the national portal, or through it to another province."""
    code = (request.POST.get("ma") or request.GET.get("ma") or "").strip().upper()[:80]
    target, kind = request.POST.get("noi", "national").strip()[:80], request.POST.get("loai", "dossier")
    errors: dict[str, str] = {}
    if request.method == "POST":
        now, principal = clock.now(), principal_of(request)
        case = find_case_by_code(code) if code else None
        try:
            if case is None or case.kind != "dossier":
                raise CaseNotFound
            _case, side = get_case_for(principal, case.uuid, now=now)
            if side != "office":
                raise CaseNotFound
            is_new = send_onward(case.id, kind=kind, target=target, actor=principal.to_actor(), now=now)
        except CaseNotFound:
            errors["ma"] = _("Không tìm thấy hồ sơ này trong phạm vi của bạn. Hãy kiểm tra lại mã.")
        except DomainError as refused:
            errors["noi"] = say(refused.message)
        else:
            said = _("%(code)s sẽ được chuyển ngay.") if is_new else _("%(code)s đã được yêu cầu chuyển trước đó.")
            messages.success(request, said % {"code": code})
            return HttpResponseRedirect(reverse("national:onward"))
    context = {"code": code, "target": target, "kind": kind, "errors": errors}
    return render(request, "national/onward.html", context, status=422 if errors else 200)


def read_day(text: str, *, default: date) -> date:
    """Read a day that a person chose; what is no day is the default."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return default
    return found if date(2020, 1, 1) <= found <= date(2100, 1, 1) else default
