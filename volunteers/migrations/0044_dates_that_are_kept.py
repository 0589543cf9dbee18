from django.db import migrations

# As before (0028, 0043), in one function: why somebody may not come to a date in a role, null if they may. What is
# asked when somebody is expected is asked again when their date moves or takes place after all: at the end of the
# transaction, by when the program has given back what cannot be kept.
MAY_COME = """
CREATE FUNCTION volunteers_lacks_on_date(person_id bigint, of_role bigint, of_placement bigint, of_shift bigint)
RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    task record;
    person record;
    lacking text;
BEGIN
    SELECT role.opportunity_id, role.clearance_required, role.minimum_age,
           shift.starts_at AT TIME ZONE 'Europe/Berlin' AS begins,
           shift.ends_at AT TIME ZONE 'Europe/Berlin' AS ends
        INTO task
        FROM programs_shift AS shift, programs_role AS role
        WHERE shift.id = of_shift AND role.id = of_role;
    SELECT is_adult, born_in, CASE WHEN is_adult THEN 18 ELSE 16 END AS age_at_least
        INTO person FROM volunteers_volunteer WHERE id = person_id;
    IF task.clearance_required AND NOT EXISTS (
        SELECT FROM volunteers_clearance
        WHERE volunteer_id = person_id AND opportunity_id = task.opportunity_id
          AND task.begins::date < certificate_on + interval '5 years'
    ) THEN
        RETURN 'needs_clearance_that_day';
    END IF;
    IF person.age_at_least < task.minimum_age THEN
        RETURN 'old_enough';
    END IF;
    IF NOT person.is_adult AND (task.ends::date > task.begins::date OR task.ends::time > time '22:00') THEN
        RETURN 'minor_home_by_ten';
    END IF;
    lacking := volunteers_gate(person_id, of_role, of_placement, task.begins::date);
    IF lacking IS NULL AND NOT person.is_adult AND task.ends::time > time '20:00'
        AND task.begins::date < person.born_in + interval '16 years 1 month'
    THEN
        lacking := 'below_16_home_by_eight';
    END IF;
    RETURN lacking;
END $$;

CREATE OR REPLACE FUNCTION volunteers_assignment_may_come() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lacking text;
BEGIN
    IF NOT EXISTS (
        SELECT FROM programs_shift AS shift JOIN programs_role AS role USING (opportunity_id)
        WHERE shift.id = NEW.shift_id AND role.id = NEW.role_id
    ) THEN
        RAISE EXCEPTION 'assignment % is in a role of another task', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment_role_of_its_task';
    END IF;
    IF EXISTS (
        SELECT FROM volunteers_placement WHERE id = NEW.placement_id AND status IN ('ended', 'cancelled')
    ) THEN
        RAISE EXCEPTION 'assignment % is of a placement that is over', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment_placement_is_not_over';
    END IF;
    lacking := volunteers_lacks_on_date(NEW.volunteer_id, NEW.role_id, NEW.placement_id, NEW.shift_id);
    IF lacking IS NOT NULL THEN
        RAISE EXCEPTION 'assignment % %', NEW.id, lacking
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment_' || lacking;
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER assignment_passes_gate_on_update ON volunteers_assignment;
DROP TRIGGER assignment_passes_gate_on_insert ON volunteers_assignment;
DROP FUNCTION volunteers_assignment_passes_gate();

CREATE FUNCTION volunteers_shift_lets_all_come() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found record;
BEGIN
    SELECT expected.id, expected.lacking INTO found
        FROM (
            SELECT assignment.id,
                   volunteers_lacks_on_date(volunteer_id, role_id, placement_id, shift_id) AS lacking
            FROM volunteers_assignment AS assignment JOIN programs_shift AS shift ON shift.id = shift_id
            WHERE shift_id = NEW.id AND status = 'confirmed' AND NOT is_cancelled
        ) AS expected
        WHERE expected.lacking IS NOT NULL LIMIT 1;
    IF found.lacking IS NOT NULL THEN
        RAISE EXCEPTION 'assignment % %', found.id, found.lacking
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment_' || found.lacking;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER shift_lets_all_come AFTER UPDATE OF starts_at, ends_at, is_cancelled ON programs_shift
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (
        NOT NEW.is_cancelled AND (
            OLD.is_cancelled OR OLD.starts_at <> NEW.starts_at OR OLD.ends_at <> NEW.ends_at
        )
    )
    EXECUTE FUNCTION volunteers_shift_lets_all_come();
"""

# The clocks of program and database may lie on either side of midnight.
CERTIFICATES = """
CREATE FUNCTION volunteers_clearance_of_a_day_to_come() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'clearance % is of a certificate that cannot have been seen', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'clearance_of_no_day_to_come';
END $$;
CREATE TRIGGER clearance_of_no_day_to_come BEFORE INSERT OR UPDATE OF certificate_on ON volunteers_clearance
    FOR EACH ROW WHEN (NEW.certificate_on > (now() AT TIME ZONE 'Europe/Berlin')::date + 1)
    EXECUTE FUNCTION volunteers_clearance_of_a_day_to_come();
"""


# Only one way: what is refused since stays refused.
class Migration(migrations.Migration):
    dependencies = [("volunteers", "0043_rows_that_cannot_be"), ("programs", "0048_public_after_a_release")]

    operations = [migrations.RunSQL(MAY_COME), migrations.RunSQL(CERTIFICATES)]
