"""Where gateways and banks tell us of money: no session, no cookie; the signature is the proof."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from motcua.kernel import clock
from motcua.payments.public import handle_callback

MAX_BODY = 16 * 1024


@require_GET
def vnpay_notice(request: HttpRequest) -> HttpResponse:
    """Answer VNPay's notice (IPN) by RspCode."""
    params = {name: request.GET[name] for name in list(request.GET)[:60]}
    query = request.META.get("QUERY_STRING", "")[:MAX_BODY].encode("utf-8", "replace")  # as it came: signed so, perhaps
    reply = handle_callback("vnpay", params=params, body=query, headers={}, now=clock.now())
    return JsonResponse(dict(reply.body), status=reply.status)


@csrf_exempt  # a bank calls, without a browser's session
@require_POST
def vietqr_notice(request: HttpRequest) -> HttpResponse:
    """Answer the bank's notice of money that came in."""
    body = request.read(MAX_BODY + 1)
    if len(body) > MAX_BODY:
        return JsonResponse({"result": "other"}, status=413)
    headers = {"X-Signature": request.headers.get("X-Signature", "")}
    reply = handle_callback("vietqr", params={}, body=body, headers=headers, now=clock.now())
    return JsonResponse(dict(reply.body), status=reply.status)
