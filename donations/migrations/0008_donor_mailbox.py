import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("citizens", "0001_initial"),
        ("donations", "0007_ask_with_distance_and_checkpoints"),
    ]

    operations = [
        migrations.AddField(
            model_name="donor",
            name="mailbox",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="donor",
                to="citizens.mailbox",
            ),
        ),
    ]
