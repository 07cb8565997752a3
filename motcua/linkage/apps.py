"""The Django application of linkage."""

from __future__ import annotations

from django.apps import AppConfig


class LinkageConfig(AppConfig):
    name = "motcua.linkage"
    label = "linkage"
