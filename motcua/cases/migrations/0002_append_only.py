"""What may not be rewritten: the ledger of the clock, the timeline, a deployed process, the rules of a filed case."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE FUNCTION cases_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER cases_clockline_append_only BEFORE UPDATE OR DELETE ON cases_clockline
    FOR EACH ROW EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER cases_timeline_append_only BEFORE UPDATE OR DELETE ON cases_timelineentry
    FOR EACH ROW EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER cases_processversion_fixed BEFORE UPDATE ON cases_processversion
    FOR EACH ROW EXECUTE FUNCTION cases_refuse_change();

CREATE FUNCTION cases_refuse_new_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the rules of case % were frozen at filing', OLD.code
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER cases_case_frozen_rules
    BEFORE UPDATE OF uuid, code, kind, process_version_id, term_amount, term_unit, clock_rule, calendar_code, opened_at
    ON cases_case FOR EACH ROW
    WHEN ((OLD.uuid, OLD.code, OLD.kind, OLD.process_version_id, OLD.term_amount, OLD.term_unit, OLD.clock_rule,
           OLD.calendar_code, OLD.opened_at)
          IS DISTINCT FROM
          (NEW.uuid, NEW.code, NEW.kind, NEW.process_version_id, NEW.term_amount, NEW.term_unit, NEW.clock_rule,
           NEW.calendar_code, NEW.opened_at))
    EXECUTE FUNCTION cases_refuse_new_rules();
CREATE TRIGGER cases_case_closed_stays_closed
    BEFORE UPDATE OF closed_at, outcome ON cases_case FOR EACH ROW
    WHEN (OLD.closed_at IS NOT NULL AND (OLD.closed_at, OLD.outcome) IS DISTINCT FROM (NEW.closed_at, NEW.outcome))
    EXECUTE FUNCTION cases_refuse_new_rules();
"""
BACKWARD = """
DROP TRIGGER cases_case_closed_stays_closed ON cases_case;
DROP TRIGGER cases_case_frozen_rules ON cases_case;
DROP FUNCTION cases_refuse_new_rules();
DROP TRIGGER cases_processversion_fixed ON cases_processversion;
DROP TRIGGER cases_timeline_append_only ON cases_timelineentry;
DROP TRIGGER cases_clockline_append_only ON cases_clockline;
DROP FUNCTION cases_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
