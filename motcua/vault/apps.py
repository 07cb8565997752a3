"""The Django application of the vault: takes up its background work."""

from __future__ import annotations

from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "motcua.vault"
    label = "vault"

    def ready(self) -> None:
        """Register the periodic jobs."""
        from motcua.vault import tasks  # noqa: F401  subscribing is the import's effect
