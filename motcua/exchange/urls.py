"""Where the exchange hangs: its office, and the addresses that the X-Road and GovStack texts fix."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from motcua.exchange.views import changes, office, wire

app_name = "exchange"
_PREFIX = settings.MOTCUA_GOVSTACK_PREFIX
_DATA = f"{_PREFIX}data/<str:registryName>/<str:versionNumber>"


def _data(address: str, operation: str, method: str) -> URLPattern:
    known = {"operation": operation, "method": method}
    return path(address, wire.call_data, known, name=f"govstack_{operation}")


# The names of release 1.3.0, and those of the releases before, which older clients still use.
urlpatterns = [
    path("trao-doi/", office.home, name="home"),
    path("trao-doi/thanh-vien/", changes.members, name="members"),
    path("trao-doi/thanh-vien/<uuid:member_uuid>/", changes.member, name="member"),
    path("trao-doi/thanh-vien/<uuid:member_uuid>/mo-dich-vu/", changes.publish, name="publish"),
    path("trao-doi/dich-vu/", office.services, name="services"),
    path("trao-doi/dich-vu/<int:service_id>/", office.service, name="service"),
    path("trao-doi/dich-vu/<int:service_id>/de-nghi/", changes.ask, name="ask"),
    path("trao-doi/quyen/", office.grants, name="grants"),
    path("trao-doi/quyen/<uuid:grant_uuid>/", changes.grant, name="grant"),
    path("trao-doi/nhat-ky/", office.calls, name="calls"),
    path("r1/<path:rest>", wire.call_service, name="call"),
    path("listClients", wire.call_clients, name="list_clients"),
    _data(f"{_PREFIX}data/myPersonalDataUsage", "usage", "GET"),
    _data(f"{_PREFIX}data/mypersonalDataUsage", "usage", "GET"),
    _data(f"{_PREFIX}data/MyPersonalDataUsage/1.0", "usage", "GET"),
    _data(f"{_PREFIX}data/<str:registryName>/createEntries", "createEntries", "POST"),
    _data(_DATA, "list", "GET"),
    _data(f"{_DATA}/", "list", "GET"),
    _data(f"{_DATA}/create", "create", "POST"),
    _data(f"{_DATA}/createEntries", "createEntries", "POST"),
    _data(f"{_DATA}/exists", "exists", "POST"),
    _data(f"{_DATA}/read", "read", "POST"),
    _data(f"{_DATA}/update", "update", "PUT"),
    _data(f"{_DATA}/updateEntries", "updateEntries", "PUT"),
    _data(f"{_DATA}/update-entries", "updateEntries", "PUT"),
    _data(f"{_DATA}/updateOrCreate", "updateOrCreate", "POST"),
    _data(f"{_DATA}/update-or-create", "updateOrCreate", "POST"),
    _data(f"{_DATA}/<str:ID>/delete", "delete", "DELETE"),
    _data(f"{_DATA}/<str:uuid>/readValue/<str:field>.<str:ext>", "readValue", "GET"),
    _data(f"{_DATA}/<str:uuid>/read-value/<str:field>.<str:ext>", "readValue", "GET"),
    path(f"{_PREFIX}databases", wire.call_databases, name="govstack_databases"),
    path(f"{_PREFIX}database/modify", wire.call_databases, {"operation": "modify"}, name="govstack_modify"),
    path(f"{_PREFIX}database/<int:database_id>", wire.call_databases, name="govstack_database"),
]
