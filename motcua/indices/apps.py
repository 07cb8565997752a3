"""The Django application of indices."""

from __future__ import annotations

from django.apps import AppConfig


class IndicesConfig(AppConfig):
    name = "motcua.indices"
    label = "indices"

    def ready(self) -> None:
        from motcua.indices import tasks  # noqa: F401  subscribes and registers the periodic job
