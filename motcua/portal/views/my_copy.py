"""A copy of everything held on a person: for machines and for reading, in one archive."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.audit.public import record_read
from motcua.identity.public import resident_required
from motcua.kernel import clock
from motcua.kernel.clock import to_local
from motcua.portal.queries.my_copy import build_copy
from motcua.portal.queries.my_data import OWN_GROUND
from motcua.portal.views.my_data import open_own, own_context


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@resident_required
def my_copy(request: HttpRequest) -> HttpResponse:
    """Say what the copy holds, and hand it over when asked."""
    now = clock.now()
    principal, party, parties = open_own(request, now=now)
    if request.method != "POST":
        return render(request, "portal/my_copy.html", own_context(principal, party, parties))
    content = build_copy(party, principal=principal, now=now)
    record_read(
        principal.to_actor(),
        subject=f"{party.ref.kind}:{party.uuid}",
        what="tải về toàn bộ dữ liệu",
        purpose="Chủ thể dữ liệu nhận bản sao dữ liệu về mình",
        legal_ground=OWN_GROUND,
        now=now,
    )
    response = HttpResponse(content, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="du-lieu-cua-toi-{to_local(now):%Y%m%d}.zip"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
