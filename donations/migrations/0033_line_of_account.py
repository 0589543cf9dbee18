"""A line of the bank names the account of ours it stands on; lines of accounts known by now keep their keys."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0032_two_wishes_about_names'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='ledgertransaction',
            name='ledger_kind_known',
        ),
        migrations.AddField(
            model_name='banktransaction',
            name='account',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='donations.ledgeraccount'),
        ),
        migrations.AddField(
            model_name='ledgeraccount',
            name='is_known_by_body',
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AlterField(
            model_name='ledgeraccount',
            name='is_known_by_body',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name='ledgertransaction',
            name='kind',
            field=models.CharField(choices=[('unclear', 'ungeklärte Kontobewegung'), ('gift', 'Spende'), ('gift_part', 'weiterer Teil einer Spende'), ('fee', 'Gebühr'), ('refund', 'Erstattung'), ('refund_back', 'Erstattung misslungen'), ('dispute', 'Rückbuchung'), ('dispute_won', 'Rückbuchung gewonnen'), ('dispute_lost', 'Rückbuchung verloren'), ('dispute_reversed', 'verlorene Rückbuchung zurückgekommen'), ('payout', 'Auszahlung'), ('payout_sent', 'Auszahlung überwiesen'), ('shortfall', 'Fehlbetrag'), ('correction', 'Berichtigung'), ('reallocation', 'Umwidmung'), ('moved', 'auf das richtige Bankkonto'), ('transit', 'von Stripe unterwegs zur Bank'), ('arrival', 'von Stripe auf dem Konto'), ('transit_back', 'zurück bei Stripe'), ('collection', 'Spendenbox gezählt'), ('deposit', 'Bargeld eingezahlt')], max_length=20, verbose_name='Art'),
        ),
        migrations.AddConstraint(
            model_name='ledgertransaction',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('unclear', 'gift', 'gift_part', 'fee', 'refund', 'refund_back', 'dispute', 'dispute_won', 'dispute_lost', 'dispute_reversed', 'payout', 'payout_sent', 'shortfall', 'correction', 'reallocation', 'moved', 'transit', 'arrival', 'transit_back', 'collection', 'deposit'))), name='ledger_kind_known'),
        ),
    ]
