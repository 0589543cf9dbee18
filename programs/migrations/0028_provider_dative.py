"""What a provider is called after "bei" and "von"."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0027_api_tokens'),
    ]

    operations = [
        migrations.AddField(
            model_name='provider',
            name='name_dative',
            field=models.CharField(blank=True, db_default='', help_text='Wie er nach „bei“ und „von“ heißt, zum Beispiel „der Stadt Düren“.', max_length=180, verbose_name='Name mit Artikel im Dativ'),
        ),
    ]
