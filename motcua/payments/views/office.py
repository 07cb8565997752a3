"""The office's money: cash in a till, refunds by two people."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from motcua.identity.public import NotAllowed, Principal, Role, get_principal, official_required
from motcua.kernel import clock
from motcua.kernel.errors import DomainError
from motcua.payments.public import (
    AmountInvalid,
    ChargeInfo,
    ChargeNotFound,
    Helper,
    TillInfo,
    TillNotFound,
    approve_refund,
    ask_refund,
    close_till,
    draw_cash_voucher,
    find_open_till,
    get_charge,
    get_refund_row,
    list_charges_by_code,
    list_overpaid,
    list_refunds,
    open_till,
    pay_refund_in_cash,
    refund_code,
    send_refund,
    take_cash,
    till_code,
)
from motcua.places.public import get_agencies
from motcua.ui.public import say


@never_cache
@require_safe
@official_required(Role.COUNTER)
def till(request: HttpRequest) -> HttpResponse:
    """Show the cashier's shift, and what a dossier owes."""
    principal = principal_of(request)
    codes = agency_codes(principal, Role.COUNTER)
    code = request.GET.get("ma", "").strip()[:80]
    shift = find_open_till(agency_code=codes[0], cashier_id=principal.user_id)
    context = {
        "shift": shift,
        "shift_code": till_code(shift.uuid) if shift else "",
        "code": code,
        "charges": list_charges_by_code(code, agency_codes=codes) if code else (),
    }
    return render(request, "payments/till.html", context)


@require_POST
@official_required(Role.COUNTER)
def open_shift(request: HttpRequest) -> HttpResponse:
    """Open the cashier's shift."""
    principal = principal_of(request)
    code = agency_codes(principal, Role.COUNTER)[0]
    open_till(agency_code=code, cashier_id=principal.user_id, cashier_name=principal.full_name, now=clock.now())
    return HttpResponseRedirect(reverse("payments:till"))


@require_POST
@official_required(Role.COUNTER)
def close_shift(request: HttpRequest) -> HttpResponse:
    """Count and close the cashier's shift."""
    principal, now = principal_of(request), clock.now()
    shift = find_open_till(agency_code=agency_codes(principal, Role.COUNTER)[0], cashier_id=principal.user_id)
    if shift is not None:
        try:
            closed = close_till(
                shift.uuid, counted_vnd=read_vnd(request.POST.get("counted", "")),
                note=request.POST.get("note", "").strip(), actor=principal.to_actor(), now=now,
            )  # fmt: skip
        except DomainError as refused:
            messages.error(request, say(refused.message))
        else:
            difference = (closed.counted_vnd or 0) - closed.expected_vnd
            messages.success(
                request,
                _("Đã chốt ca. Khi nộp ngân hàng, hãy ghi mã %(code)s.") % {"code": till_code(closed.uuid)}
                if not difference
                else _("Đã chốt ca, lệch %(vnd)s đồng so với sổ.") % {"vnd": difference},
            )
    return HttpResponseRedirect(reverse("payments:till"))


@require_POST
@official_required(Role.COUNTER)
def take(request: HttpRequest, charge_uuid: UUID) -> HttpResponse:
    """Take cash for a charge; pressed twice, taken once."""
    principal, now = principal_of(request), clock.now()
    charge = _own_charge(principal, charge_uuid, Role.COUNTER)
    shift = find_open_till(agency_code=charge.agency_code, cashier_id=principal.user_id)
    try:
        if shift is None:
            raise TillNotFound()
        take_cash(
            charge_uuid, till_uuid=shift.uuid, amount_vnd=read_vnd(request.POST.get("amount", "")),
            key=f"{charge_uuid}:{request.POST.get('key', '')[:40]}", helper=read_helper(request),
            actor=principal.to_actor(), now=now,
        )  # fmt: skip
    except DomainError as refused:
        messages.error(request, say(refused.message))
    else:
        messages.success(request, _("Đã thu tiền mặt. Biên lai được cấp ngay sau ít giây."))
    return HttpResponseRedirect(f"{reverse('payments:till')}?ma={charge.case_code}")


@never_cache
@require_safe
@official_required(Role.COUNTER, Role.LEADER)
def refunds(request: HttpRequest) -> HttpResponse:
    """Show what was paid too much and the refunds under way."""
    principal = principal_of(request)
    codes = agency_codes(principal)
    rows = list_refunds(codes)
    context = {
        "overpaid": list_overpaid(codes),
        "rows": [(row, refund_code(row.uuid, row.attempt), _is_mine(principal, row.asked_by)) for row in rows],
        "has_till": _find_till(principal) is not None,
    }
    return render(request, "payments/refunds.html", context)


