"""The ledger, what was told from outside, and what a receipt says are never rewritten."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE FUNCTION payments_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER payments_entry_append_only BEFORE UPDATE OR DELETE ON payments_entry
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER payments_told_append_only BEFORE UPDATE OR DELETE ON payments_paymenttold
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER payments_cash_append_only BEFORE UPDATE OR DELETE ON payments_cashline
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER payments_statementrow_append_only BEFORE UPDATE OR DELETE ON payments_statementrow
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER payments_charge_fixed BEFORE UPDATE OR DELETE ON payments_charge
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();

CREATE TRIGGER payments_receipt_stays BEFORE DELETE ON payments_receipt
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER payments_receipt_fixed
    BEFORE UPDATE OF uuid, series_id, no, charge_id, entry_reference, lookup_code, amount_vnd, payload, issued_at, replaces_id
    ON payments_receipt FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER payments_receipt_cancelled_once
    BEFORE UPDATE OF cancelled_at, cancelled_reason ON payments_receipt
    FOR EACH ROW WHEN (OLD.cancelled_at IS NOT NULL) EXECUTE FUNCTION payments_refuse_change();

CREATE FUNCTION payments_refuse_backwards() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'numbers of a receipt series only go on' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER payments_series_goes_on BEFORE UPDATE OF next_no ON payments_receiptseries
    FOR EACH ROW WHEN (NEW.next_no <> OLD.next_no + 1) EXECUTE FUNCTION payments_refuse_backwards();
"""
BACKWARD = """
DROP TRIGGER payments_series_goes_on ON payments_receiptseries;
DROP FUNCTION payments_refuse_backwards();
DROP TRIGGER payments_receipt_cancelled_once ON payments_receipt;
DROP TRIGGER payments_receipt_fixed ON payments_receipt;
DROP TRIGGER payments_receipt_stays ON payments_receipt;
DROP TRIGGER payments_charge_fixed ON payments_charge;
DROP TRIGGER payments_statementrow_append_only ON payments_statementrow;
DROP TRIGGER payments_cash_append_only ON payments_cashline;
DROP TRIGGER payments_told_append_only ON payments_paymenttold;
DROP TRIGGER payments_entry_append_only ON payments_entry;
DROP FUNCTION payments_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
