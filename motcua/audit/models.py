"""The log: entries written freely, links laid by one sequencer. Triggers refuse every change (migration 0001)."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class AuditEntry(models.Model):
    """One reading of personal data or one decision. Plain ids: a trail never blocks a deletion.

    Personal values (`actor_name`, `details`) enter the chain only by `private_digest`, salted, so that a lawful
    erasure of the values would leave the chain whole.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=8)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    actor_kind = models.CharField(max_length=8)
    actor_id = models.CharField(max_length=64)
    actor_name = models.CharField(max_length=200)
    on_behalf_of = models.CharField(max_length=64, blank=True)
    agency_code = models.CharField(max_length=35, blank=True)
    subject = models.CharField(max_length=120)
    what = models.CharField(max_length=120)
    purpose = models.CharField(max_length=200, blank=True)
    legal_ground = models.CharField(max_length=200, blank=True)
    details = models.JSONField(default=dict)
    salt = models.BinaryField(max_length=16)
    private_digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(name="audit_entry_kind", condition=Q(kind__in=["read", "decision"])),
            models.CheckConstraint(
                name="audit_entry_actor", condition=Q(actor_kind__in=["resident", "official", "system"])
            ),
            models.CheckConstraint(
                name="audit_read_has_purpose",
                condition=~Q(kind="read") | (~Q(purpose="") & ~Q(legal_ground="")),
            ),
            models.CheckConstraint(name="audit_entry_named", condition=~Q(subject="") & ~Q(what="") & ~Q(actor_id="")),
        ]
        indexes = [
            models.Index(name="audit_entry_subject", fields=["subject", "-at"]),
            models.Index(name="audit_read_of_subject", fields=["subject", "-at", "-id"], condition=Q(kind="read")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"


class AuditPending(models.Model):
    """An entry that waits for its link; a trigger puts it here when the entry is written."""

    entry = models.OneToOneField("audit.AuditEntry", primary_key=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.pk)


class AuditLink(models.Model):
    """The place of one entry in the chain. `prev_hash` is unique: the chain cannot fork."""

    seq = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField("audit.AuditEntry", on_delete=models.PROTECT, related_name="+")
    prev_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)
    chained_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="audit_link_seq", condition=Q(seq__gte=1))]

    def __str__(self) -> str:
        return f"{self.seq} {self.hash}"


class AuditCheckpoint(models.Model):
    """How long the chain was when a batch of links was laid: a chain cut behind it no longer reaches its length."""

    seq = models.BigIntegerField(primary_key=True)
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="audit_checkpoint_seq", condition=Q(seq__gte=1))]

    def __str__(self) -> str:
        return f"{self.seq} {self.hash}"


class ReadingDelay(models.Model):
    """A decision that keeps one reader's readings of one person out of that person's sight until a day.

    The entries themselves stay as they are. Only the lifting is ever set, once (trigger); nothing is deleted.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    decision_no = models.CharField(max_length=80)
    decided_on = models.DateField()
    authority = models.CharField(max_length=200)
    party = models.CharField(max_length=120)  # 'person:<uuid>' or 'organisation:<uuid>'
    reader = models.CharField(max_length=64)  # the agency's code, or the name of a member of the exchange
    reads_from = models.DateTimeField()
    until_at = models.DateTimeField()
    noted_at = models.DateTimeField()
    noted_by_id = models.CharField(max_length=64)
    noted_by_name = models.CharField(max_length=200)
    lifted_at = models.DateTimeField(null=True)
    lifted_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="audit_delay_ends_later", condition=Q(until_at__gt=F("noted_at"))),
            models.CheckConstraint(
                name="audit_delay_at_most_a_year", condition=Q(until_at__lte=F("noted_at") + timedelta(days=366))
            ),
            models.CheckConstraint(name="audit_delay_from_before_end", condition=Q(reads_from__lt=F("until_at"))),
            models.CheckConstraint(
                name="audit_delay_named",
                condition=~Q(decision_no="") & ~Q(authority="") & ~Q(party="") & ~Q(reader="") & ~Q(noted_by_id=""),
            ),
            models.CheckConstraint(
                name="audit_delay_lifted_by_somebody",
                condition=Q(lifted_at__isnull=True, lifted_by_name="")
                | (Q(lifted_at__isnull=False, lifted_at__gte=F("noted_at")) & ~Q(lifted_by_name="")),
            ),
            models.UniqueConstraint(name="audit_delay_once", fields=["decision_no", "party", "reader"]),
        ]
        indexes = [models.Index(name="audit_delay_of_party", fields=["party"])]

    def __str__(self) -> str:
        return self.decision_no
