"""Where the exchange hangs: its office, and the addresses that the X-Road and GovStack texts fix."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path, re_path

from motcua.exchange.views import changes, office, registers, wire

app_name = "exchange"
# The names of release 1.3.0, and those of the releases before, which older clients still use.
_OPERATIONS = (
    ("myPersonalDataUsage", "usage", "GET"),
    ("mypersonalDataUsage", "usage", "GET"),
    ("MyPersonalDataUsage/1.0", "usage", "GET"),
    ("<str:registryName>/createEntries", "createEntries", "POST"),
    ("{}", "list", "GET"),
    ("{}/", "list", "GET"),
    ("{}/create", "create", "POST"),
    ("{}/createEntries", "createEntries", "POST"),
    ("{}/exists", "exists", "POST"),
    ("{}/read", "read", "POST"),
    ("{}/update", "update", "PUT"),
    ("{}/updateEntries", "updateEntries", "PUT"),
    ("{}/update-entries", "updateEntries", "PUT"),
    ("{}/updateOrCreate", "updateOrCreate", "POST"),
    ("{}/update-or-create", "updateOrCreate", "POST"),
    ("{}/<str:ID>/delete", "delete", "DELETE"),
    ("{}/<str:uuid>/readValue/<str:field>.<str:ext>", "readValue", "GET"),
    ("{}/<str:uuid>/read-value/<str:field>.<str:ext>", "readValue", "GET"),
)


def list_govstack(prefix: str, name: str) -> list[URLPattern]:
    """Return the addresses of the Data API and the Database API."""
    data = [
        path(
            f"{prefix}data/{address.format('<str:registryName>/<str:versionNumber>')}", wire.call_data,
            {"operation": operation, "method": method}, name=f"{name}_{operation}",
        )
        for address, operation, method in _OPERATIONS
    ]  # fmt: skip
    return [
        *data,
        path(f"{prefix}databases", wire.call_databases, name=f"{name}_databases"),
        path(f"{prefix}database/modify", wire.call_databases, {"operation": "modify"}, name=f"{name}_modify"),
        path(f"{prefix}database/<int:database_id>", wire.call_databases, name=f"{name}_database"),
    ]


urlpatterns = [
    path("trao-doi/", office.home, name="home"),
    path("trao-doi/thanh-vien/", changes.members, name="members"),
    path("trao-doi/thanh-vien/<uuid:member_uuid>/", changes.member, name="member"),
    path("trao-doi/thanh-vien/<uuid:member_uuid>/mo-dich-vu/", changes.publish, name="publish"),
    path("trao-doi/dich-vu/", office.services, name="services"),
    path("trao-doi/dich-vu/<int:service_id>/", office.service, name="service"),
    path("trao-doi/dich-vu/<int:service_id>/de-nghi/", changes.ask, name="ask"),
    path("trao-doi/so/", registers.states, name="registers"),
    path("trao-doi/so/<slug:register>/", registers.state, name="register"),
    path("trao-doi/quyen/", office.grants, name="grants"),
    path("trao-doi/quyen/<uuid:grant_uuid>/", changes.grant, name="grant"),
    path("trao-doi/nhat-ky/", office.calls, name="calls"),
    re_path(
        r"^[rR][0-9]{1,3}(?:/[\s\S]*)?\Z", wire.call_service, name="call"
    ),  # other versions are refused in its words
    path("listClients", wire.call_clients, name="list_clients"),
    *list_govstack(settings.MOTCUA_GOVSTACK_PREFIX, "govstack"),
]
if settings.DEMO_MODE and settings.MOTCUA_GOVSTACK_PREFIX:
    urlpatterns += list_govstack("", "govstack_root")  # where the public test suite looks
