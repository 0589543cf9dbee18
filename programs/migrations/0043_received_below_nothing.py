"""More may go back than came: a bank takes a debit back in full, also after a part was refunded."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0042_german_heads'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='fund',
            name='fund_received_not_negative',
        ),
    ]
