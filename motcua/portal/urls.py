"""Addresses that everybody may open, and a resident's own page."""

from __future__ import annotations

from django.urls import path

from motcua.portal.views import catalogue, checks, my_consents, my_copy, my_data, pages, secrecy

app_name = "portal"
urlpatterns = [
    path("", pages.home, name="home"),
    path("thu-tuc/", catalogue.search, name="search"),
    path("thu-tuc/<str:code>/", catalogue.procedure, name="procedure"),
    path("cua-toi/", pages.my_page, name="my_page"),
    path("du-lieu-cua-toi/", my_data.my_data, name="my_data"),
    path("du-lieu-cua-toi/luot-doc/", my_data.my_readings, name="my_readings"),
    path("du-lieu-cua-toi/ban-ghi/<uuid:record_uuid>/", my_data.my_record, name="my_record"),
    path("du-lieu-cua-toi/ban-ghi/<uuid:record_uuid>/sai/<slug:field>/", my_data.dispute, name="dispute"),
    path("du-lieu-cua-toi/da-gui/<str:code>/", my_data.dispute_sent, name="dispute_sent"),
    path("du-lieu-cua-toi/dong-y/", my_consents.my_consents, name="my_consents"),
    path("du-lieu-cua-toi/tai-ve/", my_copy.my_copy, name="my_copy"),
    path("mot-cua/hoan-bao-luot-doc/", secrecy.delays, name="delays"),
    path("mot-cua/hoan-bao-luot-doc/<uuid:delay_uuid>/cham-dut/", secrecy.lift, name="lift_delay"),
    path("tra-cuu/", checks.track, name="track"),
    path("xac-minh/", checks.verify, name="verify"),
    path("xac-minh/<str:code>/", checks.verify_code, name="verify_code"),
    path("kha-nang-tiep-can/", pages.accessibility, name="accessibility"),
    path("du-lieu-ca-nhan/", pages.privacy, name="privacy"),
    path("robots.txt", pages.robots, name="robots"),
    path("healthz", pages.health, name="health"),
]
