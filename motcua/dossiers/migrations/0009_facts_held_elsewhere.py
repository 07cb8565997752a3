from django.db import migrations, models

COLUMNS = (
    "dossier_id",
    "field_key",
    "fact",
    "register",
    "record_field",
    "shown_value",
    "record_uuid",
    "source",
    "as_of",
    "known_at",
    "sha256",
)


def fix(*columns: str) -> str:
    """Return what makes a fact's row refuse a change of these columns."""
    old, new = (", ".join(f"{side}.{name}" for name in columns) for side in ("OLD", "NEW"))
    return f"""
DROP TRIGGER IF EXISTS dossiers_fact_fixed ON dossiers_dossierfact;
CREATE TRIGGER dossiers_fact_fixed BEFORE UPDATE ON dossiers_dossierfact FOR EACH ROW
    WHEN (({old}) IS DISTINCT FROM ({new}))
    EXECUTE FUNCTION dossiers_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0008_signing_lists"),
    ]

    operations = [
        migrations.AddField(
            model_name="correction",
            name="held_by",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="dossierfact",
            name="held_by",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.RunSQL(fix(*COLUMNS, "held_by"), fix(*COLUMNS)),
    ]
