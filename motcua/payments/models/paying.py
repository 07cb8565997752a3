"""Tables of money: how money comes in and goes back: payments, what others told of them, tills, refunds."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from motcua.payments.models.ledger import Charge, Entry
from motcua.payments.types import WAYS


class Payment(models.Model):
    """One attempt to pay a charge. Where it stands is folded from its events."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    charge = models.ForeignKey(Charge, models.PROTECT, related_name="+")
    way = models.CharField(max_length=12)
    reference = models.CharField(max_length=25, unique=True)  # what the other side shows: bill number, vnp_TxnRef
    amount_vnd = models.BigIntegerField()
    key = models.CharField(max_length=80)  # the client's: pressed twice, begun once
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)  # when the other side was last asked
    helper_name = models.CharField(max_length=200, blank=True, default="")  # who pays in the payer's place
    helper_role = models.CharField(max_length=100, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["charge", "key"], name="payment_begun_once"),
            models.CheckConstraint(condition=Q(amount_vnd__gt=0), name="payment_amount_above_zero"),
            models.CheckConstraint(condition=Q(way__in=WAYS), name="payment_way_known"),
        ]

    def __str__(self) -> str:
        return self.reference


class PaymentTold(models.Model):
    """What the other side told of a payment, kept as it came; append-only."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    external_id = models.CharField(max_length=160)
    amount_vnd = models.BigIntegerField()
    happened_at = models.DateTimeField()
    told_at = models.DateTimeField()
    told_by = models.CharField(max_length=20)  # callback | question | statement | till
    raw = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["external_id", "kind"], name="told_counts_once"),
            models.CheckConstraint(condition=Q(amount_vnd__gte=0), name="told_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(kind__in=["paid", "failed", "expired", "charged_back", "refunded"]), name="told_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"


class CallbackRefusal(models.Model):
    """A message from outside that was not believed: kept, so that an attack or a wrong key is seen."""

    driver = models.CharField(max_length=20)
    reason = models.CharField(max_length=200)
    raw = models.JSONField()
    received_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.driver} {self.received_at:%Y-%m-%d}"


class Till(models.Model):
    """One shift of cash at a counter."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency_code = models.CharField(max_length=80)
    cashier_id = models.BigIntegerField()
    cashier_name = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    expected_vnd = models.BigIntegerField(null=True)
    counted_vnd = models.BigIntegerField(null=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency_code", "cashier_id"], condition=Q(closed_at__isnull=True), name="till_one_open"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, expected_vnd__isnull=True, counted_vnd__isnull=True)
                | Q(closed_at__isnull=False, expected_vnd__isnull=False, counted_vnd__gte=0),
                name="till_closed_iff_counted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_code} {self.cashier_name}"


class CashLine(models.Model):
    """Cash taken or given back in a shift."""

    till = models.ForeignKey(Till, models.PROTECT, related_name="+")
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    amount_vnd = models.BigIntegerField()  # negative: given back
    helper_name = models.CharField(max_length=200, blank=True, default="")
    helper_role = models.CharField(max_length=100, blank=True, default="")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount_vnd=0), name="cash_not_zero")]

    def __str__(self) -> str:
        return f"{self.amount_vnd}"


class Refund(models.Model):
    """Money to give back: asked by one, above a limit agreed by another, then sent."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    charge = models.ForeignKey(Charge, models.PROTECT, related_name="+")
    amount_vnd = models.BigIntegerField()
    reason = models.CharField(max_length=500)
    key = models.CharField(max_length=120, unique=True)
    asked_by = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    approved_by = models.CharField(max_length=120, blank=True)
    approved_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent_way = models.CharField(max_length=12, blank=True)
    needs_second = models.BooleanField()
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="+", null=True)
    movement = models.CharField(max_length=160, blank=True, default="")  # and which of its movements
    attempt = models.PositiveSmallIntegerField(default=1)  # one more each time the bank sent the money back
    tried_at = models.DateTimeField(null=True)  # when the gateway was last asked to give it back
    gateway_said = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_vnd__gt=0), name="refund_amount_above_zero"),
            models.CheckConstraint(
                condition=Q(needs_second=False) | Q(approved_by="") | ~Q(approved_by=F("asked_by")),
                name="refund_by_two_people",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(approved_at__isnull=False), name="refund_sent_when_approved"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.charge_id} {self.amount_vnd}"
