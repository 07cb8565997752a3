"""Decisions and called versions are as fixed as their version; a case changes its version only while it migrates."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE TRIGGER cases_decisiontext_fixed BEFORE UPDATE ON cases_decisiontext
    FOR EACH ROW EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER cases_calledversion_fixed BEFORE UPDATE ON cases_calledversion
    FOR EACH ROW EXECUTE FUNCTION cases_refuse_change();

DROP TRIGGER cases_case_frozen_rules ON cases_case;
CREATE TRIGGER cases_case_frozen_rules
    BEFORE UPDATE OF uuid, code, kind, term_amount, term_unit, clock_rule, calendar_code, opened_at
    ON cases_case FOR EACH ROW
    WHEN ((OLD.uuid, OLD.code, OLD.kind, OLD.term_amount, OLD.term_unit, OLD.clock_rule, OLD.calendar_code,
           OLD.opened_at)
          IS DISTINCT FROM
          (NEW.uuid, NEW.code, NEW.kind, NEW.term_amount, NEW.term_unit, NEW.clock_rule, NEW.calendar_code,
           NEW.opened_at))
    EXECUTE FUNCTION cases_refuse_new_rules();
-- The written migration names the one case it moves; nothing else may change a version.
CREATE TRIGGER cases_case_frozen_version
    BEFORE UPDATE OF process_version_id ON cases_case FOR EACH ROW
    WHEN (OLD.process_version_id IS DISTINCT FROM NEW.process_version_id
          AND current_setting('motcua.migrating_case', true) IS DISTINCT FROM OLD.id::text)
    EXECUTE FUNCTION cases_refuse_new_rules();
"""
BACKWARD = """
DROP TRIGGER cases_case_frozen_version ON cases_case;
DROP TRIGGER cases_case_frozen_rules ON cases_case;
CREATE TRIGGER cases_case_frozen_rules
    BEFORE UPDATE OF uuid, code, kind, process_version_id, term_amount, term_unit, clock_rule, calendar_code, opened_at
    ON cases_case FOR EACH ROW
    WHEN ((OLD.uuid, OLD.code, OLD.kind, OLD.process_version_id, OLD.term_amount, OLD.term_unit, OLD.clock_rule,
           OLD.calendar_code, OLD.opened_at)
          IS DISTINCT FROM
          (NEW.uuid, NEW.code, NEW.kind, NEW.process_version_id, NEW.term_amount, NEW.term_unit, NEW.clock_rule,
           NEW.calendar_code, NEW.opened_at))
    EXECUTE FUNCTION cases_refuse_new_rules();
DROP TRIGGER cases_calledversion_fixed ON cases_calledversion;
DROP TRIGGER cases_decisiontext_fixed ON cases_decisiontext;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_runs_of_every_kind")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
