import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("citizens", "0001_initial"),
        ("volunteers", "0006_hours_by_day"),
    ]

    operations = [
        migrations.AddField(
            model_name="volunteer",
            name="mailbox",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="volunteers",
                to="citizens.mailbox",
            ),
        ),
    ]
