"""Boxes of cash counted by two, until the bank's line of it is there; every row stays."""

import django.db.models.deletion
import foundation.free_texts
from django.conf import settings
from django.db import migrations, models

_GUARD = """
CREATE FUNCTION donations_cashcount_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['status', 'status_changed_at', 'decided_by_id', 'undone_by_id', 'undone_for', 'line_id'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'cash count % has to be kept', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF to_jsonb(NEW) - free IS DISTINCT FROM to_jsonb(OLD) - free THEN
        RAISE EXCEPTION 'cash count % is never edited', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.status IN ('dropped', 'undone') AND NEW.status <> OLD.status THEN
        RAISE EXCEPTION 'cash count % is decided', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donations_cashcount_guard BEFORE UPDATE OR DELETE ON donations_cashcount
    FOR EACH ROW EXECUTE FUNCTION donations_cashcount_guard();
DROP TRIGGER line_noted ON donations_banktransaction;
CREATE TRIGGER line_noted AFTER UPDATE OF allocated_cents, cash_cents ON donations_banktransaction
    FOR EACH ROW WHEN (NEW.allocated_cents <> OLD.allocated_cents OR NEW.cash_cents <> OLD.cash_cents)
    EXECUTE FUNCTION donations_note_own_id('line');
"""
_UNGUARD = """
DROP TRIGGER line_noted ON donations_banktransaction;
CREATE TRIGGER line_noted AFTER UPDATE OF allocated_cents ON donations_banktransaction
    FOR EACH ROW WHEN (NEW.allocated_cents <> OLD.allocated_cents)
    EXECUTE FUNCTION donations_note_own_id('line');
DROP TRIGGER donations_cashcount_guard ON donations_cashcount;
DROP FUNCTION donations_cashcount_guard();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0029_changed_money'),
        ('programs', '0032_reviews_of_concepts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CashCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('box', models.CharField(max_length=120, validators=[foundation.free_texts.FreeText('donations.CashCount.box')], verbose_name='Box oder Anlass')),
                ('counted_on', models.DateField(verbose_name='gezählt am')),
                ('amount_cents', models.PositiveBigIntegerField(verbose_name='Betrag in Cent')),
                ('pieces', models.JSONField(default=dict, verbose_name='Scheine und Münzen')),
                ('reference', models.CharField(max_length=25, unique=True, verbose_name='Verwendungszweck-Code')),
                ('status', models.CharField(choices=[('proposed', 'wartet auf die zweite Zählung'), ('confirmed', 'von zweien gezählt'), ('dropped', 'verworfen'), ('undone', 'rückgängig gemacht')], default='proposed', max_length=9, verbose_name='Stand')),
                ('status_changed_at', models.DateTimeField()),
                ('proposed_at', models.DateTimeField()),
                ('undone_for', models.CharField(blank=True, max_length=200, validators=[foundation.free_texts.FreeText('donations.CashCount.undone_for')], verbose_name='Grund')),
            ],
            options={
                'verbose_name': 'Zählung einer Spendenbox',
                'verbose_name_plural': 'Zählungen von Spendenboxen',
                'ordering': ['-counted_on', '-id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='ledgertransaction',
            name='ledger_kind_known',
        ),
        migrations.AddField(
            model_name='banktransaction',
            name='cash_cents',
            field=models.BigIntegerField(db_default=0, default=0, verbose_name='davon gezähltes Bargeld, in Cent'),
        ),
        migrations.AlterField(
            model_name='ledgertransaction',
            name='kind',
            field=models.CharField(choices=[('unclear', 'ungeklärte Kontobewegung'), ('gift', 'Spende'), ('gift_part', 'weiterer Teil einer Spende'), ('fee', 'Gebühr'), ('refund', 'Erstattung'), ('refund_back', 'Erstattung misslungen'), ('dispute', 'Rückbuchung'), ('dispute_won', 'Rückbuchung gewonnen'), ('dispute_lost', 'Rückbuchung verloren'), ('dispute_reversed', 'verlorene Rückbuchung zurückgekommen'), ('payout', 'Auszahlung'), ('payout_sent', 'Auszahlung überwiesen'), ('shortfall', 'Fehlbetrag'), ('correction', 'Berichtigung'), ('reallocation', 'Umwidmung'), ('transit', 'von Stripe unterwegs zur Bank'), ('arrival', 'von Stripe auf dem Konto'), ('transit_back', 'zurück bei Stripe'), ('collection', 'Spendenbox gezählt'), ('deposit', 'Bargeld eingezahlt')], max_length=20, verbose_name='Art'),
        ),
        migrations.AddConstraint(
            model_name='banktransaction',
            constraint=models.CheckConstraint(condition=models.Q(('cash_cents', 0), models.Q(('allocated_cents', 0), ('amount_cents__gt', 0), ('cancelled_at', None), ('cash_cents', models.F('amount_cents')), ('payout', None), ('refund', None), ('transit', None)), _connector='OR'), name='bank_line_of_cash_means_nothing_else'),
        ),
        migrations.AddConstraint(
            model_name='ledgertransaction',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('unclear', 'gift', 'gift_part', 'fee', 'refund', 'refund_back', 'dispute', 'dispute_won', 'dispute_lost', 'dispute_reversed', 'payout', 'payout_sent', 'shortfall', 'correction', 'reallocation', 'transit', 'arrival', 'transit_back', 'collection', 'deposit'))), name='ledger_kind_known'),
        ),
        migrations.AddField(
            model_name='cashcount',
            name='counted_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='gezählt von'),
        ),
        migrations.AddField(
            model_name='cashcount',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='nachgezählt von'),
        ),
        migrations.AddField(
            model_name='cashcount',
            name='fund',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.fund', verbose_name='Spendenzweck'),
        ),
        migrations.AddField(
            model_name='cashcount',
            name='line',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cash_counts', to='donations.banktransaction', verbose_name='Einzahlung'),
        ),
        migrations.AddField(
            model_name='cashcount',
            name='provider',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='cash_counts', to='programs.provider'),
        ),
        migrations.AddField(
            model_name='cashcount',
            name='undone_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='cashcount',
            index=models.Index(fields=['provider', 'status', '-counted_on'], name='cash_list'),
        ),
        migrations.AddConstraint(
            model_name='cashcount',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['proposed', 'confirmed', 'dropped', 'undone'])), name='cash_status_known'),
        ),
        migrations.AddConstraint(
            model_name='cashcount',
            constraint=models.CheckConstraint(condition=models.Q(('amount_cents__gt', 0)), name='cash_of_something'),
        ),
        migrations.AddConstraint(
            model_name='cashcount',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_by', None), ('status', 'proposed')), models.Q(('decided_by__isnull', False), ('status', 'dropped')), models.Q(('decided_by__isnull', False), ('status__in', ['confirmed', 'undone']), models.Q(('decided_by', models.F('counted_by')), _negated=True)), _connector='OR'), name='cash_counted_by_two'),
        ),
        migrations.AddConstraint(
            model_name='cashcount',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'undone'), ('undone_by__isnull', False), models.Q(('undone_for', ''), _negated=True)), models.Q(models.Q(('status', 'undone'), _negated=True), ('undone_by', None), ('undone_for', '')), _connector='OR'), name='cash_undone_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='cashcount',
            constraint=models.CheckConstraint(condition=models.Q(('line', None), ('status', 'confirmed'), _connector='OR'), name='cash_paid_in_is_confirmed'),
        ),
        migrations.RunSQL(_GUARD, _UNGUARD),
    ]
