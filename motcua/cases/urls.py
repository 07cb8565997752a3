"""Addresses of the spine's screens."""

from __future__ import annotations

from django.urls import path

from motcua.cases import views

app_name = "cases"
urlpatterns = [
    path("viec/", views.inbox, name="inbox"),
    path("viec/<uuid:task_uuid>/nhan/", views.claim, name="claim"),
    path("viec/<uuid:task_uuid>/tra/", views.release, name="release"),
    path("viec/han/<uuid:case_uuid>/", views.deadline, name="deadline"),
    path("tong-quan/", views.overview, name="overview"),
    path("tong-quan/qua-han/", views.late_cases, name="late_cases"),
    path("tong-quan/qua-han.csv", views.late_cases_csv, name="late_cases_csv"),
]
