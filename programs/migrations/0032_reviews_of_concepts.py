"""The day on which a provider's protection concept is looked at again; nobody knows it for those that are there."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0031_webhooks'),
    ]

    operations = [
        migrations.AddField(
            model_name='provider',
            name='protection_concept_review_on',
            field=models.DateField(blank=True, help_text='An diesem Tag werden der Träger und das Jugendamt erinnert, es wieder anzusehen. Von selbst wird dadurch nichts geschlossen.', null=True, verbose_name='Nächste Durchsicht des Schutzkonzepts'),
        ),
    ]
