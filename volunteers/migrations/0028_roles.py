"""Questions, placements, dates and wishes hang on a role of their task; every task has exactly one so far."""

import django.db.models.deletion
from django.db import migrations, models

FILL = """
UPDATE volunteers_offer AS row SET role_id = role.id
    FROM programs_role AS role WHERE role.opportunity_id = row.opportunity_id;
UPDATE volunteers_placement AS row SET role_id = role.id
    FROM programs_role AS role WHERE role.opportunity_id = row.opportunity_id;
UPDATE volunteers_timepledge AS row SET wanted_role_id = role.id
    FROM programs_role AS role WHERE role.opportunity_id = row.wanted_opportunity_id;
UPDATE volunteers_assignment AS row SET role_id = role.id
    FROM programs_shift AS shift JOIN programs_role AS role ON role.opportunity_id = shift.opportunity_id
    WHERE shift.id = row.shift_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""

# Until now a question that waits for an answer counted as a place taken.
HOLD = """
UPDATE programs_role AS role
SET places_held = least(asked.questions, places_taken), places_taken = greatest(places_taken - asked.questions, 0)
FROM (
    SELECT role_id, count(*) AS questions FROM volunteers_offer WHERE status = 'sent' GROUP BY role_id
) AS asked
WHERE asked.role_id = role.id;
SET CONSTRAINTS ALL IMMEDIATE;
"""

# The task beside the role is what lists and rights look at; the database keeps both in step.
IN_STEP = "".join(
    f"ALTER TABLE volunteers_{table} ADD CONSTRAINT {name}_role_of_its_task"
    f" FOREIGN KEY ({role}, {task}) REFERENCES programs_role (id, opportunity_id) DEFERRABLE INITIALLY DEFERRED;"
    for table, name, role, task in (
        ("offer", "offer", "role_id", "opportunity_id"),
        ("placement", "placement", "role_id", "opportunity_id"),
        ("timepledge", "pledge", "wanted_role_id", "wanted_opportunity_id"),
    )
)
APART = "".join(
    f"ALTER TABLE volunteers_{table} DROP CONSTRAINT {name}_role_of_its_task;"
    for table, name in (("offer", "offer"), ("placement", "placement"), ("timepledge", "pledge"))
)

# As before (0005, 0019, 0026), but what is asked for is read from the role.
GUARD = """
CREATE OR REPLACE FUNCTION volunteers_placement_needs_clearance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM programs_role WHERE id = NEW.role_id FOR SHARE;
    IF EXISTS (SELECT 1 FROM programs_role WHERE id = NEW.role_id AND clearance_required)
        AND NOT EXISTS (
            SELECT 1 FROM volunteers_clearance
            WHERE volunteer_id = NEW.volunteer_id AND opportunity_id = NEW.opportunity_id
        )
    THEN
        RAISE EXCEPTION 'placement % needs a clearance', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'placement_active_needs_clearance';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER placement_active_needs_clearance_on_update ON volunteers_placement;
CREATE TRIGGER placement_active_needs_clearance_on_update BEFORE UPDATE ON volunteers_placement
    FOR EACH ROW WHEN (
        NEW.status = 'active' AND (
            OLD.status <> 'active'
            OR NEW.volunteer_id <> OLD.volunteer_id
            OR NEW.role_id <> OLD.role_id
            OR NEW.opportunity_id <> OLD.opportunity_id
        )
    )
    EXECUTE FUNCTION volunteers_placement_needs_clearance();
CREATE OR REPLACE FUNCTION volunteers_assignment_may_come() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    task record;
    person record;
