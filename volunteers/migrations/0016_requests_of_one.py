import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The one wish for a run becomes a wish per pledge or task. A wish that waits is answered by the next run."""

    dependencies = [
        ("programs", "0007_stop_reasons"),
        ("volunteers", "0015_questions_to_put"),
    ]

    operations = [
        migrations.DeleteModel("MatchRequest"),
        migrations.CreateModel(
            name="MatchRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("wanted_since", models.DateTimeField()),
                ("opportunity", models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="programs.opportunity")),
                ("pledge", models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="volunteers.timepledge")),
            ],
            options={
                "verbose_name": "Wunsch nach einem Abgleich",
                "verbose_name_plural": "Wünsche nach einem Abgleich",
                "constraints": [
                    models.UniqueConstraint(fields=("pledge", "opportunity"), name="match_request_once", nulls_distinct=False),
                    models.CheckConstraint(condition=models.Q(("pledge__isnull", True), ("opportunity__isnull", True), _connector="OR"), name="match_request_about_one_thing"),
                ],
            },
        ),
    ]
