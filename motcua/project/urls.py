"""Where each module hangs. Vietnamese addresses: people read them aloud on the telephone."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("motcua.dossiers.urls")),  # asked most, so looked at first
    path("", include("motcua.cases.urls")),
    path("dang-nhap/", include("motcua.identity.urls")),
    path("tai-khoan/", include("motcua.identity.urls_oidc")),
    path("", include("motcua.operations.urls")),
    path("chi-so/", include("motcua.indices.urls")),
    path("", include("motcua.exchange.urls")),
    path("", include("motcua.linkage.urls")),
    path("", include("motcua.registers.urls")),
    path("", include("motcua.payments.urls")),
    path("", include("motcua.procedures.urls")),
    path("", include("motcua.vault.urls")),
    path("thiet-ke/", include("motcua.designer.urls")),
    path("", include("motcua.national.urls")),
    path("", include("motcua.portal.urls")),
]

if settings.DEMO_MODE:
    urlpatterns.insert(0, path("sandbox-id/", include("motcua.project.sandbox_idp.urls")))

handler400 = "motcua.project.errors.bad_request"
handler403 = "motcua.ui.views.permission_denied"
handler404 = "motcua.ui.views.page_not_found"
handler500 = "motcua.project.errors.server_error"
