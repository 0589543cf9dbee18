"""Of which year the figures are that a weighting rests upon; of those from before nobody was asked."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0040_dates_that_lack_something")]

    operations = [
        migrations.AddField(
            model_name="weighting",
            name="figures_year",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="Jahr der Zahlen"),
        ),
        migrations.AddConstraint(
            model_name="weighting",
            constraint=models.CheckConstraint(
                condition=Q(figures_year=None) | Q(figures_year__gte=1990), name="weighting_year_sane"
            ),
        ),
    ]
