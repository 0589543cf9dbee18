"""A gift goes to another purpose of its body by two people."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0020_allocations'),
        ('programs', '0013_short_names_of_districts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='ledgertransaction',
            name='ledger_kind_known',
        ),
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
            name='to_fund',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.fund', verbose_name='neuer Spendenzweck'),
        ),
        migrations.AlterField(
            model_name='ledgertransaction',
            name='kind',
            field=models.CharField(choices=[('unclear', 'ungeklärte Kontobewegung'), ('gift', 'Spende'), ('gift_part', 'weiterer Teil einer Spende'), ('fee', 'Gebühr'), ('refund', 'Erstattung'), ('refund_back', 'Erstattung misslungen'), ('dispute', 'Rückbuchung'), ('dispute_won', 'Rückbuchung gewonnen'), ('dispute_lost', 'Rückbuchung verloren'), ('dispute_reversed', 'verlorene Rückbuchung zurückgekommen'), ('payout', 'Auszahlung'), ('payout_sent', 'Auszahlung überwiesen'), ('shortfall', 'Fehlbetrag'), ('correction', 'Berichtigung'), ('reallocation', 'Umwidmung')], max_length=20, verbose_name='Art'),
        ),
        migrations.AlterField(
            model_name='proposal',
            name='kind',
            field=models.CharField(choices=[('payout', 'Auszahlung'), ('cover', 'Fehlbetrag ausgleichen'), ('refund', 'Erstattung'), ('correction', 'Berichtigung'), ('acceptance', 'Annahme durch die Stadt'), ('refusal', 'Nichtannahme durch die Stadt'), ('reallocation', 'Umwidmung')], max_length=12, verbose_name='Art'),
        ),
        migrations.AddConstraint(
            model_name='ledgertransaction',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('unclear', 'gift', 'gift_part', 'fee', 'refund', 'refund_back', 'dispute', 'dispute_won', 'dispute_lost', 'dispute_reversed', 'payout', 'payout_sent', 'shortfall', 'correction', 'reallocation'))), name='ledger_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('payout', 'cover', 'refund', 'correction', 'acceptance', 'refusal', 'reallocation'))), name='proposal_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount_cents__isnull', False), ('fund__isnull', False), ('kind__in', ['payout', 'cover'])), models.Q(('amount_cents__isnull', False), ('donation__isnull', False), ('kind__in', ['refund', 'acceptance', 'refusal'])), models.Q(('kind', 'correction'), ('line__isnull', False)), models.Q(('amount_cents__isnull', False), ('donation__isnull', False), ('fund__isnull', False), ('kind', 'reallocation'), ('to_fund__isnull', False)), _connector='OR'), name='proposal_is_about_something'),
        ),
    ]
