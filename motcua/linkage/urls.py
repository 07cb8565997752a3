"""Addresses of linkage: the steward's queue, one pair, one person."""

from __future__ import annotations

from django.urls import path

from motcua.linkage import views

app_name = "linkage"
urlpatterns = [
    path("doi-soat-nguoi/", views.queue, name="queue"),
    path("doi-soat-nguoi/cap/<uuid:pair_uuid>/", views.pair, name="pair"),
    path("doi-soat-nguoi/cap/<uuid:pair_uuid>/tach/", views.unlink, name="unlink"),
    path("doi-soat-nguoi/nguoi/<uuid:record_uuid>/", views.person, name="person"),
]
