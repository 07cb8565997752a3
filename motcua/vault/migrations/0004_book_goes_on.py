"""The book of certified copies only goes on; a line of it is never taken out, a certified one never changed."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE FUNCTION vault_refuse_backwards() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'numbers of a book only go on, one by one' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER vault_book_goes_on BEFORE UPDATE OF last_no ON vault_certificationbook
    FOR EACH ROW WHEN (NEW.last_no <> OLD.last_no + 1) EXECUTE FUNCTION vault_refuse_backwards();
CREATE TRIGGER vault_book_stays BEFORE DELETE ON vault_certificationbook
    FOR EACH ROW EXECUTE FUNCTION vault_refuse_change();
CREATE TRIGGER vault_copy_stays BEFORE DELETE ON vault_certifiedcopy
    FOR EACH ROW EXECUTE FUNCTION vault_refuse_change();
CREATE TRIGGER vault_copy_keeps_its_number BEFORE UPDATE OF book_id, no ON vault_certifiedcopy
    FOR EACH ROW WHEN (OLD.no IS NOT NULL AND (NEW.no IS DISTINCT FROM OLD.no OR NEW.book_id IS DISTINCT FROM OLD.book_id))
    EXECUTE FUNCTION vault_refuse_change();
CREATE TRIGGER vault_copy_ended BEFORE UPDATE ON vault_certifiedcopy
    FOR EACH ROW WHEN (OLD.state IN ('certified', 'cancelled')) EXECUTE FUNCTION vault_refuse_change();
"""
BACKWARD = """
DROP TRIGGER vault_copy_ended ON vault_certifiedcopy;
DROP TRIGGER vault_copy_keeps_its_number ON vault_certifiedcopy;
DROP TRIGGER vault_copy_stays ON vault_certifiedcopy;
DROP TRIGGER vault_book_stays ON vault_certificationbook;
DROP TRIGGER vault_book_goes_on ON vault_certificationbook;
DROP FUNCTION vault_refuse_backwards();
"""


class Migration(migrations.Migration):
    dependencies = [("vault", "0003_certified_copies")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
