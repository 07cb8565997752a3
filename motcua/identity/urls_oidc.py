"""The addresses whose names allauth itself asks for; all its other pages stay unmounted."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from motcua.identity.views.oidc import begin, callback

urlpatterns = [
    path("oidc/<slug:provider_id>/login/", begin, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", callback, name="openid_connect_callback"),
    path("", RedirectView.as_view(pattern_name="identity:staff_sign_in"), name="account_login"),
]
