"""Where the exchange hangs: the address that the X-Road protocol fixes."""

from __future__ import annotations

from django.urls import path

from motcua.exchange import views

app_name = "exchange"
urlpatterns = [path("r1/<path:rest>", views.call_service, name="call")]
