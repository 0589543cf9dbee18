"""Corrections and refunds by two people; what is known of a refund is its status."""
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


FAILED_ALREADY = """
UPDATE donations_refund SET status = 'failed', status_changed_at = failed_at WHERE failed_at IS NOT NULL;
UPDATE donations_refund SET status_changed_at = refunded_at WHERE failed_at IS NULL;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0016_proposals'),
        ('programs', '0011_appeal'),
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
            name='cancelled_at',
            field=models.DateTimeField(null=True, verbose_name='storniert'),
        ),
        migrations.AddField(
            model_name='donation',
            name='promised_cents',
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='proposal',
            name='donation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='donations.donation', verbose_name='Spende'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='line',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='donations.banktransaction', verbose_name='Kontobewegung'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='target',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='donations.donation', verbose_name='richtige Spende'),
        ),
        migrations.AddField(
            model_name='refund',
            name='proposal',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='donations.proposal'),
        ),
        migrations.AddField(
            model_name='refund',
            name='status',
            field=models.CharField(choices=[('pending', 'unterwegs'), ('succeeded', 'erstattet'), ('failed', 'misslungen'), ('cancelled', 'nicht ausgeführt')], default='succeeded', max_length=9),
        ),
        migrations.AddField(
            model_name='refund',
            name='status_changed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='proposal',
            name='amount_cents',
            field=models.PositiveBigIntegerField(null=True, verbose_name='Betrag in Cent'),
        ),
        migrations.AlterField(
            model_name='proposal',
            name='kind',
            field=models.CharField(choices=[('payout', 'Auszahlung'), ('cover', 'Fehlbetrag ausgleichen'), ('refund', 'Erstattung'), ('correction', 'Berichtigung')], max_length=10, verbose_name='Art'),
        ),
        migrations.AddConstraint(
            model_name='banktransaction',
            constraint=models.CheckConstraint(condition=models.Q(('cancelled_at', None), models.Q(('donation', None), ('payout', None), ('refund', None), ('statement_key', None)), _connector='OR'), name='bank_line_cancelled_means_nothing'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('payout', 'cover', 'refund', 'correction'))), name='proposal_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount_cents__isnull', False), ('fund__isnull', False), ('kind__in', ['payout', 'cover'])), models.Q(('amount_cents__isnull', False), ('donation__isnull', False), ('kind', 'refund')), models.Q(('kind', 'correction'), ('line__isnull', False)), _connector='OR'), name='proposal_is_about_something'),
        ),
        migrations.RunSQL(FAILED_ALREADY, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('failed_at__isnull', False), ('status', 'failed')), models.Q(('failed_at', None), ('status__in', ['pending', 'succeeded', 'cancelled'])), _connector='OR'), name='refund_status_known'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.UniqueConstraint(condition=models.Q(('proposal__isnull', False)), fields=('proposal',), name='refund_ordered_once'),
        ),
    ]
