from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0006_notices'),
    ]

    operations = [
        migrations.AddField(
            model_name='provider',
            name='stop_reasons',
            field=models.TextField(blank=True, db_default='', default='', editable=False, max_length=2000, verbose_name='Warum das Jugendamt ihn gestoppt hat'),
        ),
    ]
