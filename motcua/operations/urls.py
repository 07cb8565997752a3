"""Addresses of the operator."""

from __future__ import annotations

from django.urls import path

from motcua.operations import views

app_name = "operations"
urlpatterns = [
    path("quan-tri/", views.home, name="home"),
    path("quan-tri/san-sang/", views.readiness, name="readiness"),
    path("quan-tri/co-quan/", views.offices, name="offices"),
    path("quan-tri/co-quan/<uuid:agency_uuid>/", views.office, name="office"),
    path("quan-tri/co-quan/<uuid:agency_uuid>/khoa-ky/", views.office_keys, name="office_keys"),
    path("quan-tri/co-quan/<uuid:agency_uuid>/khoa-ky/doi/", views.change_key, name="change_key"),
    path("quan-tri/co-quan/<uuid:agency_uuid>/khoa-ky/thu-hoi/<str:code>/", views.revoke_key, name="revoke_key"),
    path("khoa-ky-cua-toi/", views.my_keys, name="my_keys"),
    path("quan-tri/su-co/", views.incidents, name="incidents"),
    path("quan-tri/su-co/<uuid:incident_uuid>/", views.incident, name="incident"),
    path("quan-tri/thu-chet/", views.dead_letters, name="dead_letters"),
    path("quan-tri/thu-chet/<int:delivery_id>/thu-lai/", views.retry, name="retry"),
]
