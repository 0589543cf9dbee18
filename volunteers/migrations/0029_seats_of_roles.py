"""Whoever is expected on a date has a seat of their role there; counted once, and kept by the database."""

from django.db import migrations

# Nobody loses a date because more people were expected than there are places.
COUNT = """
UPDATE programs_shiftrole AS seats
SET places_taken = held.people, places = GREATEST(seats.places, held.people)
FROM (
    SELECT shift_id, role_id, count(*) AS people FROM volunteers_assignment
    WHERE status IN ('confirmed', 'on_hold', 'attended', 'missed') GROUP BY shift_id, role_id
) AS held
WHERE held.shift_id = seats.shift_id AND held.role_id = seats.role_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""
UNCOUNT = "UPDATE programs_shiftrole SET places_taken = 0"
IN_STEP = """
ALTER TABLE volunteers_assignment ADD CONSTRAINT assignment_has_seats_of_its_role
    FOREIGN KEY (shift_id, role_id) REFERENCES programs_shiftrole (shift_id, role_id)
    DEFERRABLE INITIALLY DEFERRED;
"""
APART = "ALTER TABLE volunteers_assignment DROP CONSTRAINT assignment_has_seats_of_its_role"


class Migration(migrations.Migration):
    dependencies = [("programs", "0019_seats_of_roles"), ("volunteers", "0028_roles")]
    # Earlier steps of this app read the columns that go there.
    run_before = [("programs", "0020_dates_without_places")]

    operations = [
        migrations.RunSQL(COUNT, UNCOUNT),
        migrations.RunSQL(IN_STEP, APART),
    ]
