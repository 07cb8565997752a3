"""My data: what the city holds on me, who read it, what is wrong with it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from motcua.dossiers.public import NotAllowedNow, dispute_fact
from motcua.identity.public import NotAllowed, Party, Principal, get_person, get_principal, resident_required
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.kernel.paging import clamp_page
from motcua.portal.forms import read_reading_wish
from motcua.portal.queries.my_data import choose_party, get_held_history, list_held
from motcua.portal.queries.my_readings import list_my_readings

LEVEL = 2  # of electronic identity
MAX_REASON = 2_000


def open_own(request: HttpRequest, *, now: datetime) -> tuple[Principal, Party, tuple[Party, ...]]:
    """Return who is signed in, whose data is asked for, and whose may be. Raises: NotAllowed below level 2."""
    principal = get_principal(request)
    assert principal is not None  # the decorator has asked
    if principal.assurance_level < LEVEL:
        raise NotAllowed(
            "portal.level_two_needed",
            _(
                "Trang này cần tài khoản định danh điện tử mức độ 2. Hãy đăng xuất, đăng nhập lại bằng tài khoản VNeID "
                "mức độ 2, hoặc mang căn cước đến Bộ phận Một Cửa."
            ),
        )
    chosen = request.POST.get("cua", "") or request.GET.get("cua", "")
    party, parties = choose_party(principal, uuid_text=chosen, on=local_date(now))
    if chosen and str(party.uuid) != chosen:
        raise Http404
    return principal, party, parties


def own_context(principal: Principal, party: Party, parties: tuple[Party, ...]) -> dict[str, object]:
    """Return what every page of My data shows: whose data it is, and whose else there is."""
    is_own = party.ref.kind == "person" and party.ref.id == principal.person_id
    return {
        "party": party,
        "parties": parties,
        "is_own": is_own,
        "is_person": party.ref.kind == "person",
        "whose": "" if is_own else f"?cua={party.uuid}",
    }


@never_cache
@require_safe
@resident_required
def my_data(request: HttpRequest) -> HttpResponse:
    """Show what every register holds: where from, since when, by what right."""
    now = clock.now()
    principal, party, parties = open_own(request, now=now)
    context = own_context(principal, party, parties) | {
        "registers": list_held(party, actor=principal.to_actor(), now=now),
        "person": get_person(party.ref.id) if party.ref.kind == "person" else None,
    }
    return render(request, "portal/my_data.html", context)


@never_cache
@require_safe
@resident_required
def my_readings(request: HttpRequest) -> HttpResponse:
    """Show who read the data, when, what for and on what ground; by day and by reader."""
    now = clock.now()
    principal, party, parties = open_own(request, now=now)
    wish, typed, errors = read_reading_wish(request)
    page = list_my_readings(
        party, wish, own_id=str(principal.user_uuid), page=clamp_page(request.GET.get("trang", "1")), now=now
    )
    context = own_context(principal, party, parties) | {"page": page, "typed": typed, "errors": errors}
    return render(request, "portal/my_readings.html", context, status=422 if errors else 200)


@never_cache
@require_safe
@resident_required
def my_record(request: HttpRequest, record_uuid: UUID) -> HttpResponse:
    """Show one record through time: what was true when, and when the city learnt it."""
    now = clock.now()
    principal, party, parties = open_own(request, now=now)
    history = get_held_history(party, record_uuid, actor=principal.to_actor(), now=now)
    return render(request, "portal/my_record.html", own_context(principal, party, parties) | {"history": history})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@resident_required
def dispute(request: HttpRequest, record_uuid: UUID, field: str) -> HttpResponse:
    """Say that a fact is wrong: a correction case opens at the register's owner."""
    now = clock.now()
    principal, party, parties = open_own(request, now=now)
    history = get_held_history(party, record_uuid, actor=principal.to_actor(), now=now)
    shown = next((each for each in history.record.fields if each.name == field), None)
    if shown is None:
        raise Http404
    typed = {name: request.POST.get(name, "").strip()[:MAX_REASON] for name in ("claimed", "reason")}
    errors: dict[str, str] = {}
    error, status = "", 200
    if request.method == "POST":
        if not typed["claimed"]:
            errors["claimed"] = _("Hãy ghi giá trị đúng.")
        if not typed["reason"]:
            errors["reason"] = _("Hãy ghi vì sao dữ liệu này sai, kèm giấy tờ chứng minh nếu có.")
        status = 422
        if not errors:
            try:
                code = dispute_fact(
                    record_uuid=record_uuid,
                    field=field,
                    claimed_value=typed["claimed"],
                    reason=typed["reason"],
                    person=party.ref,
                    actor=principal.to_actor(),
                    now=now,
                )
            except NotAllowedNow as refused:
                error, status = refused.message, 409
            else:
                address = reverse("portal:dispute_sent", args=[code])
                return HttpResponseRedirect(
                    f"{address}{'' if party.ref.id == principal.person_id else f'?cua={party.uuid}'}"
                )
    context = own_context(principal, party, parties) | {
        "history": history, "field": shown, "typed": typed, "errors": errors, "error": error,
    }  # fmt: skip
    return render(request, "portal/dispute.html", context, status=status)


@never_cache
@require_safe
@resident_required
def dispute_sent(request: HttpRequest, code: str) -> HttpResponse:
    """Say what happens now with what was disputed."""
    principal, party, parties = open_own(request, now=clock.now())
    return render(request, "portal/dispute_sent.html", own_context(principal, party, parties) | {"code": code[:40]})
