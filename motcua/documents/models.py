"""The tables of stored files and of signed papers; the bytes lie in the blob store under their SHA-256."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class StoredFile(models.Model):
    """One file that somebody gave or the city made. Two rows may share one blob."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    filename = models.CharField(max_length=180)
    purpose = models.CharField(max_length=60)
    scan_state = models.CharField(max_length=8)
    scanned_at = models.DateTimeField(null=True)
    threat = models.CharField(max_length=200, default="", blank=True)
    owner_user_id = models.BigIntegerField(null=True)  # a plain id: deleting an account never breaks a dossier
    stored_by = models.CharField(max_length=100, default="", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="file_sha256_hex", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="file_not_empty", condition=Q(size_bytes__gt=0)),
            models.CheckConstraint(name="file_named", condition=~Q(filename="") & ~Q(media_type="") & ~Q(purpose="")),
            models.CheckConstraint(
                name="file_scan_state",
                condition=Q(scan_state="pending", scanned_at=None, threat="")
                | Q(scan_state="clean", scanned_at__isnull=False, threat="")
                | Q(scan_state="infected", scanned_at__isnull=False) & ~Q(threat=""),
            ),
        ]
        indexes = [
            models.Index(name="file_sha256", fields=["sha256"]),
            models.Index(name="file_pending", fields=["id"], condition=Q(scan_state="pending")),
        ]

    def __str__(self) -> str:
        return self.filename


class SignedRevision(models.Model):
    """One state of a signed paper that is not at rest: it waits for what was missing, or for its next time-stamp."""

    sha256 = models.CharField(max_length=64, unique=True)
    origin_sha256 = models.CharField(max_length=64)  # of the paper as it was first signed
    wanted = models.CharField(max_length=5)
    level = models.CharField(max_length=5)
    next_try_at = models.DateTimeField(null=True)  # null: a later revision took over
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=300, default="", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="signed_sha256_hex",
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$") & Q(origin_sha256__regex=r"^[0-9a-f]{64}$"),
            ),
            models.CheckConstraint(
                name="signed_level",
                condition=Q(wanted__in=["B-B", "B-T", "B-LT", "B-LTA"]) & Q(level__in=["B-B", "B-T", "B-LT", "B-LTA"]),
            ),
        ]
        indexes = [
            models.Index(name="signed_due", fields=["next_try_at"], condition=Q(next_try_at__isnull=False)),
            models.Index(name="signed_origin", fields=["origin_sha256"]),
        ]

    def __str__(self) -> str:
        return f"{self.sha256[:12]} {self.level}"
