"""The account that givers transfer to is changed by two people."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0022_dispute_deadline'),
        ('programs', '0016_series_from_slots'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='proposal',
            name='proposal_kind_known',
        ),
        migrations.RemoveConstraint(
            model_name='proposal',
            name='proposal_is_about_something',
        ),
        migrations.AddField(
            model_name='proposal',
            name='account_holder_name',
            field=models.CharField(blank=True, db_default='', default='', max_length=70, verbose_name='Kontoinhaber, wie bei der Bank'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='iban',
            field=models.CharField(blank=True, db_default='', default='', max_length=34, verbose_name='neue IBAN'),
        ),
        migrations.AlterField(
            model_name='proposal',
            name='kind',
            field=models.CharField(choices=[('payout', 'Auszahlung'), ('cover', 'Fehlbetrag ausgleichen'), ('refund', 'Erstattung'), ('correction', 'Berichtigung'), ('acceptance', 'Annahme durch die Stadt'), ('refusal', 'Nichtannahme durch die Stadt'), ('reallocation', 'Umwidmung'), ('account', 'Bankverbindung')], max_length=12, verbose_name='Art'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('payout', 'cover', 'refund', 'correction', 'acceptance', 'refusal', 'reallocation', 'account'))), name='proposal_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount_cents__isnull', False), ('fund__isnull', False), ('kind__in', ['payout', 'cover'])), models.Q(('amount_cents__isnull', False), ('donation__isnull', False), ('kind__in', ['refund', 'acceptance', 'refusal'])), models.Q(('kind', 'correction'), ('line__isnull', False)), models.Q(('kind', 'account'), models.Q(('iban', ''), _negated=True), models.Q(('account_holder_name', ''), _negated=True)), models.Q(('amount_cents__isnull', False), ('donation__isnull', False), ('fund__isnull', False), ('kind', 'reallocation'), ('to_fund__isnull', False)), _connector='OR'), name='proposal_is_about_something'),
        ),
    ]
