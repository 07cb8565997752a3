"""Tables of money: what the bank and the gateway say, and how differences were explained."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q


class Statement(models.Model):
    """A bank statement or a gateway's report as it was read; the same file twice is one."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.CharField(max_length=12)  # bank | gateway
    agency_code = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(source__in=["bank", "gateway"]), name="statement_source_known")
        ]

    def __str__(self) -> str:
        return self.name


class StatementRow(models.Model):
    """One movement in a statement."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="+")
    source = models.CharField(max_length=12)
    kind = models.CharField(max_length=16, default="money")  # money | charged_back | refunded | settlement | fee
    external_id = models.CharField(max_length=160)
    amount_vnd = models.BigIntegerField()
    on = models.DateField(db_index=True)
    reference = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id", "kind"], condition=Q(amount_vnd__gt=0), name="statement_row_in_once"
            ),
            models.UniqueConstraint(  # a bank takes money back under the name by which it came
                fields=["source", "external_id", "kind"], condition=Q(amount_vnd__lt=0), name="statement_row_out_once"
            ),
            models.CheckConstraint(condition=~Q(amount_vnd=0), name="statement_row_not_zero"),
        ]

    def __str__(self) -> str:
        return self.external_id


class Resolution(models.Model):
    """The named act by which somebody explained a difference of a day; above a limit another agreed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    on = models.DateField()
    kind = models.CharField(max_length=20)  # of the difference
    reference = models.CharField(max_length=160)
    external_id = models.CharField(max_length=160, blank=True, default="")
    act = models.CharField(max_length=20)
    amount_vnd = models.BigIntegerField()  # what moves; zero for an act without money
    reason = models.CharField(max_length=500)
    asked_by = models.CharField(max_length=120)
    asked_by_name = models.CharField(max_length=200, blank=True, default="")
    asked_at = models.DateTimeField()
    needs_second = models.BooleanField()
    approved_by = models.CharField(max_length=120, blank=True, default="")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["on", "kind", "reference"], name="resolution_once"),
            models.CheckConstraint(condition=Q(amount_vnd__gte=0), name="resolution_amount_not_negative"),
            models.CheckConstraint(condition=~Q(reason=""), name="resolution_with_reason"),
            models.CheckConstraint(
                condition=Q(needs_second=False) | Q(approved_by="") | ~Q(approved_by=F("asked_by")),
                name="resolution_by_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.kind} {self.reference}"
