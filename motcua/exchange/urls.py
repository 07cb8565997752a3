"""Where the exchange hangs: the addresses that the X-Road and GovStack texts fix, the latter behind a prefix."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from motcua.exchange import views

app_name = "exchange"
_PREFIX = settings.MOTCUA_GOVSTACK_PREFIX
_DATA = f"{_PREFIX}data/<str:registryName>/<str:versionNumber>"


def _data(address: str, operation: str, method: str) -> URLPattern:
    known = {"operation": operation, "method": method}
    return path(address, views.call_data, known, name=f"govstack_{operation}")


# The names of release 1.3.0, and those of the releases before, which older clients still use.
urlpatterns = [
    path("r1/<path:rest>", views.call_service, name="call"),
    path("listClients", views.call_clients, name="list_clients"),
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
    path(f"{_PREFIX}databases", views.call_databases, name="govstack_databases"),
    path(f"{_PREFIX}database/modify", views.call_databases, {"operation": "modify"}, name="govstack_modify"),
    path(f"{_PREFIX}database/<int:database_id>", views.call_databases, name="govstack_database"),
]
