"""Tables of dossiers: which drafts a leader was shown, and which he agreed to sign with others."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from motcua.dossiers.models.decided import DraftResult
from motcua.dossiers.models.words import SHA256_PATTERN


class ShownDraft(models.Model):
    """One leader was shown one draft, every page of it; `agreed_at`: he put it on his list to sign."""

    draft = models.ForeignKey(DraftResult, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey("identity.User", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    shown_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "user"], name="shown_draft_once_to_each"),
            models.CheckConstraint(condition=Q(sha256__regex=SHA256_PATTERN), name="shown_draft_hash_shape"),
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=True) | Q(agreed_at__gte=F("shown_at")),
                name="shown_draft_agreed_after_shown",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.shown_at:%Y-%m-%d}"
