"""The Django application of national: takes up its background work."""

from __future__ import annotations

from django.apps import AppConfig


class NationalConfig(AppConfig):
    name = "motcua.national"
    label = "national"

    def ready(self) -> None:
        """Register the handlers of events and the periodic jobs."""
        from motcua.national import tasks  # noqa: F401  subscribing is the import's effect
