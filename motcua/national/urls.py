"""Addresses of national: the door at which packages arrive, and the pages of the office and the operator."""

from __future__ import annotations

from django.urls import path

from motcua.national.views import intakes, receiving, sync

app_name = "national"
urlpatterns = [
    path("lien-thong/nhan-ho-so/", receiving.receive, name="receive"),
    path("lien-thong/", sync.status, name="status"),
    path("lien-thong/gui-lai/", sync.resend_one, name="resend"),
    path("lien-thong/chenh-lech/", sync.differences, name="differences"),
    path("lien-thong/chuyen-tiep/", sync.onward, name="onward"),
    path("lien-thong/ho-so/", intakes.queue, name="queue"),
    path("lien-thong/ho-so/<uuid:intake_uuid>/", intakes.intake, name="intake"),
    path("lien-thong/ho-so/<uuid:intake_uuid>/xu-ly/", intakes.decide, name="decide"),
    path("lien-thong/ho-so/<uuid:intake_uuid>/tra-lai/", intakes.give_back, name="give_back"),
    path("lien-thong/ho-so/<uuid:intake_uuid>/goi.json", intakes.original, name="original"),
]
