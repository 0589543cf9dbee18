from django.db import migrations, models

# The task's row is locked before it is read, so that a task that becomes one with children meanwhile is seen.
GUARD = """
CREATE OR REPLACE FUNCTION volunteers_placement_needs_clearance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM programs_opportunity WHERE id = NEW.opportunity_id FOR SHARE;
    IF EXISTS (
        SELECT 1 FROM programs_opportunity
        WHERE id = NEW.opportunity_id AND clearance_required
    ) AND NOT EXISTS (
        SELECT 1 FROM volunteers_clearance
        WHERE volunteer_id = NEW.volunteer_id AND opportunity_id = NEW.opportunity_id
    ) THEN
        RAISE EXCEPTION 'placement % needs a clearance', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'placement_active_needs_clearance';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0004_answers_about_skills")]

    operations = [
        migrations.AlterField(
            model_name="assignment",
            name="status",
            field=models.CharField(
                choices=[
                    ("confirmed", "eingeteilt"),
                    ("on_hold", "macht Pause bis zur Einsichtnahme"),
                    ("stand_in_wanted", "Vertretung gesucht"),
                    ("attended", "da gewesen"),
                    ("excused", "entschuldigt"),
                    ("missed", "gefehlt"),
                    ("cancelled", "abgesagt"),
                ],
                default="confirmed",
                max_length=16,
            ),
        ),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
    ]
