from django.db import migrations

# Who is not placed any more is expected nowhere: when a placement is over, none of its dates that begin after that
# moment is kept. Asked at the end of the transaction: the program moves the placement first and then the dates.
FREE = """
CREATE FUNCTION volunteers_placement_over_is_free() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM volunteers_assignment AS assignment
        JOIN programs_shift AS shift ON shift.id = assignment.shift_id
        JOIN volunteers_placement AS placement ON placement.id = assignment.placement_id
        WHERE placement.id = NEW.id AND placement.status IN ('ended', 'cancelled')
          AND assignment.status IN ('confirmed', 'on_hold', 'stand_in_wanted') AND NOT shift.is_cancelled
          AND shift.starts_at > placement.status_changed_at
    ) THEN
        RAISE EXCEPTION 'placement % is over and has dates to come', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'placement_over_is_free';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER placement_over_is_free AFTER UPDATE OF status ON volunteers_placement
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.status IN ('ended', 'cancelled') AND OLD.status NOT IN ('ended', 'cancelled'))
    EXECUTE FUNCTION volunteers_placement_over_is_free();
"""
BOUND = """
DROP TRIGGER placement_over_is_free ON volunteers_placement;
DROP FUNCTION volunteers_placement_over_is_free();
"""


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0048_months_guardians_confirm"), ("programs", "0048_public_after_a_release")]

    operations = [migrations.RunSQL(FREE, BOUND)]
