"""Whether the city takes a large gift stands beside its status, with who decided it; two people decide."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Who accepted a gift so far stands in the history; there was no second person to name.
CARRY_OVER = """
UPDATE donations_donation
SET acceptance = CASE WHEN accepted_at IS NULL THEN 'awaiting' ELSE 'accepted' END, acceptance_at = accepted_at
WHERE needs_acceptance AND received_at IS NOT NULL;
UPDATE donations_donation SET status = 'received' WHERE status = 'received_subject_to_acceptance';
"""
CARRY_BACK = """
UPDATE donations_donation SET needs_acceptance = true,
    accepted_at = CASE WHEN acceptance = 'accepted' THEN acceptance_at END
WHERE acceptance <> 'not_needed';
UPDATE donations_donation SET status = 'received_subject_to_acceptance'
WHERE status = 'received' AND needs_acceptance AND accepted_at IS NULL;
"""
FOLLOW = """
CREATE TRIGGER history_follow AFTER INSERT OR UPDATE OR DELETE ON donations_acceptancerule
    FOR EACH ROW EXECUTE FUNCTION foundation_follow('donations', 'acceptancerule', 'id', '', 'except', 'id');
"""
FORGET = "DROP TRIGGER history_follow ON donations_acceptancerule;"


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0018_recalled_proposals'),
        ('programs', '0013_short_names_of_districts'),
        ('foundation', '0003_history_guard'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AcceptanceRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_cents', models.PositiveBigIntegerField(help_text='Alle Spenden derselben Person oder Organisation werden zusammengezählt.', verbose_name='ab so viel in einem Kalenderjahr, in Cent')),
                ('valid_from', models.DateField(verbose_name='gilt ab')),
                ('source', models.CharField(help_text='Zum Beispiel: Zuständigkeitsordnung, § 4 Absatz 2.', max_length=300, verbose_name='Quelle')),
            ],
            options={
                'verbose_name': 'Regel für die Annahme von Spenden',
                'verbose_name_plural': 'Regeln für die Annahme von Spenden',
                'ordering': ['provider', '-valid_from'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='donation',
            name='donation_status_known',
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
            model_name='donation',
            name='acceptance',
            field=models.CharField(choices=[('not_needed', 'nicht nötig'), ('awaiting', 'Annahme vorbehalten'), ('accepted', 'angenommen'), ('refused', 'nicht angenommen')], db_default='not_needed', default='not_needed', max_length=10, verbose_name='Annahme durch die Stadt'),
        ),
        migrations.AddField(
            model_name='donation',
            name='acceptance_at',
            field=models.DateTimeField(null=True, verbose_name='darüber entschieden'),
        ),
        migrations.AddField(
            model_name='donation',
            name='acceptance_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entschieden von'),
        ),
        migrations.RunSQL(CARRY_OVER, CARRY_BACK),
        migrations.RemoveConstraint(
            model_name='donation',
            name='donation_awaits_acceptance',
        ),
        migrations.RemoveField(
            model_name='donation',
            name='accepted_at',
        ),
        migrations.RemoveField(
            model_name='donation',
            name='needs_acceptance',
        ),
        migrations.AlterField(
            model_name='donation',
            name='status',
            field=models.CharField(choices=[('pledged', 'zugesagt'), ('processing', 'in Bearbeitung'), ('received', 'eingegangen'), ('partly_refunded', 'teilweise erstattet'), ('refunded', 'erstattet'), ('disputed', 'bestritten'), ('lost', 'zurückgebucht'), ('lapsed', 'nicht zustande gekommen')], default='pledged', max_length=32),
        ),
        migrations.AlterField(
            model_name='proposal',
            name='kind',
            field=models.CharField(choices=[('payout', 'Auszahlung'), ('cover', 'Fehlbetrag ausgleichen'), ('refund', 'Erstattung'), ('correction', 'Berichtigung'), ('acceptance', 'Annahme durch die Stadt'), ('refusal', 'Nichtannahme durch die Stadt')], max_length=10, verbose_name='Art'),
        ),
        migrations.AddIndex(
            model_name='donation',
            index=models.Index(condition=models.Q(('acceptance__in', ['awaiting', 'refused'])), fields=['fund'], name='donation_not_accepted'),
        ),
        migrations.AddConstraint(
            model_name='donation',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['pledged', 'processing', 'received', 'partly_refunded', 'refunded', 'disputed', 'lost', 'lapsed'])), name='donation_status_known'),
        ),
        migrations.AddConstraint(
            model_name='donation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('acceptance__in', ['not_needed', 'awaiting']), ('acceptance_at', None), ('acceptance_by', None)), models.Q(('acceptance__in', ['accepted', 'refused']), ('acceptance_at__isnull', False)), _connector='OR'), name='donation_acceptance_known'),
        ),
        migrations.AddConstraint(
            model_name='donation',
            constraint=models.CheckConstraint(condition=models.Q(('acceptance', 'not_needed'), ('received_at__isnull', False), _connector='OR'), name='donation_acceptance_of_what_came'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('payout', 'cover', 'refund', 'correction', 'acceptance', 'refusal'))), name='proposal_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount_cents__isnull', False), ('fund__isnull', False), ('kind__in', ['payout', 'cover'])), models.Q(('amount_cents__isnull', False), ('donation__isnull', False), ('kind__in', ['refund', 'acceptance', 'refusal'])), models.Q(('kind', 'correction'), ('line__isnull', False)), _connector='OR'), name='proposal_is_about_something'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', ['acceptance', 'refusal']), ('status', 'proposed')), fields=('donation',), name='proposal_one_about_acceptance'),
        ),
        migrations.AddField(
            model_name='acceptancerule',
            name='provider',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acceptance_rules', to='programs.provider', verbose_name='Träger'),
        ),
        migrations.AddConstraint(
            model_name='acceptancerule',
            constraint=models.CheckConstraint(condition=models.Q(('from_cents__gt', 0)), name='acceptance_rule_from_something'),
        ),
        migrations.AddConstraint(
            model_name='acceptancerule',
            constraint=models.UniqueConstraint(fields=('provider', 'valid_from'), name='acceptance_rule_one_a_day'),
        ),
        migrations.RunSQL(FOLLOW, FORGET),
    ]
