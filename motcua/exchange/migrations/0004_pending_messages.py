"""Each message waits for its place in the chain; a batch may only be given its time-stamp."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE FUNCTION exchange_await_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO exchange_messagepending (message_id) SELECT id FROM added;
    RETURN NULL;
END $$;
CREATE TRIGGER exchange_message_awaits AFTER INSERT ON exchange_message
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION exchange_await_place();
INSERT INTO exchange_messagepending (message_id)
    SELECT id FROM exchange_message WHERE id NOT IN (SELECT message_id FROM exchange_messagelink);
CREATE FUNCTION exchange_only_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.timestamp IS NOT NULL
        OR (to_jsonb(OLD) - 'timestamp' - 'stamped_at') <> (to_jsonb(NEW) - 'timestamp' - 'stamped_at') THEN
        RAISE EXCEPTION 'exchange_messagebatch is append-only' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER exchange_batch_only_stamp BEFORE UPDATE ON exchange_messagebatch
    FOR EACH ROW EXECUTE FUNCTION exchange_only_stamp();
"""
BACKWARD = """
DROP TRIGGER exchange_batch_only_stamp ON exchange_messagebatch;
DROP FUNCTION exchange_only_stamp();
DROP TRIGGER exchange_message_awaits ON exchange_message;
DROP FUNCTION exchange_await_place();
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0003_nonces_and_batches")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
