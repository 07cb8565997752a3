"""Tables of dossiers: what is being typed."""

from __future__ import annotations

import uuid as uuid_module
from typing import ClassVar

from django.db import models
from django.db.models import Q

from motcua.dossiers.models.words import PARTY_KINDS, RESULT_CHANNELS
from motcua.dossiers.types import CHANNELS


class Draft(models.Model):
    """What a person has typed so far. It belongs to a signed cookie until somebody signs in and adopts it."""

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    procedure_version = models.ForeignKey("procedures.ProcedureVersion", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey("identity.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    resume_secret_hash = models.CharField(max_length=64, db_index=True)
    data = models.JSONField(default=dict)
    applicant_kind = models.CharField(max_length=12, blank=True, default="")
    applicant_id = models.BigIntegerField(null=True)
    result_channel = models.CharField(max_length=8, default="online")
    page_key = models.CharField(max_length=100, blank=True, default="")
    pages_done = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=1)
    page_marks = models.JSONField(default=dict)  # page key -> [revision of its last save, the window that saved it]
    facts = models.JSONField(default=dict)  # field key -> the fact that a register answered, and what was said to it
    fact_asks = models.PositiveSmallIntegerField(default=0)  # how often a typed number was looked up: there is a limit
    spared = models.JSONField(default=dict)  # papers that need not be handed in, for whom and since when that is known
    client_key = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    channel = models.CharField(max_length=8, default="online")
    reception_agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    deleted_at = models.DateTimeField(null=True)
    submitted_case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="draft_channel_known"),
            models.CheckConstraint(condition=Q(result_channel__in=RESULT_CHANNELS), name="draft_result_channel_known"),
            models.CheckConstraint(
                condition=Q(applicant_kind="", applicant_id__isnull=True)
                | Q(applicant_kind__in=PARTY_KINDS, applicant_id__isnull=False),
                name="draft_applicant_whole",
            ),
            models.CheckConstraint(
                condition=Q(channel="online") | Q(reception_agency__isnull=False, owner__isnull=False),
                name="draft_counter_has_office",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("created_at")), name="draft_expires_later"),
        ]
        indexes: ClassVar = [models.Index(fields=["owner", "-updated_at"], name="draft_owner_newest")]

    def __str__(self) -> str:
        return str(self.uuid)


class DraftFile(models.Model):
    """A file laid beside a field of a draft; stored the moment it is chosen."""

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    field_key = models.CharField(max_length=200)
    paper_code = models.CharField(max_length=200, blank=True, default="")
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "field_key", "file"], name="draft_file_once_per_field"),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return str(self.uuid)
