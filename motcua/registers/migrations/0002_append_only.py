"""History is not rewritten: of a version only the moment until which it was known is ever set, once."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE FUNCTION registers_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% keeps its history', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER registers_version_stays BEFORE DELETE ON registers_recordversion
    FOR EACH ROW EXECUTE FUNCTION registers_refuse_change();
CREATE TRIGGER registers_version_fixed
    BEFORE UPDATE OF record_id, valid_from, valid_to, known_from, data, schema_version, source, sha256, is_correction, actor
    ON registers_recordversion FOR EACH ROW EXECUTE FUNCTION registers_refuse_change();
CREATE TRIGGER registers_version_closed_once BEFORE UPDATE OF known_to ON registers_recordversion
    FOR EACH ROW WHEN (OLD.known_to IS NOT NULL) EXECUTE FUNCTION registers_refuse_change();
CREATE TRIGGER registers_schema_fixed BEFORE UPDATE OR DELETE ON registers_registerversion
    FOR EACH ROW EXECUTE FUNCTION registers_refuse_change();
CREATE TRIGGER registers_record_stays BEFORE DELETE ON registers_record
    FOR EACH ROW EXECUTE FUNCTION registers_refuse_change();
"""
BACKWARD = """
DROP TRIGGER registers_record_stays ON registers_record;
DROP TRIGGER registers_schema_fixed ON registers_registerversion;
DROP TRIGGER registers_version_closed_once ON registers_recordversion;
DROP TRIGGER registers_version_fixed ON registers_recordversion;
DROP TRIGGER registers_version_stays ON registers_recordversion;
DROP FUNCTION registers_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("registers", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
