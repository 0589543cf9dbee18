"""The doors of the history let through less: inspections their own lines, the end of a term those who may end it."""

from django.db import migrations

# What may be deleted, and which lines may lose what tells of an inspection, stands in the two brackets.
GUARD = """
CREATE OR REPLACE FUNCTION foundation_event_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    opened text := coalesce(current_setting('history.door', true), '');
    door text := split_part(opened, ' ', 1);
    emptied text[];
BEGIN
    IF door <> '' AND split_part(opened, ' ', 2) = pg_current_xact_id()::text THEN
        IF TG_OP = 'DELETE' AND ({deleted}) THEN
            RETURN OLD;
        END IF;
        IF TG_OP = 'UPDATE' AND door = 'erasure' THEN
            emptied := ARRAY['reason', 'changes'];
            IF to_jsonb(OLD) - emptied = to_jsonb(NEW) - emptied
                AND NEW.reason IN ('', OLD.reason)
                AND (NEW.changes IS NULL OR OLD.changes @> NEW.changes)
            THEN
                RETURN NEW;
            END IF;
        END IF;
        IF TG_OP = 'UPDATE' AND ({laid_bare}) THEN
            emptied := ARRAY['from_status', 'reason', 'actor_kind', 'actor_user', 'actor_role'];
            IF to_jsonb(OLD) - emptied = to_jsonb(NEW) - emptied
                AND (NEW.from_status, NEW.reason, NEW.actor_kind, NEW.actor_role) = ('', '', 'system', '')
            THEN
                RETURN NEW;
            END IF;
        END IF;
    END IF;
    RAISE EXCEPTION 'the history is append-only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
"""
OF_INSPECTIONS = "door = 'clearance_purge' AND OLD.app_label = 'volunteers'"
MAY_END = "door = 'retention' AND has_function_privilege('foundation_end_terms()', 'EXECUTE')"
NOW = GUARD.replace("{deleted}", f"{OF_INSPECTIONS} OR {MAY_END}").replace("{laid_bare}", OF_INSPECTIONS)
BEFORE = GUARD.replace("{deleted}", "door IN ('clearance_purge', 'retention')").replace(
    "{laid_bare}", "door = 'clearance_purge'"
)
MARK = """
CREATE FUNCTION foundation_end_terms() RETURNS void LANGUAGE sql AS '';
COMMENT ON FUNCTION foundation_end_terms() IS 'Who may call it may pass the door retention of the history.';
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0008_audit")]

    operations = [migrations.RunSQL(MARK + NOW, BEFORE + "DROP FUNCTION foundation_end_terms();")]
