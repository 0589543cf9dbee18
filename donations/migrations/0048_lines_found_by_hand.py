"""Of a line that left without a code two people say which refund or payout it is; fees come back and are covered."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_NOTE = """
DROP TRIGGER line_noted ON donations_banktransaction;
CREATE TRIGGER line_noted AFTER UPDATE OF allocated_cents, cash_cents, fee_id, found_by_id, refund_id, payout_id
    ON donations_banktransaction
    FOR EACH ROW WHEN (NEW.allocated_cents <> OLD.allocated_cents OR NEW.cash_cents <> OLD.cash_cents
        OR NEW.fee_id IS DISTINCT FROM OLD.fee_id OR NEW.found_by_id IS DISTINCT FROM OLD.found_by_id
        OR NEW.refund_id IS DISTINCT FROM OLD.refund_id OR NEW.payout_id IS DISTINCT FROM OLD.payout_id)
    EXECUTE FUNCTION donations_note_own_id('line');
"""
_NOTE_AS_BEFORE = """
DROP TRIGGER line_noted ON donations_banktransaction;
CREATE TRIGGER line_noted AFTER UPDATE OF allocated_cents, cash_cents, fee_id ON donations_banktransaction
    FOR EACH ROW WHEN (NEW.allocated_cents <> OLD.allocated_cents OR NEW.cash_cents <> OLD.cash_cents
        OR NEW.fee_id IS DISTINCT FROM OLD.fee_id)
    EXECUTE FUNCTION donations_note_own_id('line');
