"""Which registers answer now: their people stop one for a while, saying why, and open it again."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from motcua.exchange.public import set_register_open
from motcua.exchange.queries.register_states import (
    RegisterState,
    find_register_state,
    list_register_states,
    list_stops,
)
from motcua.exchange.rules.policy import may_manage
from motcua.exchange.views.office import ROLES, back_to, principal_of, refuse, tell, viewer_of
from motcua.identity.public import official_required
from motcua.kernel import clock

MAX_REASON = 500


@never_cache
@require_safe
@official_required(*ROLES)
def states(request: HttpRequest) -> HttpResponse:
    """List the registers that are offered here, the stopped ones first."""
    viewer = viewer_of(request)
    rows = [(row, any(may_manage(viewer, code) for code in row.agency_codes)) for row in list_register_states()]
    return render(request, "exchange/registers.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@official_required(*ROLES)
def state(request: HttpRequest, register: str) -> HttpResponse:
    """Show whether a register answers, who stopped it when and why; stop it or open it again."""
    row = find_register_state(register)
    if row is None:
        raise Http404
    viewer = viewer_of(request)
    may_change = any(may_manage(viewer, code) for code in row.agency_codes)
    errors: dict[str, str] = {}
    if request.method == "POST":
        if not may_change:
            raise refuse()
        errors = _change(request, row)
        if not errors:
            return back_to("register", register)
    context = {
        "row": row, "may_change": may_change, "errors": errors, "reason": request.POST.get("ly-do", ""),
        "history": list_stops(register),
    }  # fmt: skip
    return render(request, "exchange/register.html", context, status=422 if errors else 200)


def _change(request: HttpRequest, row: RegisterState) -> dict[str, str]:
    """Do what was asked; return what is missing, by field. Asked twice, the second changes nothing."""
    is_open = request.POST.get("viec") == "open"
    reason = request.POST.get("ly-do", "").replace("\x00", "").strip()[:MAX_REASON]
    errors = {} if reason else {"ly-do": _("Hãy ghi lý do; lý do được lưu trong nhật ký.")}
    if not is_open and request.POST.get("chac-chan") != "true":
        errors["chac-chan"] = _("Hãy xác nhận rằng bạn muốn tạm ngừng sổ này.")
    if errors or row.is_open == is_open:
        return errors
    actor = principal_of(request).to_actor()
    set_register_open(row.register, is_open=is_open, reason=reason, actor=actor, now=clock.now())
    if is_open:
        tell(request, _("Sổ đã mở lại. Dữ liệu còn thiếu của các hồ sơ được lấy trong vài phút tới."))
    else:
        tell(request, _("Sổ đã tạm ngừng. Hồ sơ vẫn nộp được; quyết định chờ đến khi sổ mở lại."))
    return {}
