"""What a bank takes for itself: two people say which line of it is a fee of the body."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_NOTE = """
DROP TRIGGER line_noted ON donations_banktransaction;
CREATE TRIGGER line_noted AFTER UPDATE OF allocated_cents, cash_cents, fee_id ON donations_banktransaction
    FOR EACH ROW WHEN (NEW.allocated_cents <> OLD.allocated_cents OR NEW.cash_cents <> OLD.cash_cents
        OR NEW.fee_id IS DISTINCT FROM OLD.fee_id)
    EXECUTE FUNCTION donations_note_own_id('line');
"""
_NOTE_AS_BEFORE = """
DROP TRIGGER line_noted ON donations_banktransaction;
CREATE TRIGGER line_noted AFTER UPDATE OF allocated_cents, cash_cents ON donations_banktransaction
    FOR EACH ROW WHEN (NEW.allocated_cents <> OLD.allocated_cents OR NEW.cash_cents <> OLD.cash_cents)
    EXECUTE FUNCTION donations_note_own_id('line');
"""


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0045_settled_refunds'),
        ('programs', '0049_name_of_any_city'),
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
            model_name='banktransaction',
            name='fee',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='donations.proposal', verbose_name='Gebühr der Bank'),
        ),
        migrations.AlterField(
            model_name='proposal',
            name='kind',
            field=models.CharField(choices=[('payout', 'Auszahlung'), ('cover', 'Fehlbetrag ausgleichen'), ('refund', 'Erstattung'), ('correction', 'Berichtigung'), ('acceptance', 'Annahme einer Spende'), ('refusal', 'Nichtannahme einer Spende'), ('reallocation', 'Umwidmung'), ('account', 'Bankverbindung'), ('bank_fee', 'Gebühr der Bank')], max_length=12, verbose_name='Art'),
        ),
        migrations.AddConstraint(
            model_name='banktransaction',
            constraint=models.CheckConstraint(condition=models.Q(('fee', None), models.Q(('amount_cents__lt', 0), ('booked_at__isnull', False), ('cancelled_at', None), ('payout', None), ('refund', None), ('transit', None)), _connector='OR'), name='bank_line_of_fee_means_nothing_else'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('payout', 'cover', 'refund', 'correction', 'acceptance', 'refusal', 'reallocation', 'account', 'bank_fee'))), name='proposal_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount_cents__isnull', False), ('fund__isnull', False), ('kind__in', ['payout', 'cover'])), models.Q(('amount_cents__isnull', False), ('donation__isnull', False), ('kind__in', ['refund', 'acceptance', 'refusal'])), models.Q(('kind', 'correction'), ('line__isnull', False)), models.Q(('amount_cents__isnull', False), ('kind', 'bank_fee'), ('line__isnull', False)), models.Q(('kind', 'account'), models.Q(('iban', ''), _negated=True), models.Q(('account_holder_name', ''), _negated=True)), models.Q(('amount_cents__isnull', False), ('donation__isnull', False), ('fund__isnull', False), ('kind', 'reallocation'), ('to_fund__isnull', False)), _connector='OR'), name='proposal_is_about_something'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'bank_fee'), ('status', 'proposed')), fields=('line',), name='proposal_one_bank_fee_of_line'),
        ),
        migrations.RunSQL(_NOTE, _NOTE_AS_BEFORE),
    ]
