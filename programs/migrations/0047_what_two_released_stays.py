from django.db import migrations, models

# What two people of the youth office released, or what came with the data, is not edited afterwards, whoever
# writes the row: signatures and inspections rest on it. Only its status goes on, never back; an account that
# is deleted leaves its place empty.
STAYS = """
CREATE FUNCTION programs_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moves constant text[] := ARRAY['status', 'status_changed_at', 'released_by_id'];
BEGIN
    IF to_jsonb(OLD) - moves <> to_jsonb(NEW) - moves
        OR (NEW.released_by_id IS NOT NULL AND NEW.released_by_id IS DISTINCT FROM OLD.released_by_id)
        OR (OLD.status <> NEW.status AND (OLD.status, NEW.status) <> ('in_force', 'replaced'))
    THEN
        RAISE EXCEPTION '% %: a version that is no draft stays as it is', TG_TABLE_NAME, OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'version_stays_as_it_was_released';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER version_stays BEFORE UPDATE ON programs_activityversion
    FOR EACH ROW WHEN (OLD.status <> 'draft') EXECUTE FUNCTION programs_version_stays();
CREATE TRIGGER version_stays BEFORE UPDATE ON programs_declaration
    FOR EACH ROW WHEN (OLD.status <> 'draft') EXECUTE FUNCTION programs_version_stays();
ALTER TABLE programs_activityversion ADD CONSTRAINT activity_in_force_was_released
    CHECK (status NOT IN ('in_force', 'replaced') OR number = 1 OR released_at IS NOT NULL);
ALTER TABLE programs_declaration ADD CONSTRAINT declaration_in_force_was_released
    CHECK (status NOT IN ('in_force', 'replaced') OR number = 1 OR released_at IS NOT NULL);
"""

# An activity says what its version in force says, and has one exactly if there is one. Asked at the end of the
# transaction: the old version is replaced, the new one in force, and the activity follows, in this order.
IN_STEP = """
CREATE FUNCTION programs_activity_is_its_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    about constant bigint := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
    IF EXISTS (
        SELECT FROM programs_activity AS activity
        LEFT JOIN programs_activityversion AS version
            ON version.activity_id = activity.id AND version.status = 'in_force'
        WHERE activity.id = about AND (
            activity.current_id IS DISTINCT FROM version.id
            OR activity.contact_with_minors <> version.contact_with_minors
            OR activity.clearance_required <> version.clearance_required
        )
    ) THEN
        RAISE EXCEPTION 'activity % is not what its version in force says', about
            USING ERRCODE = 'check_violation', CONSTRAINT = 'activity_is_its_version_in_force';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER activity_is_its_version
    AFTER INSERT OR UPDATE OF current_id, contact_with_minors, clearance_required ON programs_activity
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION programs_activity_is_its_version('id');
CREATE CONSTRAINT TRIGGER version_is_of_its_activity AFTER INSERT OR UPDATE OF status ON programs_activityversion
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION programs_activity_is_its_version('activity_id');
"""
UNDO = """
DROP TRIGGER version_is_of_its_activity ON programs_activityversion;
DROP TRIGGER activity_is_its_version ON programs_activity;
DROP FUNCTION programs_activity_is_its_version();
ALTER TABLE programs_declaration DROP CONSTRAINT declaration_in_force_was_released;
ALTER TABLE programs_activityversion DROP CONSTRAINT activity_in_force_was_released;
DROP TRIGGER version_stays ON programs_declaration;
DROP TRIGGER version_stays ON programs_activityversion;
DROP FUNCTION programs_version_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("programs", "0046_words_are_searched")]

    operations = [
        migrations.RunSQL(STAYS + IN_STEP, UNDO),
        # Blanks are no contact.
        migrations.RemoveConstraint(model_name="provider", name="provider_verified_protects_children"),
        migrations.AddConstraint(
            model_name="provider",
            constraint=models.CheckConstraint(
                condition=models.Q(is_verified=False)
                | models.Q(protection_concept_on__isnull=False, safeguarding_contact__regex=r"\S"),
                name="provider_verified_protects_children",
                violation_error_message="Geprüft ist nur, wer ein Schutzkonzept und eine Ansprechperson für"
                " Kinderschutz hat.",
            ),
        ),
    ]
