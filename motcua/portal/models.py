"""How often one address has asked lately."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class AskerBucket(models.Model):
    """A bucket that leaks: what one address has asked and not yet waited for.

    `key` is a keyed hash of the address: nobody can read from the table who looked at what.
    """

    key = models.CharField(max_length=64, primary_key=True)
    level = models.FloatField()
    updated_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.CheckConstraint(name="portal_bucket_level", condition=Q(level__gte=0))]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.level:.1f}"
