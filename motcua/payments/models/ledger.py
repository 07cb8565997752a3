"""Tables of money: what is owed and the double-entry ledger."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from motcua.payments.types import AccountKind, EntryKind


class Account(models.Model):
    """A place where money of one agency stands."""

    agency_code = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency_code", "kind"], name="account_once"),
            models.CheckConstraint(condition=Q(kind__in=sorted(AccountKind)), name="account_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.agency_code} {self.kind}"


class Charge(models.Model):
    """What one case owes: frozen lines; how it stands is read from the ledger."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case_uuid = models.UUIDField()
    case_code = models.CharField(max_length=80, db_index=True)
    purpose = models.CharField(max_length=40)  # "filing"; a case may owe more than once
    agency_code = models.CharField(max_length=80)
    payer_name = models.CharField(max_length=500)
    payer_code = models.CharField(max_length=40, blank=True)
    payer_kind = models.CharField(max_length=20, blank=True)
    payer_id = models.BigIntegerField(null=True)
    lines = models.JSONField()
    gross_vnd = models.BigIntegerField()
    waived_vnd = models.BigIntegerField()
    raised_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_uuid", "purpose"], name="charge_once_a_purpose"),
            models.CheckConstraint(
                condition=Q(gross_vnd__gte=0, waived_vnd__gte=0, waived_vnd__lte=F("gross_vnd")),
                name="charge_amounts_sane",
            ),
        ]
        indexes = [models.Index(fields=["payer_kind", "payer_id"], name="charge_by_payer")]

    def __str__(self) -> str:
        return f"{self.case_code} {self.purpose}"


class Entry(models.Model):
    """One event in the ledger. Each posting takes from one account and gives to another: balanced by its shape."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=24)
    reference = models.CharField(max_length=160, unique=True)  # what makes the event this one: told twice, written once
    charge = models.ForeignKey(Charge, models.PROTECT, related_name="+", null=True)
    debit = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    credit = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    amount_vnd = models.BigIntegerField()
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)
    actor = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_vnd__gt=0), name="entry_amount_above_zero"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="entry_moves_between_two"),
            models.CheckConstraint(condition=Q(kind__in=sorted(EntryKind)), name="entry_kind_known"),
        ]
        indexes = [models.Index(fields=["happened_at"], name="entry_by_moment")]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"
