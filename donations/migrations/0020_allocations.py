"""What a bank line gives to gifts is rows of their own: a line may pay several, a gift come in several."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# A line was on one gift at most, and its payment is called what the books know the line by.
CARRY_OVER = """
INSERT INTO donations_allocation (line_id, donation_id, cents, identity, allocated_at)
SELECT line.id, line.donation_id, line.amount_cents, payment.external_id, coalesce(line.booked_at, line.recorded_at)
FROM donations_banktransaction AS line JOIN donations_payment AS payment USING (donation_id)
ORDER BY line.id;
UPDATE donations_banktransaction SET allocated_cents = amount_cents WHERE donation_id IS NOT NULL;
"""
# Who goes back keeps each line that pays one gift alone; others stand on no gift any more.
CARRY_BACK = """
UPDATE donations_banktransaction AS line SET donation_id = alone.donation_id
FROM (
    SELECT max(line_id) AS line_id, donation_id FROM donations_allocation AS part
    WHERE undone_at IS NULL AND NOT EXISTS (
        SELECT FROM donations_allocation AS other
        WHERE other.line_id = part.line_id AND other.id <> part.id AND other.undone_at IS NULL)
    GROUP BY donation_id
) AS alone WHERE alone.line_id = line.id;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('citizens', '0002_changed_addresses'),
        ('donations', '0019_acceptance'),
        ('programs', '0013_short_names_of_districts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Allocation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('donation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='donations.donation', verbose_name='Spende')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='donations.banktransaction', verbose_name='Kontobewegung')),
                ('cents', models.PositiveBigIntegerField(verbose_name='Betrag in Cent')),
                ('identity', models.CharField(max_length=60, unique=True, verbose_name='Kennung')),
                ('allocated_at', models.DateTimeField(verbose_name='zugeordnet')),
                ('undone_at', models.DateTimeField(null=True, verbose_name='aufgehoben')),
            ],
            options={
                'verbose_name': 'Zuordnung',
                'verbose_name_plural': 'Zuordnungen',
                'ordering': ['id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='banktransaction',
            name='bank_line_means_one_thing',
        ),
        migrations.RemoveConstraint(
            model_name='banktransaction',
            name='bank_line_cancelled_means_nothing',
        ),
        migrations.RemoveConstraint(
            model_name='ledgertransaction',
            name='ledger_kind_known',
        ),
        migrations.AddField(
            model_name='banktransaction',
            name='allocated_cents',
            field=models.BigIntegerField(db_default=0, default=0, verbose_name='davon Spenden zugeordnet, in Cent'),
        ),
        migrations.AddField(
            model_name='donation',
            name='repeats',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='repeated_by', to='donations.donation'),
        ),
        migrations.AlterField(
            model_name='donor',
            name='mailbox',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='donor', to='citizens.mailbox'),
        ),
        migrations.AlterField(
            model_name='ledgertransaction',
            name='kind',
            field=models.CharField(choices=[('unclear', 'ungeklärte Kontobewegung'), ('gift', 'Spende'), ('gift_part', 'weiterer Teil einer Spende'), ('fee', 'Gebühr'), ('refund', 'Erstattung'), ('refund_back', 'Erstattung misslungen'), ('dispute', 'Rückbuchung'), ('dispute_won', 'Rückbuchung gewonnen'), ('dispute_lost', 'Rückbuchung verloren'), ('dispute_reversed', 'verlorene Rückbuchung zurückgekommen'), ('payout', 'Auszahlung'), ('payout_sent', 'Auszahlung überwiesen'), ('shortfall', 'Fehlbetrag'), ('correction', 'Berichtigung')], max_length=20, verbose_name='Art'),
        ),
        migrations.RunSQL(CARRY_OVER, CARRY_BACK),
        migrations.RemoveField(
            model_name='banktransaction',
            name='donation',
        ),
        migrations.AddConstraint(
            model_name='banktransaction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('allocated_cents', 0), ('refund', None)), models.Q(('allocated_cents', 0), ('payout', None)), models.Q(('payout', None), ('refund', None)), _connector='OR'), name='bank_line_means_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='banktransaction',
            constraint=models.CheckConstraint(condition=models.Q(('cancelled_at', None), models.Q(('allocated_cents', 0), ('payout', None), ('refund', None), ('statement_key', None)), _connector='OR'), name='bank_line_cancelled_means_nothing'),
        ),
        migrations.AddConstraint(
            model_name='banktransaction',
            constraint=models.CheckConstraint(condition=models.Q(('allocated_cents', 0), models.Q(('allocated_cents__gt', 0), ('allocated_cents__lte', models.F('amount_cents'))), _connector='OR'), name='bank_line_allocated_within'),
        ),
        migrations.AddConstraint(
            model_name='ledgertransaction',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('unclear', 'gift', 'gift_part', 'fee', 'refund', 'refund_back', 'dispute', 'dispute_won', 'dispute_lost', 'dispute_reversed', 'payout', 'payout_sent', 'shortfall', 'correction'))), name='ledger_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='allocation',
            constraint=models.CheckConstraint(condition=models.Q(('cents__gt', 0)), name='allocation_of_something'),
        ),
        migrations.AddConstraint(
            model_name='allocation',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('line', 'donation'), name='allocation_once'),
        ),
    ]
