"""One line of the bank that left is several payouts and refunds, as two people say of it."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

_NOTE = """
DROP TRIGGER line_noted ON donations_banktransaction;
CREATE TRIGGER line_noted
    AFTER UPDATE OF allocated_cents, cash_cents, fee_id, found_by_id, refund_id, payout_id, sent_cents
    ON donations_banktransaction
    FOR EACH ROW WHEN (NEW.allocated_cents <> OLD.allocated_cents OR NEW.cash_cents <> OLD.cash_cents
        OR NEW.fee_id IS DISTINCT FROM OLD.fee_id OR NEW.found_by_id IS DISTINCT FROM OLD.found_by_id
        OR NEW.refund_id IS DISTINCT FROM OLD.refund_id OR NEW.payout_id IS DISTINCT FROM OLD.payout_id
        OR NEW.sent_cents IS DISTINCT FROM OLD.sent_cents)
    EXECUTE FUNCTION donations_note_own_id('line');
CREATE FUNCTION donations_note_sent_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO donations_changedmoney (line_id)
        SELECT line_id FROM donations_proposal WHERE id IN (OLD.proposal_id, NEW.proposal_id);
    RETURN NULL;
END $$;
CREATE TRIGGER sent_part_noted AFTER INSERT OR UPDATE OR DELETE ON donations_sentpart
    FOR EACH ROW EXECUTE FUNCTION donations_note_sent_part();
"""
_NOTE_AS_BEFORE = """
DROP TRIGGER sent_part_noted ON donations_sentpart;
DROP FUNCTION donations_note_sent_part();
DROP TRIGGER line_noted ON donations_banktransaction;
CREATE TRIGGER line_noted AFTER UPDATE OF allocated_cents, cash_cents, fee_id, found_by_id, refund_id, payout_id
    ON donations_banktransaction
    FOR EACH ROW WHEN (NEW.allocated_cents <> OLD.allocated_cents OR NEW.cash_cents <> OLD.cash_cents
        OR NEW.fee_id IS DISTINCT FROM OLD.fee_id OR NEW.found_by_id IS DISTINCT FROM OLD.found_by_id
        OR NEW.refund_id IS DISTINCT FROM OLD.refund_id OR NEW.payout_id IS DISTINCT FROM OLD.payout_id)
    EXECUTE FUNCTION donations_note_own_id('line');
"""


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0049_words_are_found_at_once'),
        ('programs', '0052_rows_without_names'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SentPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cents', models.PositiveBigIntegerField(verbose_name='Betrag in Cent')),
                ('key', models.CharField(max_length=60, null=True, unique=True, verbose_name='Buchungsschlüssel')),
            ],
            options={
                'verbose_name': 'Teil eines Abgangs',
                'verbose_name_plural': 'Teile von Abgängen',
                'ordering': ['id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='banktransaction',
            name='bank_line_found_is_something',
        ),
        migrations.RemoveConstraint(
            model_name='proposal',
            name='proposal_is_about_something',
        ),
        migrations.AddField(
            model_name='banktransaction',
            name='sent_cents',
            field=models.BigIntegerField(null=True, verbose_name='davon mehrere Freigaben, in Cent'),
        ),
        migrations.AddConstraint(
            model_name='banktransaction',
            constraint=models.CheckConstraint(condition=models.Q(('found_by', None), models.Q(('amount_cents__lt', 0), models.Q(('refund__isnull', False), ('payout__isnull', False), ('sent_cents__isnull', False), _connector='OR')), _connector='OR'), name='bank_line_found_is_something'),
        ),
        migrations.AddConstraint(
            model_name='banktransaction',
            constraint=models.CheckConstraint(condition=models.Q(('sent_cents', None), models.Q(('amount_cents', django.db.models.expressions.CombinedExpression(models.F('sent_cents'), '*', models.Value(-1))), ('booked_at__isnull', False), ('cancelled_at', None), ('fee', None), ('found_by__isnull', False), ('payout', None), ('refund', None), ('transit', None)), _connector='OR'), name='bank_line_of_several_means_nothing_else'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount_cents__isnull', False), ('fund__isnull', False), ('kind__in', ['payout', 'cover'])), models.Q(('amount_cents__isnull', False), ('donation__isnull', False), ('kind__in', ['refund', 'acceptance', 'refusal'])), models.Q(('kind', 'correction'), ('line__isnull', False)), models.Q(('amount_cents__isnull', False), ('kind__in', ['bank_fee', 'fee_cover', 'sent']), ('line__isnull', False)), models.Q(('kind', 'account'), models.Q(('iban', ''), _negated=True), models.Q(('account_holder_name', ''), _negated=True)), models.Q(('amount_cents__isnull', False), ('donation__isnull', False), ('fund__isnull', False), ('kind', 'reallocation'), ('to_fund__isnull', False)), _connector='OR'), name='proposal_is_about_something'),
        ),
        migrations.AddField(
            model_name='sentpart',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sent_parts', to='donations.proposal', verbose_name='Freigabe, die damit bezahlt ist'),
        ),
        migrations.AddField(
            model_name='sentpart',
            name='proposal',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='donations.proposal', verbose_name='Vorschlag'),
        ),
        migrations.AddConstraint(
            model_name='sentpart',
            constraint=models.CheckConstraint(condition=models.Q(('cents__gt', 0)), name='sent_part_of_something'),
        ),
        migrations.AddConstraint(
            model_name='sentpart',
            constraint=models.UniqueConstraint(fields=('proposal', 'order'), name='sent_part_once'),
        ),
        migrations.AddConstraint(
            model_name='sentpart',
            constraint=models.UniqueConstraint(condition=models.Q(('key__isnull', False)), fields=('order',), name='sent_part_one_line_of_order'),
        ),
        migrations.RunSQL(_NOTE, _NOTE_AS_BEFORE),
    ]
