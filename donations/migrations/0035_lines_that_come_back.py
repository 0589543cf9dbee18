"""A line may bring back a refund or a payout that could not be delivered."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0034_lines_where_they_were_booked'),
        ('programs', '0041_ended_series'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='banktransaction',
            name='bank_line_one_refund',
        ),
        migrations.RemoveConstraint(
            model_name='banktransaction',
            name='bank_line_one_payout',
        ),
        migrations.AddConstraint(
            model_name='banktransaction',
            constraint=models.UniqueConstraint(condition=models.Q(('amount_cents__lt', 0), ('refund__isnull', False)), fields=('refund',), name='bank_line_one_refund'),
        ),
        migrations.AddConstraint(
            model_name='banktransaction',
            constraint=models.UniqueConstraint(condition=models.Q(('amount_cents__gt', 0), ('refund__isnull', False)), fields=('refund',), name='bank_line_one_refund_back'),
        ),
        migrations.AddConstraint(
            model_name='banktransaction',
            constraint=models.UniqueConstraint(condition=models.Q(('amount_cents__lt', 0), ('payout__isnull', False)), fields=('payout',), name='bank_line_one_payout'),
        ),
        migrations.AddConstraint(
            model_name='banktransaction',
            constraint=models.UniqueConstraint(condition=models.Q(('amount_cents__gt', 0), ('payout__isnull', False)), fields=('payout',), name='bank_line_one_payout_back'),
        ),
    ]