@require_POST
@official_required(Role.COUNTER, Role.LEADER)
def ask(request: HttpRequest, charge_uuid: UUID) -> HttpResponse:
    """Ask for a refund of what was paid too much."""
    principal, now = principal_of(request), clock.now()
    charge = _own_charge(principal, charge_uuid)
    try:
        refund = ask_refund(
            charge_uuid, amount_vnd=read_vnd(request.POST.get("amount", "")), reason=request.POST.get("reason", ""),
            key=f"{charge_uuid}:{request.POST.get('key', '')[:40]}", actor=principal.to_actor(), now=now,
        )  # fmt: skip
    except DomainError as refused:
        messages.error(request, say(refused.message))
    else:
        waits = _("Đã đề nghị hoàn; cần người thứ hai duyệt.") if not refund.is_approved else _("Đã quyết định hoàn.")
        messages.success(request, f"{charge.case_code}: {waits}")
    return HttpResponseRedirect(reverse("payments:refunds"))


@require_POST
@official_required(Role.COUNTER, Role.LEADER)
def move_refund(request: HttpRequest, refund_uuid: UUID) -> HttpResponse:
    """Agree to another's refund, or write that it was sent."""
    principal, now = principal_of(request), clock.now()
    row, actor, said = get_refund_row(refund_uuid), principal.to_actor(), _("Đã ghi.")
    _check_agency(principal, row.agency_code)
    try:
        if request.POST.get("do") == "approve":
            if not principal.has_role(Role.LEADER):
                raise NotAllowed("payments.leader_only", _("Chỉ lãnh đạo được duyệt hoàn trả."))
            approve_refund(refund_uuid, actor=actor, now=now)
        elif request.POST.get("do") == "cash":
            shift = _find_till(principal)
            if shift is None or shift.agency_code != row.agency_code:
                raise TillNotFound()
            pay_refund_in_cash(refund_uuid, till_uuid=shift.uuid, actor=actor, now=now)
            said = _("Đã ghi chi tiền mặt. Hãy in phiếu chi cho người nhận ký.")
        else:
            code = refund_code(refund_uuid, row.attempt)
            send_refund(refund_uuid, way="bank", external_id=code, actor=actor, now=now)
    except DomainError as refused:
        messages.error(request, say(refused.message))
    else:
        messages.success(request, said)
    return HttpResponseRedirect(reverse("payments:refunds"))


@never_cache
@require_safe
@official_required(Role.COUNTER, Role.LEADER)
def cash_voucher(request: HttpRequest, refund_uuid: UUID) -> HttpResponse:
    """Send the voucher of a refund in cash, for the signature of who receives it."""
    _check_agency(principal_of(request), get_refund_row(refund_uuid).agency_code)
    response = HttpResponse(draw_cash_voucher(refund_uuid), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="phieu-chi-{refund_code(refund_uuid)}.pdf"'
    return response


def _find_till(principal: Principal) -> TillInfo | None:
    """Return the open shift of a cashier; None for who is none."""
    if not principal.has_role(Role.COUNTER):
        return None
    codes = agency_codes(principal, Role.COUNTER)
    return find_open_till(agency_code=codes[0], cashier_id=principal.user_id)


def read_helper(request: HttpRequest) -> Helper | None:
    """Return who pays in the payer's place, as it was typed; None when the payer does."""
    name = request.POST.get("helper_name", "").strip()[:200]
    return Helper(name=name, role=request.POST.get("helper_role", "").strip()[:100]) if name else None


def _own_charge(principal: Principal, charge_uuid: UUID, role: str | None = None) -> ChargeInfo:
    charge = get_charge(charge_uuid)
    _check_agency(principal, charge.agency_code, role)
    return charge


def _check_agency(principal: Principal, agency_code: str, role: str | None = None) -> None:
    """Raise ChargeNotFound for the money of another agency: that it is there is not told either."""
    if agency_code not in agency_codes(principal, role):
        raise ChargeNotFound()


def _is_mine(principal: Principal, asked_by: str) -> bool:
    return asked_by == f"official:{principal.user_uuid}"


def principal_of(request: HttpRequest) -> Principal:
    principal = get_principal(request)
    assert principal is not None  # the decorator has asked
    return principal


def agency_codes(principal: Principal, role: str | None = None) -> tuple[str, ...]:
    """Return the codes of the agencies where the official holds a role (or any), in order."""
    ids = principal.agency_ids(role)
    found = get_agencies(ids)
    return tuple(found[each].code for each in ids)


def read_vnd(text: str) -> int:
    """Read an amount that a person typed. Raises: AmountInvalid."""
    bare = "".join(text.split()).replace(".", "").replace("đ", "")
    if not (bare.isascii() and bare.isdigit() and len(bare) <= 12):
        raise AmountInvalid(0)
    return int(bare)


def read_day(text: str, *, default: date) -> date:
    """Read a day that a person chose; what is no day is the default."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return default
    return found if date(2020, 1, 1) <= found <= date(2100, 1, 1) else default
