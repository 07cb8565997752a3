"""Addresses of the registers' office: for the stewards of the agencies that answer for them."""

from __future__ import annotations

from django.urls import path

from motcua.registers import views

app_name = "registers"
urlpatterns = [
    path("so-du-lieu/", views.home, name="home"),
    path("so-du-lieu/<slug:code>/", views.register, name="register"),
    path("so-du-lieu/<slug:code>/tra-cuu/", views.find, name="find"),
    path("so-du-lieu/<slug:code>/ban-ghi/<uuid:record_uuid>/", views.record, name="record"),
    path("so-du-lieu/<slug:code>/chat-luong/", views.quality, name="quality"),
    path("so-du-lieu/<slug:code>/lan-nap/", views.loads, name="loads"),
    path("so-du-lieu/<slug:code>/lan-nap/<uuid:run_uuid>/", views.load, name="load"),
    path("so-du-lieu/<slug:code>/lan-nap/<uuid:run_uuid>/bao-cao.xlsx", views.report, name="report"),
    path("so-du-lieu/<slug:code>/cho-ghi/", views.waiting, name="waiting"),
    path("so-du-lieu/<slug:code>/cho-ghi/<int:case_record_id>/", views.settle, name="settle"),
]
