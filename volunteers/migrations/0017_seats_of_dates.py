import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

STATUSES = [
    ("confirmed", "eingeteilt"),
    ("on_hold", "macht Pause bis zur Einsichtnahme"),
    ("released", "nicht eingeteilt"),
    ("stand_in_wanted", "Vertretung gesucht"),
    ("attended", "da gewesen"),
    ("excused", "entschuldigt"),
    ("missed", "gefehlt"),
    ("cancelled", "abgesagt"),
]
REASONS = [
    ("same_time", "zur selben Zeit in einer anderen Aufgabe eingeteilt"),
    ("full", "an diesem Tag sind alle Plätze vergeben"),
]

# Dates that are over bind nobody any more, so the past stays exactly as it was noted.
FILL = """
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE volunteers_assignment AS assignment
SET volunteer_id = placement.volunteer_id,
    span = CASE WHEN shift.ends_at > now() AND NOT shift.is_cancelled
                THEN tstzrange(shift.starts_at, shift.ends_at) END
FROM volunteers_placement AS placement, programs_shift AS shift
WHERE placement.id = assignment.placement_id AND shift.id = assignment.shift_id;
"""

# Two coming dates of one person at the same time: the task begun earlier stays. The other date is released
# with its reason, a line of history and a notice, so that the person and the provider are told of it.
YIELD = """
DO $$
DECLARE later record;
BEGIN
    FOR later IN
        SELECT assignment.*, placement.created_at AS begun_at, shift.starts_at, shift.ends_at
        FROM volunteers_assignment AS assignment
        JOIN volunteers_placement AS placement ON placement.id = assignment.placement_id
        JOIN programs_shift AS shift ON shift.id = assignment.shift_id
        WHERE assignment.status IN ('confirmed', 'on_hold') AND assignment.span IS NOT NULL
          AND EXISTS (
              SELECT 1 FROM volunteers_assignment AS other
              WHERE other.volunteer_id = assignment.volunteer_id AND other.id <> assignment.id
                AND other.status IN ('confirmed', 'on_hold') AND other.span && assignment.span
          )
        ORDER BY placement.created_at, placement.id, assignment.id
    LOOP
        CONTINUE WHEN NOT EXISTS (
            SELECT 1 FROM volunteers_assignment AS earlier
            JOIN volunteers_placement AS placement ON placement.id = earlier.placement_id
            WHERE earlier.volunteer_id = later.volunteer_id
              AND earlier.status IN ('confirmed', 'on_hold') AND earlier.span && later.span
              AND (placement.created_at, placement.id, earlier.id)
                  < (later.begun_at, later.placement_id, later.id)
        );
        UPDATE volunteers_assignment
        SET status = 'released', released_for = 'same_time', status_changed_at = now()
        WHERE id = later.id;
        INSERT INTO foundation_event
            (at, kind, app_label, model, object_id, from_status, to_status, reason, actor_kind, actor_role, route)
        VALUES (now(), 'transition', 'volunteers', 'assignment', later.id, later.status, 'released',
                'same_time', 'system', 'volunteers.settle_seats', '');
        INSERT INTO volunteers_datenotice
            (assignment_id, starts_at, ends_at, was_cancelled, was_released, noted_at, touched_at)
        VALUES (later.id, later.starts_at, later.ends_at, false, false, now(), now())
        ON CONFLICT DO NOTHING;
    END LOOP;
END $$;
"""

# Nobody loses a date because more people were expected than the task has places.
COUNT = """
UPDATE programs_shift AS shift
SET places_taken = held.people, places = GREATEST(shift.places, held.people)
FROM (
    SELECT shift_id, count(*) AS people FROM volunteers_assignment
    WHERE status IN ('confirmed', 'on_hold', 'attended', 'missed') GROUP BY shift_id
) AS held
WHERE held.shift_id = shift.id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("programs", "0008_places_of_dates"),
        ("foundation", "0006_history_is_searched"),
        ("volunteers", "0016_requests_of_one"),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.AddField(
            model_name="assignment",
            name="released_for",
            field=models.CharField(
                blank=True, choices=REASONS, db_default="", default="", editable=False, max_length=12
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="span",
            field=django.contrib.postgres.fields.DateTimeRangeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="assignment",
            name="volunteer",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assignments",
                to="volunteers.volunteer",
            ),
        ),
        migrations.AddField(
            model_name="datenotice",
            name="was_released",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="assignment",
            name="status",
            field=models.CharField(choices=STATUSES, default="confirmed", max_length=16),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["volunteer", "shift"], name="assignment_of_person"),
        ),
        migrations.RunSQL(YIELD, migrations.RunSQL.noop),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="assignment",
            name="volunteer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assignments",
                to="volunteers.volunteer",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(status__in=["confirmed", "on_hold"]),
                expressions=[("volunteer", "="), ("span", "&&")],
                name="assignment_never_overlaps",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "released"), models.Q(("released_for", ""), _negated=True)),
                    models.Q(models.Q(("status", "released"), _negated=True), ("released_for", "")),
                    _connector="OR",
                ),
                name="assignment_released_has_reason",
            ),
        ),
    ]
