"""Stripe takes from the bank what it paid to givers beyond what it held."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0037_no_index_twice'),
        ('programs', '0043_received_below_nothing'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='stripetransit',
            name='transit_moves_something',
        ),
        migrations.AlterField(
            model_name='stripetransit',
            name='amount_cents',
            field=models.BigIntegerField(verbose_name='Betrag in Cent'),
        ),
        migrations.AddConstraint(
            model_name='stripetransit',
            constraint=models.CheckConstraint(condition=models.Q(('amount_cents', 0), _negated=True), name='transit_moves_something'),
        ),
    ]
