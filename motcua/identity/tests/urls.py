"""Sign-in and a few guarded pages, so that these tests need no module above."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import include, path

from motcua.identity.public import (
    get_principal,
    official_required,
    pop_stashed_post,
    resident_required,
    step_up_required,
)
from motcua.kernel import clock


@resident_required
def mine(request: HttpRequest) -> HttpResponse:
    principal = get_principal(request)
    assert principal is not None
    kept = pop_stashed_post(request, now=clock.now()) if request.method == "GET" else None
    return HttpResponse(f"{principal.full_name}|{principal.assurance_level}|{(kept or QueryDict()).get('story', '')}")


@official_required("counter", "leader")
def desk(request: HttpRequest) -> HttpResponse:
    return HttpResponse("desk")


@official_required("leader")
@step_up_required()
def sign(request: HttpRequest) -> HttpResponse:
    kept = pop_stashed_post(request, now=clock.now()) if request.method == "GET" else None
    return HttpResponse(f"signed {(kept or QueryDict()).get('decision', '')}")


def open_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


urlpatterns = [
    path("", open_page),
    path("cua-toi/", mine),
    path("ban-lam-viec/", desk),
    path("ky/", sign),
    path("dang-nhap/", include("motcua.identity.urls")),
    path("tai-khoan/", include("motcua.identity.urls_oidc")),
    path("sandbox-id/", include("motcua.project.sandbox_idp.urls")),
]
