"""Addresses of the catalogue's reports."""

from __future__ import annotations

from django.urls import path

from motcua.procedures import views

app_name = "procedures"
urlpatterns = [path("thu-tuc-duoc-mien/", views.waived, name="waived")]
