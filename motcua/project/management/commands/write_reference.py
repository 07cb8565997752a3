from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from motcua.project.reference import ROOT, build_pages


class Command(BaseCommand):
    help = "Viết lại các trang tham chiếu trong docs/reference từ mã nguồn."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, text in build_pages().items():
            (ROOT / "docs" / "reference" / name).write_text(text, "utf-8")
            self.stdout.write(f"docs/reference/{name}")
