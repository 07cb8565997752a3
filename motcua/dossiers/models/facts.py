"""Tables of dossiers: facts from registers as they were shown, and corrections asked of their owners."""

from __future__ import annotations

import uuid as uuid_module
from typing import ClassVar

from django.db import models
from django.db.models import Q

from motcua.dossiers.models.filed import Dossier
from motcua.dossiers.models.words import SHA256_PATTERN


class Correction(models.Model):
    """A person says that a register is wrong: one case in the inbox of the register's owner."""

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="+")
    register = models.CharField(max_length=60)
    register_name = models.CharField(max_length=200)
    record_uuid = models.UUIDField()
    field = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    shown_value = models.JSONField(null=True)
    claimed_value = models.JSONField()
    reason = models.TextField()
    person_id = models.BigIntegerField()  # whose words these are
    dossier_no = models.CharField(max_length=60, blank=True, default="")
    asked_at = models.DateTimeField()
    decision = models.CharField(max_length=8, blank=True, default="")
    corrected_value = models.JSONField(null=True)
    note = models.TextField(blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=200, blank=True, default="")
    held_by = models.CharField(max_length=200, blank=True, default="")  # when the record does not lie in our register

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decision__in=("", "accepted", "refused")), name="correction_decision_known"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True) | (~Q(decision="") & Q(decided_at__isnull=False)),
                name="correction_decided_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(decision="refused", note=""), name="correction_refused_with_reason"),
            models.CheckConstraint(condition=~Q(reason=""), name="correction_asked_with_reason"),
            models.UniqueConstraint(
                fields=["record_uuid", "field", "person_id"],
                condition=Q(decision=""),
                name="correction_asked_once_at_a_time",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person_id", "-asked_at"], name="correction_of_person")]

    def __str__(self) -> str:
        return f"{self.register}.{self.field}"


class DossierFact(models.Model):
    """One answer that a register gave, frozen as the applicant saw it (trigger), and what became of it later.

    `confirmed`: the applicant agreed; `disputed`: he says otherwise (`typed_value`, `reason`); `awaited`: the register
    was down, `typed_value` is what he typed meanwhile, if anything. `settled_*`: what the owner or the register said.
    """

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="facts")
    field_key = models.CharField(max_length=200)
    fact = models.CharField(max_length=200)
    label = models.CharField(max_length=300)
    register = models.CharField(max_length=60)
    register_name = models.CharField(max_length=200)
    record_field = models.CharField(max_length=60)
    asked = models.JSONField(default=dict)  # subjects and proofs: how to ask again
    state = models.CharField(max_length=10)
    shown_value = models.JSONField(null=True)
    record_uuid = models.UUIDField(null=True)
    source = models.CharField(max_length=200, blank=True, default="")
    as_of = models.DateTimeField(null=True)
    known_at = models.DateTimeField(null=True)
    held_by = models.CharField(max_length=200, blank=True, default="")  # who answered when it was not our own register
    sha256 = models.CharField(max_length=64, blank=True, default="")
    typed_value = models.JSONField(null=True)
    reason = models.TextField(blank=True, default="")
    correction = models.ForeignKey(Correction, on_delete=models.PROTECT, null=True, related_name="facts")
    settled_state = models.CharField(max_length=10, blank=True, default="")
    settled_value = models.JSONField(null=True)
    settled_source = models.CharField(max_length=200, blank=True, default="")
    settled_known_at = models.DateTimeField(null=True)
    settled_sha256 = models.CharField(max_length=64, blank=True, default="")
    settled_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dossier", "field_key"], name="dossier_fact_one_per_answer"),
            models.CheckConstraint(
                condition=Q(state__in=("confirmed", "disputed", "awaited")), name="dossier_fact_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="awaited", sha256="", record_uuid__isnull=True, shown_value__isnull=True)
                | (
                    Q(state__in=("confirmed", "disputed"))
                    & Q(sha256__regex=SHA256_PATTERN, record_uuid__isnull=False, known_at__isnull=False)
                ),
                name="dossier_fact_shown_whole",
            ),
            models.CheckConstraint(condition=~Q(state="disputed", reason=""), name="dossier_fact_disputed_with_reason"),
            models.CheckConstraint(
                condition=Q(settled_state__in=("", "found", "none", "corrected", "upheld")),
                name="dossier_fact_settled_known",
            ),
            models.CheckConstraint(
                condition=Q(settled_state="", settled_at__isnull=True)
                | (~Q(settled_state="") & Q(settled_at__isnull=False)),
                name="dossier_fact_settled_at_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state="awaited", settled_state=""),
                name="dossier_fact_to_fetch",
            ),
            models.Index(fields=["record_uuid", "record_field"], name="dossier_fact_of_record"),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.fact
