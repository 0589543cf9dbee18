"""Names of givers and of payers are looked up where no address tells who gave."""

import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0038_what_stripe_takes'),
        ('programs', '0044_no_index_twice'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='banktransaction',
            index=models.Index(django.db.models.functions.text.Upper('counterparty_name'), name='bank_line_of_payer'),
        ),
        migrations.AddIndex(
            model_name='donation',
            index=models.Index(django.db.models.functions.text.Upper('donor_name'), name='donation_under_name'),
        ),
    ]
