"""What an Angebot is part of, and how many parts there are: the page leads to those that are known."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programs", "0038_borders_in_files")]

    operations = [
        migrations.AddField(
            model_name="program",
            name="part_of",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="parts",
                to="programs.program",
                verbose_name="gehört zu",
            ),
        ),
        migrations.AddField(
            model_name="program",
            name="part_count",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text=(
                    "Die Seite führt zu denen, die bekannt sind, und sagt, wie viele noch fehlen."
                ),
                null=True,
                verbose_name="besteht aus so vielen",
            ),
        ),
    ]
