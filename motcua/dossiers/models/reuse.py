"""Tables of dossiers: papers taken out of a vault by choice. The dossier keeps its own bytes and whence they came."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from motcua.dossiers.models.words import SHA256_PATTERN


class ReusedPaper(models.Model):
    """A file of a draft (and of the dossier that it becomes) that came out of a vault: frozen as it was chosen."""

    file = models.OneToOneField("documents.StoredFile", on_delete=models.PROTECT, related_name="+")
    vault_paper_uuid = models.UUIDField(db_index=True)  # plain: deleting it from the vault never breaks a dossier
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=80)
    title = models.CharField(max_length=300)
    issued_on = models.DateField()
    chosen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(sha256__regex=SHA256_PATTERN), name="reused_paper_hash_shape"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(kind=""), name="reused_paper_named"),
        ]

    def __str__(self) -> str:
        return str(self.vault_paper_uuid)
