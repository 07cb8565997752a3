"""The public look-up of receipts: whoever holds the code holds the receipt."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.documents.public import SigningKeyMissing, read_file
from motcua.kernel import clock
from motcua.payments.public import ReceiptNotFound, get_receipt_by_code, sign_receipt, sign_receipt_xml
from motcua.ui.public import say


@never_cache
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Ask for the code that stands on a receipt."""
    code = request.GET.get("ma", "").strip()[:40]
    error = ""
    if code:
        try:
            receipt = get_receipt_by_code(code)
        except ReceiptNotFound as refused:
            error = say(refused.message)
        else:
            return HttpResponseRedirect(reverse("payments:receipt", args=[receipt.lookup_code]))
    return render(request, "payments/receipt_search.html", {"code": code, "error": error}, status=404 if error else 200)


@never_cache
@require_safe
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """Show what the register of receipts says of this one."""
    return render(request, "payments/receipt.html", {"receipt": get_receipt_by_code(code), "is_waiting": False})


@never_cache
@require_safe
def receipt_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """Send the signed paper, drawn and signed now if nobody asked before; without a key the page says so."""
    found = get_receipt_by_code(code)
    try:
        file_id = sign_receipt(found.uuid, now=clock.now())
    except SigningKeyMissing:
        return render(request, "payments/receipt.html", {"receipt": found, "is_waiting": True}, status=503)
    name = f"bien-lai-{found.printed_no}.pdf"
    return _attachment(read_file(file_id), name=name, media_type="application/pdf")


@never_cache
@require_safe
def receipt_xml(request: HttpRequest, code: str) -> HttpResponse:
    """Send the receipt as signed XML, signed now if nobody asked before; without a key the page says so."""
    found = get_receipt_by_code(code)
    try:
        file_id = sign_receipt_xml(found.uuid, now=clock.now())
    except SigningKeyMissing:
        return render(request, "payments/receipt.html", {"receipt": found, "is_waiting": True}, status=503)
    return _attachment(read_file(file_id), name=f"bien-lai-{found.printed_no}.xml", media_type="application/xml")


def _attachment(content: bytes, *, name: str, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
