"""The Django application of dossiers: tells the inbox where its tasks are shown and takes up its background work."""

from __future__ import annotations

from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "motcua.dossiers"
    label = "dossiers"

    def ready(self) -> None:
        """Register the kind of case and the handlers of events."""
        from motcua.cases.public import register_kind
        from motcua.dossiers import tasks  # noqa: F401  subscribing is the import's effect

        register_kind("dossier", task_url_name="dossiers:task", case_url_name="dossiers:case")
        register_kind("correction", task_url_name="dossiers:correction_task", case_url_name="dossiers:correction")
