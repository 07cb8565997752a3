from __future__ import annotations

from django.urls import path

from motcua.project.sandbox_idp import views

app_name = "sandbox_idp"
urlpatterns = [
    path(".well-known/openid-configuration", views.discovery, name="discovery"),
    path("jwks", views.jwks, name="jwks"),
    path("authorize", views.authorize, name="authorize"),
    path("token", views.token, name="token"),
    path("userinfo", views.userinfo, name="userinfo"),
    path("end-session", views.end_session, name="end_session"),
]
