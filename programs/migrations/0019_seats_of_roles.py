"""Each date gets seats for each role of its task; who has them is counted by the app that knows (volunteers)."""

import django.db.models.deletion
from django.db import migrations, models

# Where a task has one role its dates keep exactly their places. SET CONSTRAINTS: a table whose new rows still
# wait for their foreign keys to be looked at cannot be altered.
FILL = """
INSERT INTO programs_shiftrole (shift_id, role_id, places)
SELECT shift.id, role.id,
    CASE WHEN count(*) OVER (PARTITION BY shift.id) = 1 THEN shift.places ELSE role.places END
FROM programs_shift AS shift JOIN programs_role AS role ON role.opportunity_id = shift.opportunity_id
ORDER BY shift.id, role.id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("programs", "0018_roles")]

    operations = [
        migrations.CreateModel(
            name="ShiftRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("places", models.PositiveSmallIntegerField(verbose_name="Plätze")),
                (
                    "places_taken",
                    models.PositiveSmallIntegerField(
                        db_default=0, default=0, editable=False, verbose_name="vergebene Plätze"
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="seats", to="programs.role"
                    ),
                ),
                (
                    "shift",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seats",
                        to="programs.shift",
                    ),
                ),
            ],
            options={
                "verbose_name": "Plätze eines Termins",
                "verbose_name_plural": "Plätze von Terminen",
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="shiftrole",
            constraint=models.UniqueConstraint(fields=("shift", "role"), name="seats_once"),
        ),
        migrations.AddConstraint(
            model_name="shiftrole",
            constraint=models.CheckConstraint(
                condition=models.Q(("places_taken__lte", models.F("places"))), name="seats_never_overbooked"
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