BEGIN
    SELECT role.opportunity_id, role.clearance_required, role.minimum_age,
           shift.starts_at AT TIME ZONE 'Europe/Berlin' AS begins,
           shift.ends_at AT TIME ZONE 'Europe/Berlin' AS ends,
           shift.opportunity_id AS of_shift
        INTO task
        FROM programs_shift AS shift, programs_role AS role
        WHERE shift.id = NEW.shift_id AND role.id = NEW.role_id;
    IF task.opportunity_id <> task.of_shift THEN
        RAISE EXCEPTION 'assignment % is in a role of another task', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment_role_of_its_task';
    END IF;
    SELECT is_adult, CASE WHEN is_adult THEN 18 ELSE 16 END AS age_at_least
        INTO person FROM volunteers_volunteer WHERE id = NEW.volunteer_id;
    IF task.clearance_required AND NOT EXISTS (
        SELECT 1 FROM volunteers_clearance
        WHERE volunteer_id = NEW.volunteer_id AND opportunity_id = task.opportunity_id
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
DROP TRIGGER assignment_may_come_on_update ON volunteers_assignment;
CREATE TRIGGER assignment_may_come_on_update BEFORE UPDATE ON volunteers_assignment
    FOR EACH ROW WHEN (
        NEW.status = 'confirmed' AND (
            OLD.status <> 'confirmed' OR NEW.volunteer_id <> OLD.volunteer_id OR NEW.shift_id <> OLD.shift_id
            OR NEW.role_id <> OLD.role_id
        )
    )
    EXECUTE FUNCTION volunteers_assignment_may_come();

DROP FUNCTION volunteers_gate(bigint, bigint, bigint, date);
CREATE FUNCTION volunteers_gate(person_id bigint, of_role bigint, of_placement bigint, on_day date)
RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    task record;
    person record;
BEGIN
    SELECT opportunity.provider_id, opportunity.site, opportunity.site_kind, version.self_commitment,
           version.measles_sites, version.overnight
        INTO task
        FROM programs_role AS role
        JOIN programs_opportunity AS opportunity ON opportunity.id = role.opportunity_id
        LEFT JOIN programs_activity AS activity ON activity.id = role.activity_id
        LEFT JOIN programs_activityversion AS version ON version.id = activity.current_id
        WHERE role.id = of_role;
    SELECT NOT is_adult AND (born_in IS NULL OR on_day < born_in + interval '18 years 1 month') AS is_minor
        INTO person FROM volunteers_volunteer WHERE id = person_id;
    IF task.self_commitment AND NOT EXISTS (
        SELECT 1 FROM volunteers_selfcommitment AS signature
        JOIN programs_declaration AS declaration ON declaration.id = signature.declaration_id
        WHERE signature.volunteer_id = person_id AND declaration.status = 'in_force'
          AND on_day < signature.signed_on + interval '5 years'
    ) THEN
        RETURN 'needs_self_commitment';
    END IF;
    IF task.site_kind = ANY (task.measles_sites) AND NOT EXISTS (
        SELECT 1 FROM volunteers_measlesproof
        WHERE volunteer_id = person_id AND site_key = md5(task.provider_id::text || '|' || task.site)
    ) THEN
        RETURN 'needs_measles_proof';
    END IF;
    IF person.is_minor AND task.overnight THEN
        RETURN 'minor_never_over_night';
    END IF;
    IF person.is_minor AND NOT EXISTS (
        SELECT 1 FROM volunteers_guardianconsent
        WHERE placement_id = of_placement AND given_at IS NOT NULL AND withdrawn_at IS NULL
    ) THEN
        RETURN 'needs_guardians_consent';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION volunteers_placement_passes_gate() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lacking text := volunteers_gate(
        NEW.volunteer_id, NEW.role_id, NEW.id, (NEW.status_changed_at AT TIME ZONE 'Europe/Berlin')::date
    );
BEGIN
    IF lacking IS NOT NULL THEN
        RAISE EXCEPTION 'placement % %', NEW.id, lacking
            USING ERRCODE = 'check_violation', CONSTRAINT = 'placement_' || lacking;
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER placement_passes_gate_on_update ON volunteers_placement;
CREATE TRIGGER placement_passes_gate_on_update BEFORE UPDATE ON volunteers_placement
    FOR EACH ROW WHEN (
        NEW.status = 'active' AND (OLD.status <> 'active' OR NEW.role_id <> OLD.role_id)
    )
    EXECUTE FUNCTION volunteers_placement_passes_gate();
CREATE OR REPLACE FUNCTION volunteers_assignment_passes_gate() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    shift record;
    lacking text;
BEGIN
    SELECT starts_at AT TIME ZONE 'Europe/Berlin' AS begins, ends_at AT TIME ZONE 'Europe/Berlin' AS ends
        INTO shift FROM programs_shift WHERE id = NEW.shift_id;
    lacking := volunteers_gate(NEW.volunteer_id, NEW.role_id, NEW.placement_id, shift.begins::date);
    IF lacking IS NULL AND shift.ends::time > time '20:00' AND EXISTS (
        SELECT 1 FROM volunteers_volunteer
        WHERE id = NEW.volunteer_id AND NOT is_adult
          AND shift.begins::date < born_in + interval '16 years 1 month'
    ) THEN
        lacking := 'below_16_home_by_eight';
    END IF;
    IF lacking IS NOT NULL THEN
        RAISE EXCEPTION 'assignment % %', NEW.id, lacking
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment_' || lacking;
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER assignment_passes_gate_on_update ON volunteers_assignment;
CREATE TRIGGER assignment_passes_gate_on_update BEFORE UPDATE ON volunteers_assignment
    FOR EACH ROW WHEN (
        NEW.status = 'confirmed' AND (
            OLD.status <> 'confirmed' OR NEW.volunteer_id <> OLD.volunteer_id OR NEW.shift_id <> OLD.shift_id
            OR NEW.role_id <> OLD.role_id
        )
    )
    EXECUTE FUNCTION volunteers_assignment_passes_gate();
"""


def role(related_name, *, null, **options):
    return models.ForeignKey(
        null=null,
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        to="programs.role",
        **options,
    )


HANGING = (("offer", "offers"), ("placement", "placements"), ("assignment", "assignments"))


# Only one way, as programs.0018: several roles do not go back into one row.
class Migration(migrations.Migration):
    dependencies = [("programs", "0018_roles"), ("volunteers", "0027_reminders")]

    operations = [
        *(
            migrations.AddField(model_name=model, name="role", field=role(name, null=True))
            for model, name in HANGING
        ),
        migrations.AddField(
            model_name="timepledge", name="wanted_role", field=role("wishes", null=True, blank=True)
        ),
        migrations.RunSQL(FILL),
        migrations.RunSQL(HOLD),
        *(
            migrations.AlterField(model_name=model, name="role", field=role(name, null=False))
            for model, name in HANGING
        ),
        migrations.AddConstraint(
            model_name="timepledge",
            constraint=models.CheckConstraint(
                condition=models.Q(wanted_role__isnull=True, wanted_opportunity__isnull=True)
                | models.Q(wanted_role__isnull=False, wanted_opportunity__isnull=False),
                name="pledge_wants_a_role_of_a_task",
            ),
        ),
        migrations.RunSQL(IN_STEP, APART),
        migrations.RunSQL(GUARD),
    ]
