"""The history is append-only, and the database itself writes down what changes in the rows that staff edit."""

from django.db import migrations

# A door is open for one transaction: its name is kept with that transaction's number, so that even a setting
# left over on the connection opens nothing in the next.
DOORS = """
CREATE FUNCTION foundation_open_door(door text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF door NOT IN ('erasure', 'clearance_purge', 'retention') THEN
        RAISE EXCEPTION 'the history has no door %', door USING ERRCODE = 'restrict_violation';
    END IF;
    PERFORM set_config('history.door', door || ' ' || pg_current_xact_id()::text, true);
END $$;

CREATE FUNCTION foundation_close_door() RETURNS void LANGUAGE sql AS $$
    SELECT set_config('history.door', '', true);
$$;
"""

# erasure may only empty the reason and drop changed values; clearance_purge may delete, and empty where from,
# by whom and why; retention may delete.
GUARD = """
CREATE FUNCTION foundation_event_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    opened text := coalesce(current_setting('history.door', true), '');
    door text := split_part(opened, ' ', 1);
    emptied text[];
BEGIN
    IF door <> '' AND split_part(opened, ' ', 2) = pg_current_xact_id()::text THEN
        IF TG_OP = 'DELETE' AND door IN ('clearance_purge', 'retention') THEN
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
        IF TG_OP = 'UPDATE' AND door = 'clearance_purge' THEN
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

CREATE TRIGGER history_append_only BEFORE UPDATE OR DELETE ON foundation_event
    FOR EACH ROW EXECUTE FUNCTION foundation_event_guard();

-- An empty table may be truncated: nothing is lost by it.
CREATE FUNCTION foundation_event_not_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM foundation_event) THEN
        RAISE EXCEPTION 'the history is append-only: TRUNCATE refused' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER history_not_truncated BEFORE TRUNCATE ON foundation_event
    FOR EACH STATEMENT EXECUTE FUNCTION foundation_event_not_truncated();
"""

# Arguments: app, model, the column that holds the id of the row the line is about, the name of the part if
# the table holds parts of that row, 'except' or 'only', columns. A new column is followed by itself where
# the list says 'except'. Values of more than 10,000 characters stand as their MD5.
FOLLOW = """
CREATE FUNCTION foundation_brief(value jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN length(value::text) > 10000 THEN jsonb_build_object('md5', md5(value::text))
        ELSE value END;
$$;

CREATE FUNCTION foundation_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    part constant text := TG_ARGV[3];
    columns constant text[] := TG_ARGV[5:];
    hand constant jsonb := nullif(current_setting('history.actor', true), '')::jsonb;
    before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
    after jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
    owner bigint := coalesce(after, before) ->> TG_ARGV[2];
    about text := CASE TG_OP WHEN 'INSERT' THEN 'created' WHEN 'DELETE' THEN 'deleted' ELSE 'changed' END;
    changed jsonb;
BEGIN
    IF TG_ARGV[4] = 'only' THEN
        SELECT jsonb_object_agg(key, before -> key), jsonb_object_agg(key, after -> key)
            INTO before, after FROM unnest(columns) AS key;
    ELSE
        before := before - columns;
        after := after - columns;
    END IF;
    IF TG_OP = 'UPDATE' AND before = after THEN
        RETURN NULL;
    END IF;
    IF part <> '' THEN
        about := 'changed';
        changed := jsonb_build_object(part, jsonb_build_array(before, after));
    ELSIF TG_OP <> 'INSERT' OR TG_ARGV[4] = 'only' THEN
        SELECT jsonb_object_agg(
                key, jsonb_build_array(foundation_brief(before -> key), foundation_brief(after -> key)))
            INTO changed FROM jsonb_object_keys(coalesce(before, after)) AS key
            WHERE before -> key IS DISTINCT FROM after -> key;
    END IF;
    INSERT INTO foundation_event (
        at, kind, app_label, model, object_id, from_status, to_status, changes, reason,
        actor_kind, actor_user, actor_role, route
    ) VALUES (
        clock_timestamp(), about, TG_ARGV[0], TG_ARGV[1], owner, '', '', changed, '',
        coalesce(hand ->> 'kind', 'system'), (hand ->> 'user')::bigint,
        coalesce(hand ->> 'role', 'database'), coalesce(hand ->> 'route', '')
    );
    RETURN NULL;
END $$;
"""

UNDO = """
DROP FUNCTION foundation_follow();
DROP FUNCTION foundation_brief(jsonb);
DROP TRIGGER history_not_truncated ON foundation_event;
DROP FUNCTION foundation_event_not_truncated();
DROP TRIGGER history_append_only ON foundation_event;
DROP FUNCTION foundation_event_guard();
DROP FUNCTION foundation_close_door();
DROP FUNCTION foundation_open_door(text);
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0002_event")]

    operations = [migrations.RunSQL(DOORS + GUARD + FOLLOW, UNDO)]
