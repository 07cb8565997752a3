"""The Django application of payments: takes up its background work."""

from __future__ import annotations

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "motcua.payments"
    label = "payments"

    def ready(self) -> None:
        """Register the handlers of events and the periodic jobs."""
        from motcua.payments import tasks  # noqa: F401  subscribing is the import's effect
