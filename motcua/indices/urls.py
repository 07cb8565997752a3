"""Addresses of the figures."""

from __future__ import annotations

from django.urls import path

from motcua.indices import views

app_name = "indices"
urlpatterns = [
    path("", views.home, name="home"),
    path("<slug:name>/", views.report, name="report"),
    path("<slug:name>/tai-ve.csv", views.report_csv, name="report_csv"),
]
