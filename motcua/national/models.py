"""Tables of national: messages told, packages taken in, packages sent on, reports of a day."""

from __future__ import annotations

import uuid as uuid_module
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from motcua.national.types import INTAKE_STATES, OUTCOMES

SHA256_PATTERN = r"^[0-9a-f]{64}$"
ONWARD_KINDS = ("dossier", "result")


class StatusMessage(models.Model):
    """One state told to the national portal. Of one dossier (`thread`) they go out one after the other, by `seq`."""

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    thread = models.UUIDField()  # of the case; of the package when it never became one
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="+")
    dossier_no = models.CharField(max_length=80, blank=True)
    national_code = models.CharField(max_length=80, blank=True)
    seq = models.PositiveIntegerField()
    position = models.PositiveIntegerField(null=True)  # in the dossier's history; none for what is told again
    state = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True, default="")
    happened_at = models.DateTimeField()
    created_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    last_error = models.CharField(max_length=200, blank=True, default="")
    outcome = models.CharField(max_length=8, default="waiting")
    acked_at = models.DateTimeField(null=True)
    ack_code = models.CharField(max_length=20, blank=True, default="")
    ack_text = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["thread", "seq"], name="status_seq_once"),
            models.UniqueConstraint(fields=["thread", "position"], name="status_position_once"),
            models.CheckConstraint(condition=Q(state__gte=1, state__lte=10), name="status_state_known"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="status_seq_from_one"),
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="status_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome="waiting", acked_at__isnull=True)
                | (~Q(outcome="waiting") & Q(acked_at__isnull=False)),
                name="status_settled_iff_acked",
            ),
            models.CheckConstraint(condition=~Q(dossier_no="", national_code=""), name="status_has_code"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_try_at", "id"], condition=Q(outcome="waiting"), name="status_to_send"),
            models.Index(fields=["thread"], condition=Q(outcome="waiting"), name="status_thread_waiting"),
            models.Index(fields=["happened_at"], name="status_of_day"),
            models.Index(fields=["dossier_no"], name="status_by_dossier"),
            models.Index(fields=["national_code"], condition=~Q(national_code=""), name="status_by_national"),
            models.Index(fields=["-acked_at"], condition=Q(outcome="refused"), name="status_refused"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_no or self.national_code} {self.seq}"


class Intake(models.Model):
    """A signed package of another front door, kept whole as it came; nothing of it is lost, whatever is decided."""

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    source = models.CharField(max_length=200)
    national_code = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    package = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, related_name="+")
    procedure_code = models.CharField(max_length=40, blank=True, default="")
    applicant_name = models.CharField(max_length=500, blank=True, default="")
    search_folded = models.TextField(blank=True, default="")
    agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, null=True, related_name="+")
    filed_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=8, default="new")
    reasons = models.JSONField(default=list)
    decisions = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True, default="")
    decided_by_name = models.CharField(max_length=200, blank=True, default="")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "national_code", "sha256"], name="intake_same_once"),
            models.UniqueConstraint(
                fields=["source", "national_code"], condition=Q(state="taken"), name="intake_taken_once"
            ),
            models.CheckConstraint(condition=Q(state__in=INTAKE_STATES), name="intake_state_known"),
            models.CheckConstraint(condition=Q(sha256__regex=SHA256_PATTERN), name="intake_hash_shape"),
            models.CheckConstraint(
                condition=(Q(state="taken") & Q(case__isnull=False)) | (~Q(state="taken") & Q(case__isnull=True)),
                name="intake_taken_iff_case",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(note=""), name="intake_refused_says_why"),
            models.CheckConstraint(condition=~Q(state="waiting", reasons=[]), name="intake_waits_for_reason"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "-received_at"], name="intake_queue"),
            models.Index(fields=["agency", "state", "-received_at"], name="intake_queue_agency"),
            models.Index(fields=["national_code"], name="intake_by_code"),
        ]

    def __str__(self) -> str:
        return self.national_code


class IntakeFile(models.Model):
    """A file of a package, stored when the package came."""

    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="files")
    number = models.PositiveSmallIntegerField()
    paper = models.CharField(max_length=200)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    refusal = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["intake", "number"], name="intake_file_once"),
            models.CheckConstraint(
                condition=Q(file__isnull=False, refusal="") | (Q(file__isnull=True) & ~Q(refusal="")),
                name="intake_file_or_refusal",
            ),
        ]
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return self.name


class FieldName(models.Model):
    """What another front door calls a question of ours, as an official once said."""

    procedure_code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    form_key = models.CharField(max_length=200)
    decided_by_name = models.CharField(max_length=200)
    decided_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["procedure_code", "name"], name="field_name_once"),
            models.CheckConstraint(condition=~Q(form_key=""), name="field_name_means_something"),
        ]

    def __str__(self) -> str:
        return f"{self.name} = {self.form_key}"


class Onward(models.Model):
    """A dossier or a result sent on, exactly as it was signed."""

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    dossier_no = models.CharField(max_length=80)
    kind = models.CharField(max_length=8)
    target = models.CharField(max_length=80)
    package = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    signature = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()
    created_by_name = models.CharField(max_length=200)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    last_error = models.CharField(max_length=200, blank=True, default="")
    outcome = models.CharField(max_length=8, default="waiting")
    acked_at = models.DateTimeField(null=True)
    ack_text = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "kind", "target"], name="onward_once"),
            models.CheckConstraint(condition=Q(kind__in=ONWARD_KINDS), name="onward_kind_known"),
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="onward_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome="waiting", acked_at__isnull=True)
                | (~Q(outcome="waiting") & Q(acked_at__isnull=False)),
                name="onward_settled_iff_acked",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_try_at", "id"], condition=Q(outcome="waiting"), name="onward_to_send"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_no} {self.kind} {self.target}"


class DayComparison(models.Model):
    """The newest comparison of the two sides for one day."""

    on = models.DateField(unique=True)
    made_at = models.DateTimeField()
    matched = models.PositiveIntegerField()
    differences = models.JSONField(default=list)
    unexplained = models.PositiveIntegerField(default=0)
    open = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(unexplained__lte=F("open")), name="comparison_counts_fit"),
        ]

    def __str__(self) -> str:
        return self.on.isoformat()
