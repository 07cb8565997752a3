"""A gateway's fee is an entry of its own; a bank may take money back under the name by which it came."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q

FORWARD = "INSERT INTO payments_move VALUES ('gateway_fee', 'bank_fee', 'gateway')"
BACKWARD = "DELETE FROM payments_move WHERE kind = 'gateway_fee'"
KINDS = [
    "added_bank", "added_gateway", "bank_fee", "cancelled", "charged", "charged_back",
    "charged_back_bank", "gateway_fee", "identified", "paid_bank", "paid_cash", "paid_gateway",
    "paid_unknown", "paid_unknown_gateway", "refund_decided", "refund_returned", "refund_sent_bank",
    "refund_sent_cash", "refund_sent_gateway", "reversed_bank", "reversed_gateway", "settled",
    "till_banked", "till_closed", "till_over", "till_short", "to_treasury", "unknown_returned", "waived",
]  # fmt: skip
FIELDS = ["source", "external_id", "kind"]


class Migration(migrations.Migration):
    dependencies = [("payments", "0006_receipt_xml")]
    operations = [
        migrations.RemoveConstraint(model_name="entry", name="entry_kind_known"),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(condition=Q(kind__in=KINDS), name="entry_kind_known"),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RemoveConstraint(model_name="statementrow", name="statement_row_once"),
        migrations.AddConstraint(
            model_name="statementrow",
            constraint=models.UniqueConstraint(
                fields=FIELDS, condition=Q(amount_vnd__gt=0), name="statement_row_in_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="statementrow",
            constraint=models.UniqueConstraint(
                fields=FIELDS, condition=Q(amount_vnd__lt=0), name="statement_row_out_once"
            ),
        ),
    ]
