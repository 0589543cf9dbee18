from django.db import migrations

# A task becomes public once it waited for release and somebody else than its last editor released it, or after a
# pause; and only of a provider the youth office has verified, whoever writes the row. The line of the history is
# written after the row: it is asked for at the end of the transaction.
RELEASED = """
CREATE FUNCTION programs_opportunity_may_be_public() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.status NOT IN ('in_review', 'paused') THEN
        RAISE EXCEPTION 'task % did not wait for release', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'opportunity_public_waited_for_release';
    END IF;
    IF NOT EXISTS (SELECT FROM programs_provider WHERE id = NEW.provider_id AND is_verified) THEN
        RAISE EXCEPTION 'task % is of a provider that is not verified', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'opportunity_public_of_verified_provider';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER opportunity_may_be_public_on_insert BEFORE INSERT ON programs_opportunity
    FOR EACH ROW WHEN (NEW.status = 'published') EXECUTE FUNCTION programs_opportunity_may_be_public();
CREATE TRIGGER opportunity_may_be_public_on_update BEFORE UPDATE ON programs_opportunity
    FOR EACH ROW WHEN (NEW.status = 'published' AND OLD.status <> 'published')
    EXECUTE FUNCTION programs_opportunity_may_be_public();

CREATE FUNCTION programs_opportunity_was_released() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM foundation_event
        WHERE app_label = 'programs' AND model = 'opportunity' AND object_id = NEW.id
          AND at = NEW.status_changed_at AND from_status = 'in_review' AND to_status = 'published'
          AND actor_user <> coalesce(NEW.edited_by_id, 0)
    ) THEN
        RAISE EXCEPTION 'task % was released by nobody', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'opportunity_public_was_released';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER opportunity_was_released AFTER UPDATE OF status ON programs_opportunity
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.status = 'in_review' AND NEW.status = 'published')
    EXECUTE FUNCTION programs_opportunity_was_released();
"""
UNDO = """
DROP TRIGGER opportunity_was_released ON programs_opportunity;
DROP FUNCTION programs_opportunity_was_released();
DROP TRIGGER opportunity_may_be_public_on_update ON programs_opportunity;
DROP TRIGGER opportunity_may_be_public_on_insert ON programs_opportunity;
DROP FUNCTION programs_opportunity_may_be_public();
"""


class Migration(migrations.Migration):
    dependencies = [("programs", "0047_what_two_released_stays"), ("foundation", "0003_history_guard")]

    operations = [migrations.RunSQL(RELEASED, UNDO)]
