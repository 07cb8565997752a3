"""What anybody may ask without an account: where a dossier stands, and whether a paper is genuine."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from motcua.documents.public import MAX_VERIFY_BYTES
from motcua.dossiers.public import track_by_code, verify_file, verify_result
from motcua.kernel import clock
from motcua.kernel.codes import CodeRefused
from motcua.portal.actions import charge_asker
from motcua.portal.forms import VerifyUploadRefusedError, read_code, read_verify_upload
from motcua.portal.rules import ASK_COST, FILE_COST, WRONG_CODE_COST, find_client_address


def charge(request: HttpRequest, *, cost: float) -> None:
    """Count a question of whoever asks, signed in or not. Raises: TooManyRequestsError."""
    address = find_client_address(
        request.META.get("REMOTE_ADDR", ""),
        forwarded_for=request.headers.get("X-Forwarded-For", ""),
        proxies=settings.PROXIES,
    )
    charge_asker(address, cost=cost, now=clock.now())


@require_safe
def track(request: HttpRequest) -> HttpResponse:
    """Show the code and the state of a dossier, and nothing else."""
    code = read_code(request)
    status, error = None, ""
    if code:
        charge(request, cost=ASK_COST)
        try:
            status = track_by_code(code)
        except CodeRefused as refused:
            error = refused.message
        if status is None and not error:
            error = _("Chưa có hồ sơ nào mang mã này. Hãy xem lại từng chữ, từng số trên giấy hẹn.")
    if error:
        charge(request, cost=WRONG_CODE_COST)
    http_status = 200 if status or not code else 404
    context = {"code": code, "status": status, "error": error}
    return render(request, "portal/track.html", context, status=http_status)


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Check a paper by the code printed on it, or by its file."""
    if request.method == "POST":
        return verify_upload(request)
    code = read_code(request)
    if code:
        return redirect("portal:verify_code", code=code.replace("/", ""))
    return show_verify(request)


def verify_upload(request: HttpRequest) -> HttpResponse:
    """Check an uploaded file; it is read, answered and forgotten."""
    charge(request, cost=FILE_COST)
    try:
        content = read_verify_upload(request)
    except VerifyUploadRefusedError as refused:
        return show_verify(request, file_error=refused.message, status=refused.http_status)
    return show_verify(request, checked=verify_file(content))


@require_safe
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """Show what was issued under a verification code (the address in the QR sign of every result)."""
    charge(request, cost=ASK_COST)
    result = verify_result(code[:64])
    if result is not None:
        return render(request, "portal/verified.html", {"result": result})
    charge(request, cost=WRONG_CODE_COST)
    error = _("Không có giấy tờ nào mang mã này. Hãy xem lại từng chữ, từng số in cạnh mã QR.")
    return show_verify(request, code=code[:64], code_error=error, status=404)


def show_verify(request: HttpRequest, *, status: int = 200, **given: object) -> HttpResponse:
    context = {"code": "", "code_error": "", "file_error": "", "checked": None, "max_bytes": MAX_VERIFY_BYTES} | given
    return render(request, "portal/verify.html", context, status=status)
