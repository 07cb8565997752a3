"""Tables of money: receipts in their series, and how they are cancelled or replaced."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from motcua.payments.models.ledger import Charge


class ReceiptSeries(models.Model):
    """A series of receipts of one agency and year: the next number, taken under a lock, so that none is missing.

    Source: Decree 123/2020/NĐ-CP, Art. 32 (form sign, series, number of at most 7 digits); mark: likely.
    """

    agency_code = models.CharField(max_length=80)
    form_sign = models.CharField(max_length=20)
    series = models.CharField(max_length=10)
    next_no = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency_code", "form_sign", "series"], name="receipt_series_once"),
            models.CheckConstraint(condition=Q(next_no__gte=1, next_no__lte=10**7), name="receipt_no_seven_digits"),
        ]

    def __str__(self) -> str:
        return f"{self.form_sign} {self.series}"


class Receipt(models.Model):
    """One receipt: what was taken, or that zero đồng was due; never changed, cancelled or replaced with a trace."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    series = models.ForeignKey(ReceiptSeries, models.PROTECT, related_name="+")
    no = models.PositiveIntegerField()
    charge = models.ForeignKey(Charge, models.PROTECT, related_name="+")
    entry_reference = models.CharField(max_length=160)  # the ledger entry it proves; "waived:…" for zero đồng
    lookup_code = models.CharField(max_length=24, unique=True)
    amount_vnd = models.BigIntegerField()
    payload = models.JSONField()  # all that is printed
    issued_at = models.DateTimeField()
    pdf_file = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+", null=True)
    xml_file = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+", null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_reason = models.CharField(max_length=500, blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "no"], name="receipt_no_once"),
            models.UniqueConstraint(
                fields=["entry_reference"], condition=Q(cancelled_at__isnull=True), name="receipt_one_valid"
            ),
            models.CheckConstraint(condition=Q(amount_vnd__gte=0), name="receipt_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_reason="")
                | (Q(cancelled_at__isnull=False) & ~Q(cancelled_reason="")),
                name="receipt_cancelled_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series_id}/{self.no:07d}"


class ReceiptChange(models.Model):
    """A receipt to cancel or replace: asked by one, agreed by another, with the reason."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)  # cancel | replace
    reason = models.CharField(max_length=500)
    payer_name = models.CharField(max_length=500, blank=True, default="")
    payer_code = models.CharField(max_length=40, blank=True, default="")
    asked_by = models.CharField(max_length=120)
    asked_by_name = models.CharField(max_length=200, blank=True, default="")
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=120, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    is_agreed = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["receipt"], condition=Q(decided_at__isnull=True), name="receipt_change_one_open"
            ),
            models.CheckConstraint(condition=Q(kind__in=["cancel", "replace"]), name="receipt_change_kind_known"),
            models.CheckConstraint(
                condition=Q(decided_by="") | ~Q(decided_by=F("asked_by")), name="receipt_change_by_two_people"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="receipt_change_with_reason"),
            models.CheckConstraint(
                condition=Q(kind="cancel") | ~Q(payer_name=""), name="receipt_change_names_the_payer"
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, is_agreed__isnull=True, decided_by="")
                | (Q(decided_at__isnull=False, is_agreed__isnull=False) & ~Q(decided_by="")),
                name="receipt_change_decided_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.receipt_id}"
