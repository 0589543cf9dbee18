"""The places of a date stand in the seats of its roles, and nowhere twice."""

from django.db import migrations

BACK = """
UPDATE programs_shift AS shift SET places = seats.places, places_taken = seats.taken
FROM (
    SELECT shift_id, sum(places) AS places, sum(places_taken) AS taken
    FROM programs_shiftrole GROUP BY shift_id
) AS seats
WHERE seats.shift_id = shift.id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("programs", "0019_seats_of_roles")]

    operations = [
        migrations.RunSQL(migrations.RunSQL.noop, BACK),
        migrations.RemoveConstraint(model_name="shift", name="shift_never_overbooked"),
        migrations.RemoveField(model_name="shift", name="places"),
        migrations.RemoveField(model_name="shift", name="places_taken"),
    ]
