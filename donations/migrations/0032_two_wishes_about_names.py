"""Two wishes of a giver, what was said about pending matters, and of a bank line the country of the account."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0031_second_look'),
    ]

    operations = [
        migrations.AddField(
            model_name='banktransaction',
            name='counterparty_country',
            field=models.CharField(blank=True, db_default='', default='', max_length=2, verbose_name='Land des Kontos'),
        ),
        migrations.AddField(
            model_name='donation',
            name='hide_name_public',
            field=models.BooleanField(db_default=True, default=True, verbose_name='Name wird nicht öffentlich genannt'),
        ),
        migrations.AddField(
            model_name='donation',
            name='no_identity',
            field=models.BooleanField(db_default=False, default=False, verbose_name='anonym gegenüber dem Empfänger'),
        ),
        migrations.AddField(
            model_name='donation',
            name='pending_matter',
            field=models.CharField(blank=True, choices=[('no', 'Nein'), ('yes', 'Ja'), ('unknown', 'Nicht bekannt')], db_default='', default='', max_length=7, verbose_name='Laufende Angelegenheit mit der Stadt'),
        ),
        migrations.AddField(
            model_name='recurringdonation',
            name='no_identity',
            field=models.BooleanField(db_default=False, default=False, verbose_name='anonym gegenüber dem Empfänger'),
        ),
        migrations.AddConstraint(
            model_name='donation',
            constraint=models.CheckConstraint(condition=models.Q(('pending_matter__in', ['', 'no', 'yes', 'unknown'])), name='donation_matter_known'),
        ),
        migrations.AddConstraint(
            model_name='donation',
            constraint=models.CheckConstraint(condition=models.Q(('hide_name_public', True), models.Q(('no_identity', False), models.Q(('donor_name', ''), _negated=True)), _connector='OR'), name='donation_named_has_name'),
        ),
        migrations.AddConstraint(
            model_name='donation',
            constraint=models.CheckConstraint(condition=models.Q(('no_identity', False), models.Q(('donor_name', ''), ('wants_receipt', False)), _connector='OR'), name='donation_without_identity_tells_nobody'),
        ),
    ]
