"""What a steward said is not rewritten."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE FUNCTION linkage_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% keeps its history', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER linkage_verdict_stays BEFORE UPDATE OR DELETE ON linkage_verdict
    FOR EACH ROW EXECUTE FUNCTION linkage_refuse_change();
"""
BACKWARD = """
DROP TRIGGER linkage_verdict_stays ON linkage_verdict;
DROP FUNCTION linkage_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("linkage", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
