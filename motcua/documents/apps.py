from __future__ import annotations

import logging

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "motcua.documents"
    label = "documents"

    def ready(self) -> None:
        from motcua.documents import tasks  # noqa: F401  registers the periodic rescan

        # Every hostile file would otherwise print a stack trace; the answer itself says what is wrong.
        for name in ("pyhanko", "pyhanko_certvalidator"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
