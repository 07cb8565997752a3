"""The server that bench_exchange asks: the product, and a bare address that reads the same record."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.project.settings.test")
django.setup()

from django.conf import settings  # noqa: E402  settings first
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest, JsonResponse  # noqa: E402
from django.urls import include, path  # noqa: E402

from motcua.kernel import clock  # noqa: E402
from motcua.registers.public import Wanted, find_records  # noqa: E402


def read_plainly(request: HttpRequest, key: str, value: str) -> JsonResponse:
    """Return a record to anybody: no caller proved, no grant, no filter, no log."""
    wanted = Wanted(register="people", key=key, value=value)
    record = find_records([wanted], at=clock.now())[wanted]
    return JsonResponse({"id": str(record.uuid), "data": record.data, "source": record.slice.source})


urlpatterns = [
    path("plain/<str:key>/<str:value>", read_plainly),
    path("", include("motcua.exchange.urls")),
]
settings.ROOT_URLCONF = "benchmarks.exchange_server"
application = get_wsgi_application()
