"""Tables of money. Whole đồng; the ledger and what was told from outside are append-only (trigger)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from motcua.payments.types import WAYS, AccountKind, EntryKind


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
    kind = models.CharField(max_length=16, default="money")  # money | charged_back | refunded | settlement
    external_id = models.CharField(max_length=160)
    amount_vnd = models.BigIntegerField()
    on = models.DateField(db_index=True)
    reference = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id", "kind"], name="statement_row_once"),
            models.CheckConstraint(condition=~Q(amount_vnd=0), name="statement_row_not_zero"),
        ]

    def __str__(self) -> str:
        return self.external_id


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
