from django.db import migrations, models

# § 72a SGB VIII, and what a minor may do: whatever code asks for it, nobody is expected on a date without an
# inspection that counts on that day, too young for the task, or at an hour that is not for minors. No lock is
# taken here: whoever changes what a task asks for has locked the people placed there.
GUARD = """
CREATE FUNCTION volunteers_assignment_may_come() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    task record;
    person record;
BEGIN
    SELECT opportunity.id, opportunity.clearance_required, opportunity.minimum_age,
           shift.starts_at AT TIME ZONE 'Europe/Berlin' AS begins,
           shift.ends_at AT TIME ZONE 'Europe/Berlin' AS ends
        INTO task
        FROM programs_shift AS shift JOIN programs_opportunity AS opportunity ON opportunity.id = shift.opportunity_id
        WHERE shift.id = NEW.shift_id;
    SELECT is_adult, CASE WHEN is_adult THEN 18 ELSE 16 END AS age_at_least
        INTO person FROM volunteers_volunteer WHERE id = NEW.volunteer_id;
    IF task.clearance_required AND NOT EXISTS (
        SELECT 1 FROM volunteers_clearance
        WHERE volunteer_id = NEW.volunteer_id AND opportunity_id = task.id
          AND task.begins::date < certificate_on + interval '5 years'
    ) THEN
        RAISE EXCEPTION 'assignment % needs a clearance on %', NEW.id, task.begins::date
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment_needs_clearance_that_day';
    END IF;
    IF person.age_at_least < task.minimum_age THEN
        RAISE EXCEPTION 'assignment % is for somebody older', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment_old_enough';
    END IF;
    IF NOT person.is_adult AND (
        task.ends::date > task.begins::date OR task.ends::time > time '22:00'
    ) THEN
        RAISE EXCEPTION 'assignment % ends too late for a minor', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment_minor_home_by_ten';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assignment_may_come_on_insert BEFORE INSERT ON volunteers_assignment
    FOR EACH ROW WHEN (NEW.status = 'confirmed')
    EXECUTE FUNCTION volunteers_assignment_may_come();
CREATE TRIGGER assignment_may_come_on_update BEFORE UPDATE ON volunteers_assignment
    FOR EACH ROW WHEN (
        NEW.status = 'confirmed' AND (
            OLD.status <> 'confirmed' OR NEW.volunteer_id <> OLD.volunteer_id OR NEW.shift_id <> OLD.shift_id
        )
    )
    EXECUTE FUNCTION volunteers_assignment_may_come();
"""
UNGUARD = """
DROP TRIGGER assignment_may_come_on_update ON volunteers_assignment;
DROP TRIGGER assignment_may_come_on_insert ON volunteers_assignment;
DROP FUNCTION volunteers_assignment_may_come();
"""


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0018_contacts"), ("programs", "0010_activities_of_tasks")]

    operations = [
        migrations.AlterField(
            model_name="assignment",
            name="released_for",
            field=models.CharField(
                blank=True,
                choices=[
                    ("same_time", "zur selben Zeit in einer anderen Aufgabe eingeteilt"),
                    ("age", "endet zu spät für Freiwillige unter 18 Jahren"),
                    ("full", "an diesem Tag sind alle Plätze vergeben"),
                ],
                db_default="",
                default="",
                editable=False,
                max_length=12,
            ),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
