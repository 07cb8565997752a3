from django.db import migrations


class Migration(migrations.Migration):
    """The table behind Django's cache: sign-in counters and used one-time marks, shared by every web process.

    Unlogged: after a crash of the database server the marks are gone and the counters begin again, nothing more.
    """

    dependencies = [("identity", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=[
                "CREATE UNLOGGED TABLE identity_cache ("
                "cache_key varchar(255) NOT NULL PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL)",
                "CREATE INDEX identity_cache_expires ON identity_cache (expires)",
            ],
            reverse_sql="DROP TABLE identity_cache",
        )
    ]
