from django.db import migrations, models


class Migration(migrations.Migration):
    """Unlogged: after a crash of the database server everybody begins with an empty bucket, nothing more."""

    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AskerBucket",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("level", models.FloatField()),
                ("updated_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("level__gte", 0)), name="portal_bucket_level")
                ]
            },
        ),
        migrations.RunSQL(
            sql="ALTER TABLE portal_askerbucket SET UNLOGGED",
            reverse_sql="ALTER TABLE portal_askerbucket SET LOGGED",
        ),
    ]
