from django.db import migrations

# What 0048 asks of a move it did not ask of a row that is put in as published, or as paused to be published
# later; and any line of the history would do. Asked at the end of the transaction: who released it has an account
# that may come in, did not edit the task last and changed nothing since the release before that a second person
# reads (programs/selectors/writers.py). A task that paused was public before.
#
# An Angebot, a purpose, its news and a telephone are public if they came with the city's files or a second
# person released their first words. Rows of before stay as they are: they get such a release without a name.
RELEASED = """
CREATE OR REPLACE FUNCTION programs_opportunity_was_released() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    about constant text[] := ARRAY['programs', 'opportunity'];
    words constant text[] := ARRAY[
        'title', 'task', 'site', 'role_name', 'activity_id', 'minimum_age', 'site_kind', 'staff_is_there'];
BEGIN
    IF NOT EXISTS (
        SELECT FROM foundation_event AS line
        JOIN accounts_user AS reader ON reader.id = line.actor_user AND reader.is_active
        WHERE line.app_label = about[1] AND line.model = about[2] AND line.object_id = NEW.id
          AND (line.at = NEW.status_changed_at OR NEW.status = 'paused')
          AND line.from_status = 'in_review' AND line.to_status = 'published'
          AND line.actor_user <> coalesce(NEW.edited_by_id, 0)
          AND NOT EXISTS (
            SELECT FROM foundation_event AS written
            WHERE written.app_label = about[1] AND written.model = about[2] AND written.object_id = NEW.id
              AND written.actor_user = line.actor_user AND written.id < line.id
              AND (written.kind = 'created' OR written.kind = 'changed' AND written.changes ?| words)
              AND NOT EXISTS (
                SELECT FROM foundation_event AS before
                WHERE before.app_label = about[1] AND before.model = about[2] AND before.object_id = NEW.id
                  AND before.from_status = 'in_review' AND before.to_status = 'published'
                  AND before.id > written.id AND before.id < line.id
              )
          )
    ) AND EXISTS (
        SELECT FROM programs_opportunity WHERE id = NEW.id AND status IN ('published', 'paused')
    ) THEN
        RAISE EXCEPTION 'task % was released by nobody', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'opportunity_public_was_released';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER opportunity_put_in_was_released AFTER INSERT ON programs_opportunity
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.status IN ('published', 'paused'))
    EXECUTE FUNCTION programs_opportunity_was_released();

CREATE FUNCTION programs_opportunity_was_public() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'task % was not public', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'opportunity_paused_was_public';
END $$;
CREATE TRIGGER opportunity_paused_was_public BEFORE UPDATE ON programs_opportunity
    FOR EACH ROW WHEN (NEW.status = 'paused' AND OLD.status NOT IN ('published', 'paused'))
    EXECUTE FUNCTION programs_opportunity_was_public();

CREATE FUNCTION programs_first_words_were_released() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) ->> 'source_key') IS NULL AND NOT EXISTS (
        SELECT FROM programs_textdraft
        WHERE about = TG_ARGV[0] AND row_id = NEW.id AND is_new AND released_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION '% % has first words that nobody has released', TG_ARGV[0], NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'first_words_were_released';
    END IF;
    RETURN NULL;
END $$;
"""
KINDS = (
    ("program", "programs_program", "is_listed"),
    ("purpose", "programs_fund", "is_shown"),
    ("news", "programs_fundupdate", "is_shown"),
    ("telephone", "programs_helptelephone", "is_listed"),
)
SHOWN = """
INSERT INTO programs_textdraft (about, row_id, is_new, texts, status, status_changed_at, writers, released_at)
SELECT '{about}', id, true, '{{}}', 'in_force', now(), '{{}}', now() FROM {table} AS shown
WHERE NOT EXISTS (
    SELECT FROM programs_textdraft WHERE about = '{about}' AND row_id = shown.id AND is_new
) AND (to_jsonb(shown) ->> 'source_key') IS NULL;
"""
ASKED = """
CREATE CONSTRAINT TRIGGER put_in_was_released AFTER INSERT ON {table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.{column})
    EXECUTE FUNCTION programs_first_words_were_released('{about}');
CREATE CONSTRAINT TRIGGER shown_was_released AFTER UPDATE ON {table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.{column} AND NOT OLD.{column})
    EXECUTE FUNCTION programs_first_words_were_released('{about}');
"""
UNASKED = """
DROP TRIGGER shown_was_released ON {table};
DROP TRIGGER put_in_was_released ON {table};
"""
ANYBODY = """
DROP FUNCTION programs_first_words_were_released();
DROP TRIGGER opportunity_paused_was_public ON programs_opportunity;
DROP FUNCTION programs_opportunity_was_public();
DROP TRIGGER opportunity_put_in_was_released ON programs_opportunity;
CREATE OR REPLACE FUNCTION programs_opportunity_was_released() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


def _each(statement: str) -> str:
    return "".join(
        statement.format(about=about, table=table, column=column) for about, table, column in KINDS
    )


class Migration(migrations.Migration):
    dependencies = [
        ("programs", "0050_amounts_that_can_be"),
        ("foundation", "0008_audit"),
        migrations.swappable_dependency("accounts.User"),
    ]

    operations = [
        migrations.RunSQL(_each(SHOWN), migrations.RunSQL.noop),
        migrations.RunSQL(RELEASED + _each(ASKED), _each(UNASKED) + ANYBODY),
    ]
