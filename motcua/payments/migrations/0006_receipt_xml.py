# The signed XML of a receipt is kept beside its PDF.

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0005_moves_checked'),
    ]

    operations = [
        migrations.AddField(
            model_name='receipt',
            name='xml_file',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile'),
        ),
    ]
