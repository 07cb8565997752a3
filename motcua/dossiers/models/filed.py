"""Tables of dossiers: what was filed and what it is made of."""

from __future__ import annotations

import uuid as uuid_module
from typing import ClassVar

from django.db import models
from django.db.models import Q

from motcua.dossiers.models.words import PARTY_KINDS, RESULT_CHANNELS, SHA256_PATTERN
from motcua.dossiers.types import CHANNELS


class NumberSeries(models.Model):
    """The last number given out: dossiers by agency and day, slips by agency, kind and year."""

    agency_code = models.CharField(max_length=35)
    series = models.CharField(max_length=16)
    period = models.CharField(max_length=8)
    last_no = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency_code", "series", "period"], name="number_series_one_row"),
            models.CheckConstraint(condition=Q(last_no__gte=1), name="number_series_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.agency_code} {self.series} {self.period}"


class Dossier(models.Model):
    """What was filed, frozen: the form, the fee and the applicant as they were at that moment."""

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="+")
    dossier_no = models.CharField(max_length=60, unique=True)
    procedure_version = models.ForeignKey("procedures.ProcedureVersion", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, related_name="+")
    reception_agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8)
    result_channel = models.CharField(max_length=8)
    applicant_kind = models.CharField(max_length=12)
    applicant_id = models.BigIntegerField()
    applicant = models.JSONField()
    submitted_by = models.ForeignKey("identity.User", on_delete=models.PROTECT, null=True, related_name="+")
    submitter = models.JSONField(default=dict)
    form_data = models.JSONField()
    form_sha256 = models.CharField(max_length=64)
    fee_vnd = models.PositiveBigIntegerField(null=True)
    fee_reason = models.TextField(blank=True, default="")
    fee_lines = models.JSONField(default=dict)  # frozen: each fee, its article, what was waived, by what proof
    received_at = models.DateTimeField()
    client_key = models.UUIDField(unique=True)
    revision = models.PositiveIntegerField(default=1)
    delivered_at = models.DateTimeField(null=True)
    delivered_to = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="dossier_channel_known"),
            models.CheckConstraint(
                condition=Q(result_channel__in=RESULT_CHANNELS), name="dossier_result_channel_known"
            ),
            models.CheckConstraint(condition=Q(applicant_kind__in=PARTY_KINDS), name="dossier_applicant_known"),
            models.CheckConstraint(condition=Q(form_sha256__regex=SHA256_PATTERN), name="dossier_form_hash_shape"),
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True) | Q(delivered_at__gte=models.F("received_at")),
                name="dossier_delivered_after_received",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["applicant_kind", "applicant_id", "-received_at"], name="dossier_of_applicant"),
            models.Index(fields=["submitted_by", "-received_at"], name="dossier_of_submitter"),
            models.Index(fields=["reception_agency", "received_at", "id"], name="dossier_register_book"),
        ]

    def __str__(self) -> str:
        return self.dossier_no


class LinkedRegistration(models.Model):
    """A registration settled in the same filing (thủ tục liên thông), as the procedure's version named it then.

    The dossier is counted once; each of these stands in the figures of its own procedure as part of it.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="linked_registrations")
    procedure_code = models.CharField(max_length=32)
    name = models.TextField()
    agency_name = models.TextField(blank=True, default="")
    share_workdays = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dossier", "procedure_code"], name="linked_each_once"),
            models.CheckConstraint(condition=~Q(name=""), name="linked_has_name"),
            models.CheckConstraint(
                condition=Q(share_workdays__isnull=True) | Q(share_workdays__gt=0), name="linked_share_positive"
            ),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name


class Paper(models.Model):
    """One paper of a dossier. A paper replaced by the supplement stays, marked, and is never overwritten."""

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="papers")
    field_key = models.CharField(max_length=200)
    code = models.CharField(max_length=200, blank=True, default="")
    name = models.TextField()
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=12)
    added_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(source__in=("upload", "counter", "supplement")), name="paper_source_known"
            ),
            models.UniqueConstraint(fields=["dossier", "field_key", "file", "added_at"], name="paper_file_once"),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name


class Slip(models.Model):
    """A statutory slip that was issued: 1 receipt, 2 supplement, 3 refusal, 4 apology, 5 stop. Each at most once.

    The control slip (6) and the register book (7) are drawn from the trace on request and never stored.
    """

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="slips")
    kind = models.PositiveSmallIntegerField()
    no = models.CharField(max_length=80)
    data = models.JSONField()
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("identity.User", on_delete=models.PROTECT, null=True, related_name="+")
    issued_by_name = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__gte=1, kind__lte=5), name="slip_kind_known"),
            models.UniqueConstraint(fields=["dossier", "kind"], name="slip_each_kind_once"),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.no


class SupplementRequest(models.Model):
    """The one request to complete a dossier, with what the applicant has prepared and what he answered.

    Source: Decree 118/2025/NĐ-CP, Art. 11(2); in force 2025-07-01.
    """

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="supplement")
    field_keys = models.JSONField(default=list)
    paper_keys = models.JSONField(default=list)
    reason = models.TextField()
    requested_at = models.DateTimeField()
    requested_by_name = models.CharField(max_length=200)
    due_at = models.DateTimeField()
    answer = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)
    answered_at = models.DateTimeField(null=True)
    changes = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(due_at__gt=models.F("requested_at")), name="supplement_due_later"),
            models.CheckConstraint(condition=~Q(reason=""), name="supplement_has_reason"),
            models.CheckConstraint(condition=~Q(field_keys=[], paper_keys=[]), name="supplement_names_something"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__gte=models.F("requested_at")),
                name="supplement_answered_after",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class SupplementFile(models.Model):
    """A file prepared for the answer to the supplement request."""

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    request = models.ForeignKey(SupplementRequest, on_delete=models.CASCADE, related_name="files")
    field_key = models.CharField(max_length=200)
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "field_key", "file"], name="supplement_file_once_per_field"),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return str(self.uuid)
