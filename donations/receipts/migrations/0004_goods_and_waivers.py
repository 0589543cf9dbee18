"""Goods and waived expenses on receipts, and gifts that a public body passes on; every row stays."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_GUARD = """
CREATE FUNCTION receipts_contribution_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['status', 'status_changed_at', 'decided_by_id', 'undone_by_id', 'undone_for',
        'proposed_by_id', 'restricted_at'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF extract(year FROM OLD.given_on) >= extract(year FROM now() AT TIME ZONE 'Europe/Berlin') - 10 THEN
            RAISE EXCEPTION 'contribution % has to be kept', OLD.id USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF to_jsonb(NEW) - free IS DISTINCT FROM to_jsonb(OLD) - free THEN
        RAISE EXCEPTION 'contribution % is never edited', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.status IN ('dropped', 'undone') AND NEW.status <> OLD.status THEN
        RAISE EXCEPTION 'contribution % is decided', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER receipts_contribution_guard BEFORE UPDATE OR DELETE ON receipts_contribution
    FOR EACH ROW EXECUTE FUNCTION receipts_contribution_guard();
"""
_UNGUARD = """
DROP TRIGGER receipts_contribution_guard ON receipts_contribution;
DROP FUNCTION receipts_contribution_guard();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0023_account_by_two'),
        ('programs', '0018_roles'),
        ('receipts', '0003_purpose_of_item'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Contribution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('goods', 'Sachspende'), ('waiver', 'Verzicht auf Erstattung von Aufwendungen')], max_length=6, verbose_name='Art')),
                ('status', models.CharField(choices=[('proposed', 'wartet auf die zweite Person'), ('confirmed', 'bestätigt'), ('dropped', 'verworfen'), ('undone', 'rückgängig gemacht')], default='proposed', max_length=9, verbose_name='Stand')),
                ('status_changed_at', models.DateTimeField()),
                ('name', models.CharField(max_length=120, verbose_name='Name')),
                ('street', models.CharField(max_length=120, verbose_name='Straße und Hausnummer')),
                ('postcode', models.CharField(max_length=10, verbose_name='Postleitzahl')),
                ('town', models.CharField(max_length=80, verbose_name='Ort')),
                ('given_on', models.DateField(verbose_name='Tag der Zuwendung')),
                ('value_cents', models.PositiveBigIntegerField(verbose_name='Wert in Cent')),
                ('vat_cents', models.PositiveBigIntegerField(default=0, verbose_name='darin Umsatzsteuer in Cent')),
                ('description', models.CharField(max_length=300, verbose_name='Genaue Bezeichnung')),
                ('age', models.CharField(blank=True, max_length=60, verbose_name='Alter')),
                ('condition', models.CharField(blank=True, max_length=80, verbose_name='Zustand')),
                ('purchase_price', models.CharField(blank=True, max_length=60, verbose_name='Kaufpreis')),
                ('origin', models.CharField(blank=True, choices=[('private', 'Privatvermögen'), ('business', 'Betriebsvermögen'), ('unknown', 'trotz Nachfrage keine Angabe')], max_length=8, verbose_name='Herkunft')),
                ('basis', models.CharField(max_length=300, verbose_name='Wie der Wert ermittelt wurde')),
                ('has_documents', models.BooleanField(default=False, verbose_name='Unterlagen zum Wert liegen vor')),
                ('claim', models.CharField(blank=True, choices=[('contract', 'Vertrag'), ('statutes', 'Satzung, oder Beschluss auf deren Grundlage')], max_length=8, verbose_name='Anspruch aus')),
                ('claim_on', models.DateField(null=True, verbose_name='Anspruch eingeräumt am')),
                ('spent_on', models.DateField(null=True, verbose_name='Tag des Aufwands')),
                ('accepted_on', models.DateField(null=True, verbose_name='Annahme durch die Stadt am')),
                ('accepted_by', models.CharField(blank=True, max_length=120, verbose_name='Angenommen von')),
                ('wants_receipt', models.BooleanField(default=False, verbose_name='Bestätigung gewünscht')),
                ('proposed_at', models.DateTimeField()),
                ('undone_for', models.CharField(blank=True, max_length=200, verbose_name='Grund')),
                ('restricted_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'Sachspende oder Aufwandsverzicht',
                'verbose_name_plural': 'Sachspenden und Aufwandsverzichte',
                'ordering': ['-given_on', '-id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='receipt',
            name='receipt_kind_known',
        ),
        migrations.AddField(
            model_name='issuer',
            name='forwarding',
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AlterField(
            model_name='receipt',
            name='kind',
            field=models.CharField(choices=[('money', 'Geldzuwendung'), ('collective', 'Sammelbestätigung'), ('goods', 'Sachzuwendung'), ('waiver', 'Verzicht auf Aufwendungen')], max_length=10, verbose_name='Art'),
        ),
        migrations.AlterField(
            model_name='receiptitem',
            name='donation',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receipt_items', to='donations.donation'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['money', 'collective', 'goods', 'waiver'])), name='receipt_kind_known'),
        ),
        migrations.AddField(
            model_name='contribution',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='contribution',
            name='donor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contributions', to='donations.donor'),
        ),
        migrations.AddField(
            model_name='contribution',
            name='fund',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.fund', verbose_name='Spendenzweck'),
        ),
        migrations.AddField(
            model_name='contribution',
            name='proposed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='contribution',
            name='provider',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='contributions', to='programs.provider', verbose_name='Träger'),
        ),
        migrations.AddField(
            model_name='contribution',
            name='undone_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='receiptitem',
            name='contribution',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receipt_items', to='receipts.contribution'),
        ),
        migrations.AddIndex(
            model_name='receiptitem',
            index=models.Index(condition=models.Q(('contribution__isnull', False)), fields=['contribution'], name='receipt_item_of_contribution'),
        ),
        migrations.AddConstraint(
            model_name='receiptitem',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('contribution',), name='contribution_one_valid_receipt'),
        ),
        migrations.AddConstraint(
            model_name='receiptitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('contribution', None), ('donation__isnull', False)), models.Q(('contribution__isnull', False), ('donation', None)), _connector='OR'), name='receipt_item_of_one_gift'),
        ),
        migrations.AddIndex(
            model_name='contribution',
            index=models.Index(fields=['provider', 'status', '-given_on'], name='contribution_list'),
        ),
        migrations.AddConstraint(
            model_name='contribution',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['proposed', 'confirmed', 'dropped', 'undone'])), name='contribution_status_known'),
        ),
        migrations.AddConstraint(
            model_name='contribution',
            constraint=models.CheckConstraint(condition=models.Q(('value_cents__gt', 0), ('vat_cents__lt', models.F('value_cents'))), name='contribution_has_value'),
        ),
        migrations.AddConstraint(
            model_name='contribution',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('claim', ''), ('claim_on', None), ('kind', 'goods'), ('origin__in', ['private', 'business', 'unknown']), ('spent_on', None)), models.Q(('claim__in', ['contract', 'statutes']), ('claim_on__lte', models.F('spent_on')), ('given_on__gte', models.F('spent_on')), ('kind', 'waiver'), ('origin', '')), _connector='OR'), name='contribution_says_what_its_kind_needs'),
        ),
        migrations.AddConstraint(
            model_name='contribution',
            constraint=models.CheckConstraint(condition=models.Q(('vat_cents', 0), ('origin', 'business'), _connector='OR'), name='contribution_tax_of_business'),
        ),
        migrations.AddConstraint(
            model_name='contribution',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), ('proposed_by', None), ('status', 'dropped'), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='contribution_two_persons'),
        ),
        migrations.AddConstraint(
            model_name='contribution',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'undone'), models.Q(('undone_for', ''), _negated=True)), models.Q(models.Q(('status', 'undone'), _negated=True), ('undone_for', '')), _connector='OR'), name='contribution_undone_has_reason'),
        ),
        migrations.RunSQL(_GUARD, _UNGUARD),
    ]