"""


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0047_amounts_that_can_be'),
        ('programs', '0050_amounts_that_can_be'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='banktransaction',
            name='bank_line_of_fee_means_nothing_else',
        ),
        migrations.RemoveConstraint(
            model_name='ledgertransaction',
            name='ledger_kind_known',
        ),
        migrations.RemoveConstraint(
            model_name='proposal',
            name='proposal_released_by_another',
        ),
        migrations.RemoveConstraint(
            model_name='proposal',
            name='proposal_kind_known',
        ),
        migrations.RemoveConstraint(
            model_name='proposal',
            name='proposal_is_about_something',
        ),
        migrations.RemoveConstraint(
            model_name='proposal',
            name='proposal_one_bank_fee_of_line',
        ),
        migrations.AddField(
            model_name='banktransaction',
            name='found_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='donations.proposal', verbose_name='von Hand zugeordnet'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='order',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='found_lines', to='donations.proposal', verbose_name='Freigabe, die damit bezahlt ist'),
        ),
        migrations.AlterField(
            model_name='ledgertransaction',
            name='kind',
            field=models.CharField(choices=[('unclear', 'ungeklärte Kontobewegung'), ('gift', 'Spende'), ('gift_part', 'weiterer Teil einer Spende'), ('fee', 'Gebühr'), ('refund', 'Erstattung'), ('refund_back', 'Erstattung misslungen'), ('dispute', 'Rückbuchung'), ('dispute_won', 'Rückbuchung gewonnen'), ('dispute_lost', 'Rückbuchung verloren'), ('dispute_reversed', 'verlorene Rückbuchung zurückgekommen'), ('payout', 'Auszahlung'), ('payout_sent', 'Auszahlung überwiesen'), ('shortfall', 'Fehlbetrag'), ('correction', 'Berichtigung'), ('reallocation', 'Umwidmung'), ('moved', 'auf das richtige Bankkonto'), ('transit', 'von Stripe unterwegs zur Bank'), ('arrival', 'von Stripe auf dem Konto'), ('transit_back', 'zurück bei Stripe'), ('collection', 'Spendenbox gezählt'), ('deposit', 'Bargeld eingezahlt'), ('fee_cover', 'Gebühren aus eigenem Geld getragen')], max_length=20, verbose_name='Art'),
        ),
        migrations.AlterField(
            model_name='proposal',
            name='kind',
            field=models.CharField(choices=[('payout', 'Auszahlung'), ('cover', 'Fehlbetrag ausgleichen'), ('refund', 'Erstattung'), ('correction', 'Berichtigung'), ('acceptance', 'Annahme einer Spende'), ('refusal', 'Nichtannahme einer Spende'), ('reallocation', 'Umwidmung'), ('account', 'Bankverbindung'), ('bank_fee', 'Gebühr der Bank'), ('fee_cover', 'Eigenes Geld für Gebühren'), ('sent', 'Überweisung ohne Code')], max_length=12, verbose_name='Art'),
        ),
        migrations.AlterField(
            model_name='proposal',
            name='status',
            field=models.CharField(choices=[('proposed', 'vorgeschlagen'), ('released', 'freigegeben'), ('declined', 'abgelehnt'), ('recalled', 'freigegeben und zurückgezogen'), ('lapsed', 'hinfällig')], default='proposed', max_length=10, verbose_name='Stand'),
        ),
        migrations.AddConstraint(
            model_name='banktransaction',
            constraint=models.CheckConstraint(condition=models.Q(('fee', None), models.Q(('allocated_cents', 0), ('booked_at__isnull', False), ('cancelled_at', None), ('cash_cents', 0), ('payout', None), ('refund', None), ('transit', None)), _connector='OR'), name='bank_line_of_fee_means_nothing_else'),
        ),
        migrations.AddConstraint(
            model_name='banktransaction',
            constraint=models.CheckConstraint(condition=models.Q(('found_by', None), models.Q(('amount_cents__lt', 0), models.Q(('refund__isnull', False), ('payout__isnull', False), _connector='OR')), _connector='OR'), name='bank_line_found_is_something'),
        ),
        migrations.AddConstraint(
            model_name='ledgertransaction',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('unclear', 'gift', 'gift_part', 'fee', 'refund', 'refund_back', 'dispute', 'dispute_won', 'dispute_lost', 'dispute_reversed', 'payout', 'payout_sent', 'shortfall', 'correction', 'reallocation', 'moved', 'transit', 'arrival', 'transit_back', 'collection', 'deposit', 'fee_cover'))), name='ledger_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('payout', 'cover', 'refund', 'correction', 'acceptance', 'refusal', 'reallocation', 'account', 'bank_fee', 'fee_cover', 'sent'))), name='proposal_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_by', None), ('status__in', ['proposed', 'lapsed'])), models.Q(('decided_by__isnull', False), ('status', 'declined')), models.Q(('decided_by__isnull', False), ('status__in', ['released', 'recalled']), models.Q(('decided_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='proposal_released_by_another'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount_cents__isnull', False), ('fund__isnull', False), ('kind__in', ['payout', 'cover'])), models.Q(('amount_cents__isnull', False), ('donation__isnull', False), ('kind__in', ['refund', 'acceptance', 'refusal'])), models.Q(('kind', 'correction'), ('line__isnull', False)), models.Q(('amount_cents__isnull', False), ('kind__in', ['bank_fee', 'fee_cover']), ('line__isnull', False)), models.Q(('amount_cents__isnull', False), ('kind', 'sent'), ('line__isnull', False), ('order__isnull', False)), models.Q(('kind', 'account'), models.Q(('iban', ''), _negated=True), models.Q(('account_holder_name', ''), _negated=True)), models.Q(('amount_cents__isnull', False), ('donation__isnull', False), ('fund__isnull', False), ('kind', 'reallocation'), ('to_fund__isnull', False)), _connector='OR'), name='proposal_is_about_something'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', ['bank_fee', 'fee_cover', 'sent']), ('status', 'proposed')), fields=('line',), name='proposal_one_meaning_of_line'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'proposed')), fields=('order',), name='proposal_one_line_of_order'),
        ),
        migrations.RunSQL(_NOTE, _NOTE_AS_BEFORE),
    ]
