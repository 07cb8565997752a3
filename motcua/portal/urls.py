"""Addresses that everybody may open, and a resident's own page."""

from __future__ import annotations

from django.urls import path

from motcua.portal.views import catalogue, checks, pages

app_name = "portal"
urlpatterns = [
    path("", pages.home, name="home"),
    path("thu-tuc/", catalogue.search, name="search"),
    path("thu-tuc/<str:code>/", catalogue.procedure, name="procedure"),
    path("cua-toi/", pages.my_page, name="my_page"),
    path("tra-cuu/", checks.track, name="track"),
    path("xac-minh/", checks.verify, name="verify"),
    path("xac-minh/<str:code>/", checks.verify_code, name="verify_code"),
    path("kha-nang-tiep-can/", pages.accessibility, name="accessibility"),
    path("du-lieu-ca-nhan/", pages.privacy, name="privacy"),
    path("robots.txt", pages.robots, name="robots"),
    path("healthz", pages.health, name="health"),
]
