"""The door at which other front doors leave packages: signed, idempotent, answered in their own words."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from motcua.kernel import clock
from motcua.kernel.messages import N_
from motcua.national.actions.receiving import receive_package
from motcua.national.rules.packages import MAX_BYTES
from motcua.national.tasks import scan_files
from motcua.national.types import PackageUnreadable, SignatureRefused
from motcua.ui.public import say

SIGNATURE_HEADER = "X-JWS-Signature"
_CODES = {"new": "00", "taken": "01", "waiting": "02", "refused": "03"}
_SAYS = {
    "new": N_("Đã nhận, đang xử lý."),
    "taken": N_("Đã tiếp nhận vào hệ thống."),
    "waiting": N_("Đã nhận, chờ cán bộ xem."),
    "refused": N_("Đã trả lại."),
}


@csrf_exempt
@never_cache
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Store a signed package and say what became of it; the same again gets the answer of the first."""
    now = clock.now()
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MAX_BYTES:
        return _answer(413, "13", N_("Gói hồ sơ quá lớn (tối đa 30 MB)."))
    content = request.read(MAX_BYTES + 1)
    try:
        received = receive_package(content, request.headers.get(SIGNATURE_HEADER, ""), now=now)
    except SignatureRefused as refused:
        return _answer(401, "11", refused.message)
    except PackageUnreadable as refused:
        return _answer(413, "13", refused.message)
    scan_files(received.file_ids, now=now)
    return _answer(200, _CODES[received.state], _SAYS[received.state], national_code=received.national_code)


def _answer(status: int, code: str, says: str, *, national_code: str = "") -> HttpResponse:
    with override("vi"):
        said = {"Ma": code, "ThongBao": say(says)}
    if national_code:
        said["MaHoSoQuocGia"] = national_code
    return JsonResponse(said, status=status, json_dumps_params={"ensure_ascii": False})
