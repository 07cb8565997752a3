"""The addresses that bench_exchange asks: the product's, and a bare one that reads the same record."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.urls import include, path

from motcua.kernel import clock
from motcua.registers.public import Wanted, find_records


def read_plainly(request: HttpRequest, key: str, value: str) -> JsonResponse:
    """Return a record to anybody: no caller proved, no grant, no filter, no log."""
    wanted = Wanted(register="people", key=key, value=value)
    record = find_records([wanted], at=clock.now())[wanted]
    return JsonResponse({"id": str(record.uuid), "data": record.data, "source": record.slice.source})


urlpatterns = [
    path("plain/<str:key>/<str:value>", read_plainly),
    path("", include("motcua.exchange.urls")),
]
