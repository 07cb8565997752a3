"""Tables of dossiers: drafts, what was filed, slips, results. What must always hold is a constraint here."""

from __future__ import annotations

import uuid as uuid_module
from typing import ClassVar

from django.db import models
from django.db.models import Q

from motcua.dossiers.types import CHANNELS

SHA256_PATTERN = r"^[0-9a-f]{64}$"
PARTY_KINDS = ("person", "organisation")
RESULT_CHANNELS = ("online", "counter", "post")


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
