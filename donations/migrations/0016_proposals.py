"""Two people about money; and a booking is undone only by its exact mirror."""


import django.db.models.deletion
import foundation.free_texts
from django.conf import settings
from django.db import migrations, models


# The head alone is watched: its entries come in the same database transaction or never.
MIRRORED = """
CREATE FUNCTION donations_ledger_mirrored() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM donations_ledgerentry WHERE transaction_id IN (NEW.id, NEW.reverses_id)
        GROUP BY account_id HAVING sum(amount_cents) <> 0
    ) THEN
        RAISE EXCEPTION 'ledger transaction % is not the mirror of %', NEW.id, NEW.reverses_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER ledger_mirrored AFTER INSERT ON donations_ledgertransaction
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL)
    EXECUTE FUNCTION donations_ledger_mirrored();
"""
NOT_MIRRORED = """
DROP TRIGGER ledger_mirrored ON donations_ledgertransaction;
DROP FUNCTION donations_ledger_mirrored();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0015_ledger_accounts'),
        ('programs', '0007_stop_reasons'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('payout', 'Auszahlung'), ('cover', 'Fehlbetrag ausgleichen')], max_length=10, verbose_name='Art')),
                ('amount_cents', models.PositiveBigIntegerField(verbose_name='Betrag in Cent')),
                ('reason', models.CharField(max_length=300, validators=[foundation.free_texts.FreeText('donations.Proposal.reason')], verbose_name='Grund')),
                ('reference', models.CharField(max_length=25, null=True, unique=True, verbose_name='Verwendungszweck-Code')),
                ('status', models.CharField(choices=[('proposed', 'vorgeschlagen'), ('released', 'freigegeben'), ('declined', 'abgelehnt')], default='proposed', max_length=10)),
                ('status_changed_at', models.DateTimeField()),
                ('proposed_at', models.DateTimeField(verbose_name='vorgeschlagen')),
            ],
            options={
                'verbose_name': 'Vorschlag',
                'verbose_name_plural': 'Vorschläge',
                'ordering': ['proposed_at', 'id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='banktransaction',
            name='bank_line_means_one_thing',
        ),
        migrations.RemoveConstraint(
            model_name='ledgertransaction',
            name='ledger_kind_known',
        ),
        migrations.AddField(
            model_name='ledgertransaction',
            name='reverses',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='donations.ledgertransaction', verbose_name='berichtigt'),
        ),
        migrations.AlterField(
            model_name='ledgertransaction',
            name='kind',
            field=models.CharField(choices=[('unclear', 'ungeklärte Kontobewegung'), ('gift', 'Spende'), ('fee', 'Gebühr'), ('refund', 'Erstattung'), ('refund_back', 'Erstattung misslungen'), ('dispute', 'Rückbuchung'), ('dispute_won', 'Rückbuchung gewonnen'), ('dispute_lost', 'Rückbuchung verloren'), ('dispute_reversed', 'verlorene Rückbuchung zurückgekommen'), ('payout', 'Auszahlung'), ('payout_sent', 'Auszahlung überwiesen'), ('shortfall', 'Fehlbetrag'), ('correction', 'Berichtigung')], max_length=20, verbose_name='Art'),
        ),
        migrations.AddConstraint(
            model_name='ledgertransaction',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('unclear', 'gift', 'fee', 'refund', 'refund_back', 'dispute', 'dispute_won', 'dispute_lost', 'dispute_reversed', 'payout', 'payout_sent', 'shortfall', 'correction'))), name='ledger_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='ledgertransaction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'correction'), ('reverses__isnull', False)), models.Q(models.Q(('kind', 'correction'), _negated=True), ('reverses__isnull', True)), _connector='OR'), name='ledger_correction_reverses'),
        ),
        migrations.AddConstraint(
            model_name='ledgertransaction',
            constraint=models.UniqueConstraint(condition=models.Q(('reverses__isnull', False)), fields=('reverses',), name='ledger_reversed_once'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entschieden von'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='fund',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='programs.fund', verbose_name='Spendenzweck'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='proposed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='vorgeschlagen von'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='provider',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='programs.provider'),
        ),
        migrations.AddField(
            model_name='banktransaction',
            name='payout',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bank_transactions', to='donations.proposal'),
        ),
        migrations.AddConstraint(
            model_name='banktransaction',
            constraint=models.UniqueConstraint(condition=models.Q(('payout__isnull', False)), fields=('payout',), name='bank_line_one_payout'),
        ),
        migrations.AddConstraint(
            model_name='banktransaction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('donation', None), ('refund', None)), models.Q(('donation', None), ('payout', None)), models.Q(('payout', None), ('refund', None)), _connector='OR'), name='bank_line_means_one_thing'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(fields=['provider', 'status', 'proposed_at'], name='proposal_list'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('payout', 'cover'))), name='proposal_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('amount_cents__gt', 0)), name='proposal_moves_something'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='proposal_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_by', None), ('status', 'proposed')), models.Q(('decided_by__isnull', False), ('status', 'declined')), models.Q(('decided_by__isnull', False), ('status', 'released'), models.Q(('decided_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='proposal_released_by_another'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('fund__isnull', False), ('kind__in', ['payout', 'cover'])), name='proposal_is_about_something'),
        ),
        migrations.RunSQL(MIRRORED, NOT_MIRRORED),
    ]
