"""What Stripe sends to the bank: on its way until the line of the bank is there."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0025_givers_are_searched'),
        ('programs', '0020_dates_without_places'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='StripeTransit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(max_length=120, unique=True)),
                ('amount_cents', models.PositiveBigIntegerField(verbose_name='Betrag in Cent')),
                ('created_at', models.DateTimeField(verbose_name='abgeschickt')),
                ('arrives_on', models.DateField(verbose_name='erwartet am')),
                ('failed_at', models.DateTimeField(null=True, verbose_name='misslungen')),
            ],
            options={
                'verbose_name': 'Auszahlung von Stripe',
                'verbose_name_plural': 'Auszahlungen von Stripe',
            },
        ),
        migrations.RemoveConstraint(
            model_name='ledgertransaction',
            name='ledger_kind_known',
        ),
        migrations.RemoveConstraint(
            model_name='stripeevent',
            name='stripe_event_noun_known',
        ),
        migrations.AlterField(
            model_name='ledgertransaction',
            name='kind',
            field=models.CharField(choices=[('unclear', 'ungeklärte Kontobewegung'), ('gift', 'Spende'), ('gift_part', 'weiterer Teil einer Spende'), ('fee', 'Gebühr'), ('refund', 'Erstattung'), ('refund_back', 'Erstattung misslungen'), ('dispute', 'Rückbuchung'), ('dispute_won', 'Rückbuchung gewonnen'), ('dispute_lost', 'Rückbuchung verloren'), ('dispute_reversed', 'verlorene Rückbuchung zurückgekommen'), ('payout', 'Auszahlung'), ('payout_sent', 'Auszahlung überwiesen'), ('shortfall', 'Fehlbetrag'), ('correction', 'Berichtigung'), ('reallocation', 'Umwidmung'), ('transit', 'von Stripe unterwegs zur Bank'), ('arrival', 'von Stripe auf dem Konto'), ('transit_back', 'zurück bei Stripe')], max_length=20, verbose_name='Art'),
        ),
        migrations.AddConstraint(
            model_name='ledgertransaction',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('unclear', 'gift', 'gift_part', 'fee', 'refund', 'refund_back', 'dispute', 'dispute_won', 'dispute_lost', 'dispute_reversed', 'payout', 'payout_sent', 'shortfall', 'correction', 'reallocation', 'transit', 'arrival', 'transit_back'))), name='ledger_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='stripeevent',
            constraint=models.CheckConstraint(condition=models.Q(('noun__in', ['', 'session', 'payment', 'invoice', 'subscription', 'payout'])), name='stripe_event_noun_known'),
        ),
        migrations.AddField(
            model_name='stripetransit',
            name='provider',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stripe_transits', to='programs.provider'),
        ),
        migrations.AddField(
            model_name='banktransaction',
            name='transit',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bank_transactions', to='donations.stripetransit'),
        ),
        migrations.AddIndex(
            model_name='banktransaction',
            index=models.Index(condition=models.Q(('transit__isnull', False)), fields=['transit'], name='bank_line_of_transit'),
        ),
        migrations.AddConstraint(
            model_name='banktransaction',
            constraint=models.CheckConstraint(condition=models.Q(('transit', None), models.Q(('allocated_cents', 0), ('cancelled_at', None), ('payout', None), ('refund', None)), _connector='OR'), name='bank_line_of_transit_means_nothing_else'),
        ),
        migrations.AddConstraint(
            model_name='stripetransit',
            constraint=models.CheckConstraint(condition=models.Q(('amount_cents__gt', 0)), name='transit_moves_something'),
        ),
    ]
