"""One table: which cases changed since the copy last read them."""

from __future__ import annotations

from django.db import models


class CaseTouch(models.Model):
    """An event said that this case changed. Written by event handlers, deleted once the copy holds what it says."""

    case_uuid = models.UUIDField()
    touched_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.pk} {self.case_uuid}"
