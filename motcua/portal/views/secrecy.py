"""Readings under the secrecy of an investigation: delayed by a decision, for a time, by the data-protection officer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from motcua.audit.public import DelayRefused, NewDelay, delay_readings, lift_delay, list_delays, read_limits
from motcua.identity.public import (
    Party,
    Principal,
    Role,
    find_organisation_by_tax_code,
    find_person_by_personal_id,
    get_party,
    get_principal,
    official_required,
)
from motcua.kernel import clock
from motcua.portal.forms import begin_of_day, read_day

FIELDS = ("decision_no", "decided_on", "authority", "subject", "reader", "reads_from", "until")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@official_required(Role.DATA_PROTECTION)
def delays(request: HttpRequest) -> HttpResponse:
    """List the decisions that delay, and note a new one."""
    now = clock.now()
    typed = {name: request.POST.get(name, "").strip()[:200] for name in FIELDS}
    errors: dict[str, str] = {}
    if request.method == "POST":
        wish, errors = _read_wish(typed, now=now)
        if wish is not None:
            try:
                delay_readings(wish, actor=_principal_of(request).to_actor(), now=now)
            except DelayRefused as refused:
                errors = {"decision_no": refused.message}
            else:
                return HttpResponseRedirect(reverse("portal:delays"))
    context = {"delays": list_delays(), "typed": typed, "errors": errors, "limits": read_limits(), "now": now}
    return render(request, "portal/delays.html", context, status=422 if errors else 200)


@never_cache
@require_POST
@official_required(Role.DATA_PROTECTION)
def lift(request: HttpRequest, delay_uuid: UUID) -> HttpResponse:
    """End a delay before its day."""
    lift_delay(delay_uuid, actor=_principal_of(request).to_actor(), now=clock.now())
    return HttpResponseRedirect(reverse("portal:delays"))


def _principal_of(request: HttpRequest) -> Principal:
    principal = get_principal(request)
    assert principal is not None  # the decorator has asked
    return principal


def _read_wish(typed: dict[str, str], *, now: datetime) -> tuple[NewDelay | None, dict[str, str]]:
    errors: dict[str, str] = {}
    days = {name: read_day(typed[name]) for name in ("decided_on", "reads_from", "until")}
    for name, day in days.items():
        if day is None:
            errors[name] = _("Hãy ghi ngày theo dạng 22/11/2026.")
    party = _find_party(typed["subject"])
    if party is None:
        errors["subject"] = _("Không có cá nhân, tổ chức nào mang số này trong hệ thống. Hãy kiểm tra lại số.")
    decided_on, reads_from, until = days["decided_on"], days["reads_from"], days["until"]
    if errors or party is None or decided_on is None or reads_from is None or until is None:
        return None, errors
    return NewDelay(
        decision_no=typed["decision_no"][:80],
        decided_on=decided_on,
        authority=typed["authority"],
        party=f"{party.ref.kind}:{party.uuid}",
        reader=typed["reader"][:64],
        reads_from=begin_of_day(reads_from),
        until_at=begin_of_day(until),
    ), {}


def _find_party(number: str) -> Party | None:
    """Return whose readings are meant, by personal number or tax code."""
    person = find_person_by_personal_id(number) if number.isdigit() and len(number) == 12 else None
    if person is not None:
        return get_party(person.ref)
    return find_organisation_by_tax_code(number) if number else None
