"""The office's receipts: found, and cancelled or replaced by two people, each with the reason."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.identity.public import Principal, Role, official_required
from motcua.kernel import clock
from motcua.kernel.errors import DomainError
from motcua.kernel.paging import clamp_page
from motcua.payments.public import (
    Payer,
    ReceiptInfo,
    ReceiptNotFound,
    ask_receipt_change,
    decide_receipt_change,
    get_receipt,
    get_receipt_change,
    list_office_receipts,
    list_receipt_changes,
)
from motcua.payments.views.office import agency_codes, principal_of
from motcua.ui.public import say


@never_cache
@require_safe
@official_required(Role.COUNTER, Role.LEADER)
def receipts(request: HttpRequest) -> HttpResponse:
    """Show the receipts of one's agency, and the changes that wait for another person."""
    principal = principal_of(request)
    codes, text = agency_codes(principal), request.GET.get("tim", "").strip()[:80]
    context = {
        "text": text,
        "page": list_office_receipts(codes, text=text, page=clamp_page(request.GET.get("trang", "1"))),
        "changes": [(change, receipt, _is_mine(principal, change.asked_by)) for change, receipt in
                    list_receipt_changes(codes)],
        "is_leader": principal.has_role(Role.LEADER),
    }  # fmt: skip
    return render(request, "payments/receipt_office.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@official_required(Role.COUNTER, Role.LEADER)
def change(request: HttpRequest, receipt_uuid: UUID) -> HttpResponse:
    """Ask to cancel or replace one receipt."""
    principal = principal_of(request)
    receipt, error = _own_receipt(principal, receipt_uuid), ""
    kind: Literal["cancel", "replace"] = "replace" if request.POST.get("kind") == "replace" else "cancel"
    if request.method == "POST":
        payer = Payer(name=request.POST.get("payer_name", ""), code=request.POST.get("payer_code", ""))
        try:
            ask_receipt_change(
                receipt_uuid, kind=kind, reason=request.POST.get("reason", ""), payer=payer,
                actor=principal.to_actor(), now=clock.now(),
            )  # fmt: skip
        except DomainError as refused:
            error = say(refused.message)
        else:
            messages.success(request, _("Đã đề nghị; cần lãnh đạo khác đồng ý."))
            return HttpResponseRedirect(reverse("payments:receipt_office"))
    context = {"receipt": receipt, "error": error, "kind": kind, "typed": request.POST}
    return render(request, "payments/receipt_change.html", context, status=422 if error else 200)


@require_POST
@official_required(Role.LEADER)
def decide_change(request: HttpRequest, change_uuid: UUID) -> HttpResponse:
    """Agree to another's wish, or refuse it."""
    principal = principal_of(request)
    found = get_receipt_change(change_uuid)
    if found is None or found[1].agency_code not in agency_codes(principal, Role.LEADER):
        raise ReceiptNotFound()
    try:
        agrees = request.POST.get("do") == "agree"
        decide_receipt_change(change_uuid, agrees=agrees, actor=principal.to_actor(), now=clock.now())
    except DomainError as refused:
        messages.error(request, say(refused.message))
    else:
        messages.success(request, _("Đã ghi."))
    return HttpResponseRedirect(reverse("payments:receipt_office"))


def _own_receipt(principal: Principal, receipt_uuid: UUID) -> ReceiptInfo:
    receipt = get_receipt(receipt_uuid)
    if receipt.agency_code not in agency_codes(principal):
        raise ReceiptNotFound()
    return receipt


def _is_mine(principal: Principal, asked_by: str) -> bool:
    return asked_by == f"official:{principal.user_uuid}"
