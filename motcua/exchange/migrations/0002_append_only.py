"""The message log is evidence: neither a message nor its place is changed or taken away."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE FUNCTION exchange_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER exchange_message_append_only BEFORE UPDATE OR DELETE ON exchange_message
    FOR EACH ROW EXECUTE FUNCTION exchange_refuse_change();
CREATE TRIGGER exchange_link_append_only BEFORE UPDATE OR DELETE ON exchange_messagelink
    FOR EACH ROW EXECUTE FUNCTION exchange_refuse_change();
CREATE TRIGGER exchange_batch_stays BEFORE DELETE ON exchange_messagebatch
    FOR EACH ROW EXECUTE FUNCTION exchange_refuse_change();
"""
BACKWARD = """
DROP TRIGGER exchange_batch_stays ON exchange_messagebatch;
DROP TRIGGER exchange_link_append_only ON exchange_messagelink;
DROP TRIGGER exchange_message_append_only ON exchange_message;
DROP FUNCTION exchange_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
