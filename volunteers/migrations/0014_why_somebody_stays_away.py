import django.db.models.deletion
from django.db import migrations, models

# Who is excused from a date to come within an absence is so because of it: deleted, the date comes back.
TIE = """
UPDATE volunteers_assignment AS assignment SET absence_id = (
    SELECT absence.id FROM volunteers_availabilityexception AS absence
    WHERE absence.pledge_id = placement.pledge_id
      AND (shift.starts_at AT TIME ZONE 'Europe/Berlin')::date BETWEEN absence.from_on AND absence.until_on
    ORDER BY absence.id LIMIT 1
)
FROM volunteers_placement AS placement, programs_shift AS shift
WHERE assignment.status = 'excused'
  AND placement.id = assignment.placement_id AND shift.id = assignment.shift_id
"""


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0013_seasons_and_new_links")]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="absence",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="assignments",
                to="volunteers.availabilityexception",
            ),
        ),
        migrations.RunSQL(TIE, migrations.RunSQL.noop),
    ]
