from django.db import migrations

# As before (0028), and what the program never writes is refused to everybody else too: a place given to another
# person is asked anew what it asks for; nobody is expected by the placement of somebody else; the age of the
# activity holds whatever age its role was given.
GATE = """
CREATE OR REPLACE FUNCTION volunteers_gate(person_id bigint, of_role bigint, of_placement bigint, on_day date)
RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    task record;
    person record;
BEGIN
    SELECT opportunity.provider_id, opportunity.site, opportunity.site_kind, version.self_commitment,
           version.measles_sites, version.overnight, version.minimum_age
        INTO task
        FROM programs_role AS role
        JOIN programs_opportunity AS opportunity ON opportunity.id = role.opportunity_id
        LEFT JOIN programs_activity AS activity ON activity.id = role.activity_id
        LEFT JOIN programs_activityversion AS version ON version.id = activity.current_id
        WHERE role.id = of_role;
    SELECT NOT is_adult AND (born_in IS NULL OR on_day < born_in + interval '18 years 1 month') AS is_minor,
           CASE WHEN is_adult THEN 18 ELSE 16 END AS age_at_least
        INTO person FROM volunteers_volunteer WHERE id = person_id;
    IF person.age_at_least < task.minimum_age THEN
        RETURN 'old_enough';
    END IF;
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

DROP TRIGGER placement_passes_gate_on_update ON volunteers_placement;
CREATE TRIGGER placement_passes_gate_on_update BEFORE UPDATE ON volunteers_placement
    FOR EACH ROW WHEN (
        NEW.status = 'active' AND (
            OLD.status <> 'active' OR NEW.role_id <> OLD.role_id OR NEW.volunteer_id <> OLD.volunteer_id
        )
    )
    EXECUTE FUNCTION volunteers_placement_passes_gate();

CREATE FUNCTION volunteers_assignment_of_its_placement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM volunteers_placement AS placement JOIN programs_role AS role ON role.id = NEW.role_id
        WHERE placement.id = NEW.placement_id AND placement.volunteer_id = NEW.volunteer_id
          AND placement.opportunity_id = role.opportunity_id
    ) THEN
        RAISE EXCEPTION 'assignment % is of the placement of somebody else', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment_of_its_placement';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assignment_within_its_placement_on_insert BEFORE INSERT ON volunteers_assignment
    FOR EACH ROW WHEN (NEW.placement_id IS NOT NULL) EXECUTE FUNCTION volunteers_assignment_of_its_placement();
CREATE TRIGGER assignment_within_its_placement_on_update BEFORE UPDATE ON volunteers_assignment
    FOR EACH ROW WHEN (
        NEW.placement_id IS NOT NULL AND (
            NEW.placement_id IS DISTINCT FROM OLD.placement_id OR NEW.volunteer_id <> OLD.volunteer_id
            OR NEW.role_id <> OLD.role_id
        )
    )
    EXECUTE FUNCTION volunteers_assignment_of_its_placement();
"""
GATE_AS_BEFORE = GATE.split("\n\nDROP TRIGGER")[0].replace(
    """    IF person.age_at_least < task.minimum_age THEN
        RETURN 'old_enough';
    END IF;
""",
    "",
)
APART = """
DROP TRIGGER assignment_within_its_placement_on_update ON volunteers_assignment;
DROP TRIGGER assignment_within_its_placement_on_insert ON volunteers_assignment;
DROP FUNCTION volunteers_assignment_of_its_placement();
DROP TRIGGER placement_passes_gate_on_update ON volunteers_placement;
CREATE TRIGGER placement_passes_gate_on_update BEFORE UPDATE ON volunteers_placement
    FOR EACH ROW WHEN (NEW.status = 'active' AND (OLD.status <> 'active' OR NEW.role_id <> OLD.role_id))
    EXECUTE FUNCTION volunteers_placement_passes_gate();
"""

# A guardian's word: what was given is the proof of it and stays to the letter, what was taken back stays so, and
# nobody gives it from the mailbox of the minor.
CONSENTS = """
CREATE FUNCTION volunteers_consent_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at THEN
        RAISE EXCEPTION 'consent % was taken back', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_withdrawn_stays';
    END IF;
    IF OLD.given_at IS NOT NULL AND (
        (NEW.name, NEW.given_at, NEW.declaration_id, NEW.placement_id, NEW.mailbox_id)
        IS DISTINCT FROM (OLD.name, OLD.given_at, OLD.declaration_id, OLD.placement_id, OLD.mailbox_id)
    ) THEN
        RAISE EXCEPTION 'consent % is the proof of what was agreed to', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_given_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consent_stays BEFORE UPDATE ON volunteers_guardianconsent
    FOR EACH ROW EXECUTE FUNCTION volunteers_consent_stays();

CREATE FUNCTION volunteers_consent_is_of_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM volunteers_placement AS placement
        JOIN volunteers_volunteer AS minor ON minor.id = placement.volunteer_id
        WHERE placement.id = NEW.placement_id AND minor.mailbox_id = NEW.mailbox_id
    ) THEN
        RAISE EXCEPTION 'consent % is from the mailbox of the minor', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_is_of_another';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consent_is_of_another BEFORE INSERT OR UPDATE OF mailbox_id, placement_id
    ON volunteers_guardianconsent FOR EACH ROW EXECUTE FUNCTION volunteers_consent_is_of_another();
"""
NO_CONSENTS = """
DROP TRIGGER consent_is_of_another ON volunteers_guardianconsent;
DROP FUNCTION volunteers_consent_is_of_another();
DROP TRIGGER consent_stays ON volunteers_guardianconsent;
DROP FUNCTION volunteers_consent_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0042_words_are_searched"), ("programs", "0047_what_two_released_stays")]

    operations = [
        migrations.RunSQL(GATE, APART + GATE_AS_BEFORE),
        migrations.RunSQL(CONSENTS, NO_CONSENTS),
    ]
