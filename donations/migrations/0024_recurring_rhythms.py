"""Dauerspenden in other rhythms, with pause, card and failure; what Stripe calls a payment."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0023_account_by_two'),
        ('programs', '0018_roles'),
    ]

    operations = [
        migrations.AddField(
            model_name='dispute',
            name='reason',
            field=models.CharField(blank=True, db_default='', max_length=60),
        ),
        migrations.AddField(
            model_name='payment',
            name='charge',
            field=models.CharField(blank=True, db_default='', max_length=120, verbose_name='Einzug'),
        ),
        migrations.AddField(
            model_name='payment',
            name='mandate',
            field=models.CharField(blank=True, db_default='', max_length=120, verbose_name='SEPA-Mandat'),
        ),
        migrations.AddField(
            model_name='payment',
            name='settles_on',
            field=models.DateField(null=True, verbose_name='auszahlbar ab'),
        ),
        migrations.AddField(
            model_name='recurringdonation',
            name='card_expires_on',
            field=models.DateField(null=True, verbose_name='Karte gilt bis'),
        ),
        migrations.AddField(
            model_name='recurringdonation',
            name='card_told_for',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='recurringdonation',
            name='failed_invoice_id',
            field=models.CharField(blank=True, db_default='', max_length=120),
        ),
        migrations.AddField(
            model_name='recurringdonation',
            name='failure',
            field=models.CharField(blank=True, db_default='', max_length=20, verbose_name='Grund'),
        ),
        migrations.AddField(
            model_name='recurringdonation',
            name='method_set_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='recurringdonation',
            name='next_on',
            field=models.DateField(null=True, verbose_name='nächster Einzug'),
        ),
        migrations.AddField(
            model_name='recurringdonation',
            name='paused_at',
            field=models.DateTimeField(null=True, verbose_name='pausiert seit'),
        ),
        migrations.AddField(
            model_name='recurringdonation',
            name='resumes_on',
            field=models.DateField(null=True, verbose_name='pausiert bis'),
        ),
        migrations.AddField(
            model_name='recurringdonation',
            name='rhythm',
            field=models.CharField(choices=[('month', 'im Monat'), ('quarter', 'im Vierteljahr'), ('year', 'im Jahr')], db_default='month', default='month', max_length=7, verbose_name='Rhythmus'),
        ),
        migrations.AddField(
            model_name='recurringdonation',
            name='tries',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='recurringdonation',
            name='version',
            field=models.PositiveIntegerField(db_default=1, default=1),
        ),
        migrations.AddIndex(
            model_name='recurringdonation',
            index=models.Index(condition=models.Q(('method', 'card'), ('status__in', ['active', 'past_due'])), fields=['card_expires_on'], name='recurring_card_expires'),
        ),
        migrations.AddConstraint(
            model_name='recurringdonation',
            constraint=models.CheckConstraint(condition=models.Q(('rhythm__in', ['month', 'quarter', 'year'])), name='recurring_rhythm_known'),
        ),
        migrations.AddConstraint(
            model_name='recurringdonation',
            constraint=models.CheckConstraint(condition=models.Q(('resumes_on', None), ('paused_at__isnull', False), _connector='OR'), name='recurring_resumes_when_paused'),
        ),
    ]
