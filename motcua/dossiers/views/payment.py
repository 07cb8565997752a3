"""Where a resident pays: the sum, each line with its ground, the ways, where each attempt stands, the receipts."""

from __future__ import annotations

import re
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from markupsafe import Markup

from motcua.cases.public import CaseInfo
from motcua.documents.public import make_qr_svg
from motcua.dossiers.actions.charging import ensure_charge
from motcua.dossiers.public import DossierFolder
from motcua.dossiers.queries.dossiers import open_folder
from motcua.dossiers.views.resident import principal_of
from motcua.identity.public import resident_required
from motcua.kernel import clock
from motcua.kernel.errors import DomainError
from motcua.payments.public import (
    WAYS,
    PaymentNotFound,
    begin,
    get_payment,
    list_payments_of,
    list_receipts,
    load_drivers,
    start_payment,
)
from motcua.places.public import get_agency
from motcua.procedures.public import get_procedure_version
from motcua.ui.public import say

LOOK_AGAIN_SECONDS = 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@resident_required
def payment(request: HttpRequest, dossier_no: str) -> HttpResponse:
    """Show what is owed and why; begin to pay in the chosen way."""
    now = clock.now()
    folder, case = open_folder(principal_of(request), dossier_no, audience="applicant", now=now)
    charge, error = ensure_charge(case.id, now=now), ""
    if request.method == "POST" and charge is not None:
        chosen = next((way for way in WAYS if way == request.POST.get("way") and way in load_drivers()), None)
        if chosen is not None:
            try:
                begun = start_payment(charge.uuid, way=chosen, key=request.POST.get("key", "")[:80], now=now)
            except DomainError as refused:
                error = say(refused.message)
            else:
                return HttpResponseRedirect(reverse("dossiers:payment_attempt", args=[dossier_no, begun.uuid]))
    attempts = list_payments_of(charge.id, now=now) if charge is not None else ()
    context = _context(folder, case) | {
        "charge": charge,
        "attempts": attempts,
        "receipts": list_receipts([charge.uuid]) if charge is not None else (),
        "ways": tuple(load_drivers()),
        "key": f"{len(attempts)}",
        "error": error,
    }
    return render(request, "dossiers/payment.html", context, status=409 if error else 200)


@never_cache
@require_safe
@resident_required
def attempt(request: HttpRequest, dossier_no: str, payment_uuid: UUID) -> HttpResponse:
    """Show one attempt: the code or the gateway's address while it waits, and where it stands.

    What the gateway says in the browser's return is not read: the ledger alone tells. The page comes again by itself.
    """
    now = clock.now()
    folder, case = open_folder(principal_of(request), dossier_no, audience="applicant", now=now)
    charge, found = ensure_charge(case.id, now=now), get_payment(payment_uuid, now=now)
    if charge is None or found.charge_uuid != charge.uuid:
        raise PaymentNotFound
    address = f"{settings.PUBLIC_URL}{reverse('dossiers:payment_attempt', args=[dossier_no, payment_uuid])}"
    begun = None
    if found.state == "waiting":
        begun = begin(found, return_url=address, client_ip=request.META.get("REMOTE_ADDR", "127.0.0.1"))
    context = _context(folder, case) | {
        "charge": charge,
        "attempt": found,
        "begun": begun,
        "qr": _draw_qr(begun.qr_payload) if begun is not None and begun.qr_payload else "",
        "simulator": settings.MOTCUA_PAYMENT_SIMULATOR if settings.DEMO_MODE else "",
        "receipts": list_receipts([charge.uuid]),
    }
    response = render(request, "dossiers/payment_attempt.html", context)
    if found.state == "waiting" or (found.state == "paid" and not context["receipts"]):
        response.headers["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return response


def _draw_qr(payload: str) -> Markup:
    """Return the code as SVG that a phone's camera reads from a screen, at a size without a style sheet."""
    svg = re.sub(
        r'width="([0-9]+)" height="([0-9]+)"', r'viewBox="0 0 \1 \2" width="240" height="240"', make_qr_svg(payload)
    )
    return Markup(svg)  # noqa: S704  drawn here, from a payload that holds no markup


def _context(folder: DossierFolder, case: CaseInfo) -> dict[str, object]:
    dossier = folder.dossier
    return {
        "dossier": dossier,
        "case": case,
        "reception": get_agency(dossier.reception_agency_id),
        "procedure": get_procedure_version(dossier.procedure_version_id),
    }
