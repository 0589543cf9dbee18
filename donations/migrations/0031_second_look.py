"""Acceptance is not the city alone any more: words of two columns change, no row and no column."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0030_cash_counts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='donation',
            name='acceptance',
            field=models.CharField(choices=[('not_needed', 'nicht nötig'), ('awaiting', 'Annahme vorbehalten'), ('accepted', 'angenommen'), ('refused', 'nicht angenommen')], db_default='not_needed', default='not_needed', max_length=10, verbose_name='Annahme'),
        ),
        migrations.AlterField(
            model_name='proposal',
            name='kind',
            field=models.CharField(choices=[('payout', 'Auszahlung'), ('cover', 'Fehlbetrag ausgleichen'), ('refund', 'Erstattung'), ('correction', 'Berichtigung'), ('acceptance', 'Annahme einer Spende'), ('refusal', 'Nichtannahme einer Spende'), ('reallocation', 'Umwidmung'), ('account', 'Bankverbindung')], max_length=12, verbose_name='Art'),
        ),
    ]
