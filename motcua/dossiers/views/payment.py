"""Where a resident pays: the sum, each line with its ground, the ways, where each attempt stands, the receipts."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
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
    ChargeInfo,
    Helper,
    PaymentNotFound,
    begin,
    get_charge,
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
HELP_SALT = "dossiers.pay-for"
HELP_FOR = timedelta(days=7)


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
                key = request.POST.get("key", "")[:80]
                begun = start_payment(charge.uuid, way=chosen, key=key, helper=_read_helper(request), now=now)
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
        "help_url": make_help_url(charge) if charge is not None and charge.open_vnd > 0 else "",
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


def _read_helper(request: HttpRequest) -> Helper | None:
    name = request.POST.get("helper_name", "").strip()[:200]
    return Helper(name=name, role=request.POST.get("helper_role", "").strip()[:100]) if name else None


def make_help_url(charge: ChargeInfo) -> str:
    """Return the address that lets somebody else pay this charge, and see nothing else of the dossier."""
    token = signing.dumps(str(charge.uuid), salt=HELP_SALT, compress=False)
    return f"{settings.PUBLIC_URL}{reverse('dossiers:pay_for', args=[token])}"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pay_for(request: HttpRequest, token: str) -> HttpResponse:
    """Let a relative or an official pay for a person: the sum, a code to scan, their name for the receipt.

    Whoever holds the address of the last seven days may pay; the dossier itself is not shown.
    """
    try:
        charge = get_charge(UUID(signing.loads(token, salt=HELP_SALT, max_age=HELP_FOR)))
    except (signing.BadSignature, ValueError):
        raise PaymentNotFound from None
    now, error, found, begun = clock.now(), "", None, None
    helper = _read_helper(request)
    if request.method == "POST" and charge.open_vnd > 0:
        if helper is None:
            error = _("Hãy ghi họ tên người nộp thay, để in trên biên lai.")
        elif "vietqr" in load_drivers():
            over = sum(each.state != "waiting" for each in list_payments_of(charge.id, now=now))
            key = f"help:{over}:{hashlib.sha256(helper.name.encode()).hexdigest()[:20]}"  # pressed again: the same code
            found = start_payment(charge.uuid, way="vietqr", key=key, helper=helper, now=now)
            begun = begin(found, return_url="", client_ip=request.META.get("REMOTE_ADDR", "127.0.0.1"))
    context = {
        "charge": charge,
        "attempt": found,
        "begun": begun,
        "qr": _draw_qr(begun.qr_payload) if begun is not None else "",
        "error": error,
        "typed": request.POST,
        "can_pay": "vietqr" in load_drivers(),
        "simulator": settings.MOTCUA_PAYMENT_SIMULATOR if settings.DEMO_MODE else "",
    }
    return render(request, "dossiers/pay_for.html", context, status=422 if error else 200)


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
