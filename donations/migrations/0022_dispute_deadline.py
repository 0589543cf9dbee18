"""Until when a disputed payment can be answered at Stripe."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0021_reallocation'),
    ]

    operations = [
        migrations.AddField(
            model_name='dispute',
            name='due_at',
            field=models.DateTimeField(null=True, verbose_name='Antwort beim Zahlungsdienst bis'),
        ),
    ]
