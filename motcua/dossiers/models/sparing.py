"""Tables of dossiers: papers that nobody was asked for."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from motcua.dossiers.models.filed import Dossier


class SparedPaper(models.Model):
    """A paper of a dossier that was not asked for, with what proves it. Never changed: what was relied on stays."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="spared")
    code = models.CharField(max_length=200)
    name = models.TextField()
    by = models.CharField(max_length=10)
    says = models.TextField()
    dated_on = models.DateField(null=True)
    reference = models.JSONField()
    solved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dossier", "code"], name="spared_paper_once"),
            models.CheckConstraint(
                condition=Q(by__in=("register", "vault", "result")), name="spared_paper_source_known"
            ),
            models.CheckConstraint(condition=~Q(code="") & ~Q(says="") & ~Q(reference={}), name="spared_paper_proven"),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.says
