"""When a direct debit was taken from the giver's account, and with it the day that counts for the tax."""

import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0053_limits_of_methods'),
    ]

    operations = [
        migrations.AddField(
            model_name='donation',
            name='debited_on',
            field=models.DateField(null=True, verbose_name='abgebucht'),
        ),
        migrations.AddField(
            model_name='payment',
            name='debited_on',
            field=models.DateField(null=True, verbose_name='abgebucht'),
        ),
        migrations.AddConstraint(
            model_name='donation',
            constraint=models.CheckConstraint(condition=models.Q(('debited_on', None), models.Q(('method', 'sepa_debit'), ('received_at__isnull', False)), _connector='OR'), name='donation_debited_is_debit_that_came'),
        ),
        migrations.AddField(
            model_name='donation',
            name='given_on',
            field=models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Coalesce('debited_on', models.Func('received_at', output_field=models.DateField(), template="((%(expressions)s AT TIME ZONE 'Europe/Berlin')::date)")), output_field=models.DateField(null=True), verbose_name='Tag der Zuwendung'),
        ),
    ]
