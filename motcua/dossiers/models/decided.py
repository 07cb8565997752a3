"""Tables of dossiers: what was proposed, approved and issued."""

from __future__ import annotations

import uuid as uuid_module
from typing import ClassVar

from django.db import models
from django.db.models import Q

from motcua.dossiers.models.filed import Dossier
from motcua.dossiers.models.words import SHA256_PATTERN


class Appraisal(models.Model):
    """What the specialist proposed. The newest of a dossier is the one that the draft result is made from."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="appraisals")
    task_uuid = models.UUIDField(unique=True)
    decision = models.CharField(max_length=8)
    note = models.TextField(blank=True, default="")
    result_fields = models.JSONField(default=dict)
    official = models.ForeignKey("identity.User", on_delete=models.PROTECT, related_name="+")
    official_name = models.CharField(max_length=200)
    decided_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(decision__in=("approved", "rejected")), name="appraisal_decision_known"),
            models.CheckConstraint(condition=Q(decision="approved") | ~Q(note=""), name="appraisal_reject_has_reason"),
        ]
        ordering: ClassVar = ["-decided_at", "-id"]

    def __str__(self) -> str:
        return f"{self.decision} {self.decided_at:%Y-%m-%d}"


class DraftResult(models.Model):
    """The unsigned result laid before the leader. His approval binds the hash of exactly what was shown."""

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="draft_results")
    appraisal = models.OneToOneField(Appraisal, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=8)
    result_no = models.CharField(max_length=80)
    verification_code = models.CharField(max_length=40, unique=True)
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    signing_place = models.JSONField(null=True)  # {"page", "box"}: where the hand and the seal show
    approved_sha256 = models.CharField(max_length=64, blank=True, default="")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey("identity.User", on_delete=models.PROTECT, null=True, related_name="+")
    approved_by_name = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(sha256__regex=SHA256_PATTERN), name="draft_result_hash_shape"),
            models.CheckConstraint(
                condition=Q(decision__in=("approved", "rejected")), name="draft_result_decision_known"
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True, approved_sha256="")
                | Q(approved_at__isnull=False, approved_by__isnull=False, approved_sha256=models.F("sha256")),
                name="draft_result_approval_binds_hash",
            ),
        ]
        ordering: ClassVar = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.result_no


class Result(models.Model):
    """The signed result, verifiable by anyone by its code or by the file itself."""

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="result")
    draft = models.OneToOneField(DraftResult, on_delete=models.PROTECT, related_name="+")
    no = models.CharField(max_length=80)
    decision = models.CharField(max_length=8)
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, related_name="+")
    verification_code = models.CharField(max_length=40, unique=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    signed_by_name = models.CharField(max_length=200)
    issued_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(sha256__regex=SHA256_PATTERN), name="result_hash_shape"),
            models.CheckConstraint(condition=Q(decision__in=("approved", "rejected")), name="result_decision_known"),
        ]

    def __str__(self) -> str:
        return self.no
