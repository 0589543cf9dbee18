"""What a statement tells of a line beside its text, and under which Gläubiger-ID a body has debits collected."""

import django.db.models.deletion
import donations.models.creditor
from django.db import migrations, models

_FOLLOW = """
CREATE TRIGGER history_follow AFTER INSERT OR UPDATE OR DELETE ON donations_creditorid
    FOR EACH ROW EXECUTE FUNCTION foundation_follow('donations', 'creditorid', 'id', '', 'except', 'id');
"""
_FORGET = "DROP TRIGGER history_follow ON donations_creditorid;"


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0051_day_of_debit'),
        ('programs', '0053_words_are_found_at_once'),
        ('foundation', '0003_history_guard'),
    ]

    operations = [
        migrations.AddField(
            model_name='banktransaction',
            name='refs',
            field=models.CharField(blank=True, db_default='', default='', max_length=500, verbose_name='Referenzen'),
        ),
        migrations.AddField(
            model_name='banktransaction',
            name='valued_on',
            field=models.DateField(null=True, verbose_name='Wertstellung'),
        ),
        migrations.CreateModel(
            name='CreditorId',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('creditor_id', models.CharField(help_text='Nur eine eigene des Trägers, die auf dem Kontoauszug der Spender*innen steht. Die des Zahlungsdienstes gehört nicht hierher.', max_length=35, validators=[donations.models.creditor.a_creditor_id], verbose_name='Gläubiger-Identifikationsnummer')),
                ('valid_from', models.DateField(verbose_name='gilt ab')),
                ('source', models.CharField(help_text='Zum Beispiel: Bescheid der Deutschen Bundesbank und Auszug einer Probelastschrift.', max_length=300, verbose_name='Quelle')),
                ('provider', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='creditor_ids', to='programs.provider', verbose_name='Träger')),
            ],
            options={
                'verbose_name': 'Gläubiger-Identifikationsnummer',
                'verbose_name_plural': 'Gläubiger-Identifikationsnummern',
                'ordering': ['provider', '-valid_from'],
                'constraints': [models.UniqueConstraint(fields=('provider', 'valid_from'), name='creditor_id_one_a_day')],
            },
        ),
        migrations.RunSQL(_FOLLOW, _FORGET),
    ]
