"""Accounts of an entry fit its kind, checked by the database; resolutions and changes keep what they said."""

from __future__ import annotations

from django.db import migrations

MOVES = (
    ("charged", "payer", "income"),
    ("waived", "waived", "payer"),
    ("cancelled", "income", "payer"),
    ("paid_gateway", "gateway", "payer"),
    ("paid_bank", "bank", "payer"),
    ("paid_cash", "till", "payer"),
    ("paid_unknown", "bank", "unknown"),
    ("identified", "unknown", "payer"),
    ("settled", "bank", "gateway"),
    ("paid_unknown_gateway", "gateway", "unknown"),
    ("charged_back", "payer", "gateway"),
    ("charged_back_bank", "payer", "bank"),
    ("reversed_bank", "payer", "bank"),
    ("reversed_gateway", "payer", "gateway"),
    ("added_bank", "bank", "payer"),
    ("added_gateway", "gateway", "payer"),
    ("till_closed", "transit", "till"),
    ("till_short", "till_difference", "till"),
    ("till_over", "till", "till_difference"),
    ("till_banked", "bank", "transit"),
    ("refund_decided", "payer", "refund"),
    ("refund_sent_bank", "refund", "bank"),
    ("refund_sent_cash", "refund", "till"),
    ("refund_sent_gateway", "refund", "gateway"),
    ("refund_returned", "bank", "refund"),
    ("unknown_returned", "unknown", "bank"),
    ("bank_fee", "bank_fee", "bank"),
    ("to_treasury", "treasury", "bank"),
)
FORWARD = """
CREATE TABLE payments_move (kind varchar(24) PRIMARY KEY, debit_kind varchar(20) NOT NULL, credit_kind varchar(20) NOT NULL,
    CHECK (debit_kind <> credit_kind));
CREATE FUNCTION payments_check_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM fresh e
        JOIN payments_account d ON d.id = e.debit_id JOIN payments_account c ON c.id = e.credit_id
        LEFT JOIN payments_move m ON m.kind = e.kind AND m.debit_kind = d.kind AND m.credit_kind = c.kind
        WHERE m.kind IS NULL
    ) THEN
        RAISE EXCEPTION 'an entry moves accounts that its kind does not' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payments_entry_moves AFTER INSERT ON payments_entry
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION payments_check_moves();

CREATE TRIGGER payments_resolution_fixed
    BEFORE UPDATE OF uuid, "on", kind, reference, external_id, act, amount_vnd, reason, asked_by, asked_at, needs_second
    ON payments_resolution FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER payments_resolution_agreed_once BEFORE UPDATE ON payments_resolution
    FOR EACH ROW WHEN (OLD.approved_at IS NOT NULL) EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER payments_resolution_stays BEFORE DELETE ON payments_resolution
    FOR EACH ROW WHEN (OLD.approved_at IS NOT NULL) EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER payments_receiptchange_decided_once BEFORE UPDATE ON payments_receiptchange
    FOR EACH ROW WHEN (OLD.decided_at IS NOT NULL) EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER payments_receiptchange_stays BEFORE DELETE ON payments_receiptchange
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
""" + "".join(f"INSERT INTO payments_move VALUES ('{kind}', '{debit}', '{credit}');\n" for kind, debit, credit in MOVES)
BACKWARD = """
DROP TRIGGER payments_receiptchange_stays ON payments_receiptchange;
DROP TRIGGER payments_receiptchange_decided_once ON payments_receiptchange;
DROP TRIGGER payments_resolution_stays ON payments_resolution;
DROP TRIGGER payments_resolution_agreed_once ON payments_resolution;
DROP TRIGGER payments_resolution_fixed ON payments_resolution;
DROP TRIGGER payments_entry_moves ON payments_entry;
DROP FUNCTION payments_check_moves();
DROP TABLE payments_move;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_acts_of_people")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
