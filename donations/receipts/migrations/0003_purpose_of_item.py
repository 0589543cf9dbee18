"""Which purpose a gift on a receipt was for; null on those of the time before a gift could be moved."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0013_short_names_of_districts'),
        ('receipts', '0002_never_edited'),
    ]

    operations = [
        migrations.AddField(
            model_name='receiptitem',
            name='fund',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.fund'),
        ),
    ]
