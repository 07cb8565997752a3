"""A number that changes with who takes part, their keys, services or grants: what was read stays good so long.

From a sequence, so that a change that was rolled back never gives its number to another one.
"""

from __future__ import annotations

from django.db import migrations, models

TABLES = ("subsystem", "subsystemkey", "service", "grant")
FORWARD = """
CREATE SEQUENCE exchange_epoch_number;
CREATE FUNCTION exchange_turn_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO exchange_epoch (id, number) VALUES (1, nextval('exchange_epoch_number'))
    ON CONFLICT (id) DO UPDATE SET number = excluded.number;
    RETURN NULL;
END $$;
""" + "".join(
    f"CREATE TRIGGER exchange_{name}_turns_epoch AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON exchange_{name} "
    "FOR EACH STATEMENT EXECUTE FUNCTION exchange_turn_epoch();\n"
    for name in TABLES
)
BACK = "".join(f"DROP TRIGGER exchange_{name}_turns_epoch ON exchange_{name};\n" for name in TABLES) + (
    "DROP FUNCTION exchange_turn_epoch(); DROP SEQUENCE exchange_epoch_number;"
)


class Migration(migrations.Migration):
    dependencies = [("exchange", "0006_database_steps")]

    operations = [
        migrations.CreateModel(
            name="Epoch",
            fields=[
                ("id", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]
