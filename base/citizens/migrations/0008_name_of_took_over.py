from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("citizens", "0007_took_over"),
    ]

    operations = [
        migrations.AlterField(
            model_name="mailbox",
            name="took_over",
            field=ArrayField(
                base_field=models.BigIntegerField(),
                db_default=[],
                default=list,
                editable=False,
                size=None,
                verbose_name="übernommen",
            ),
        ),
    ]
