"""What was opened, destroyed or certified is never rewritten; a destroyed key never comes back."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE FUNCTION vault_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER vault_opening_append_only BEFORE UPDATE OR DELETE ON vault_shareopening
    FOR EACH ROW EXECUTE FUNCTION vault_refuse_change();
CREATE TRIGGER vault_key_stays BEFORE DELETE ON vault_datakey
    FOR EACH ROW EXECUTE FUNCTION vault_refuse_change();
CREATE TRIGGER vault_key_stays_destroyed BEFORE UPDATE ON vault_datakey
    FOR EACH ROW WHEN (OLD.destroyed_at IS NOT NULL) EXECUTE FUNCTION vault_refuse_change();
CREATE TRIGGER vault_paper_stays BEFORE DELETE ON vault_paper
    FOR EACH ROW EXECUTE FUNCTION vault_refuse_change();
CREATE TRIGGER vault_paper_stays_destroyed BEFORE UPDATE ON vault_paper
    FOR EACH ROW WHEN (OLD.destroyed_at IS NOT NULL) EXECUTE FUNCTION vault_refuse_change();
CREATE TRIGGER vault_paper_fixed
    BEFORE UPDATE OF uuid, vault_id, key_id, kind, origin, origin_ref, issued_on, valid_to, file_id, size_bytes, deposited_at
    ON vault_paper FOR EACH ROW EXECUTE FUNCTION vault_refuse_change();
CREATE TRIGGER vault_share_stays_revoked BEFORE UPDATE ON vault_share
    FOR EACH ROW WHEN (OLD.revoked_at IS NOT NULL) EXECUTE FUNCTION vault_refuse_change();
CREATE TRIGGER vault_deletion_stays BEFORE DELETE ON vault_deletion
    FOR EACH ROW EXECUTE FUNCTION vault_refuse_change();
CREATE TRIGGER vault_deletion_fixed BEFORE UPDATE ON vault_deletion
    FOR EACH ROW WHEN (OLD.undone_at IS NOT NULL OR (OLD.executed_at IS NOT NULL AND OLD.signature <> ''))
    EXECUTE FUNCTION vault_refuse_change();
CREATE TRIGGER vault_deletion_record_fixed BEFORE UPDATE OF record, executed_at ON vault_deletion
    FOR EACH ROW WHEN (OLD.executed_at IS NOT NULL) EXECUTE FUNCTION vault_refuse_change();
"""
BACKWARD = """
DROP TRIGGER vault_deletion_record_fixed ON vault_deletion;
DROP TRIGGER vault_deletion_fixed ON vault_deletion;
DROP TRIGGER vault_deletion_stays ON vault_deletion;
DROP TRIGGER vault_share_stays_revoked ON vault_share;
DROP TRIGGER vault_paper_fixed ON vault_paper;
DROP TRIGGER vault_paper_stays_destroyed ON vault_paper;
DROP TRIGGER vault_paper_stays ON vault_paper;
DROP TRIGGER vault_key_stays_destroyed ON vault_datakey;
DROP TRIGGER vault_key_stays ON vault_datakey;
DROP TRIGGER vault_opening_append_only ON vault_shareopening;
DROP FUNCTION vault_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
