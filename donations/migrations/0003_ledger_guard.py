"""The database itself keeps the books: append-only, and every transaction in balance at its commit."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION donations_ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % on % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

-- An empty table may be truncated: nothing is lost by it.
CREATE FUNCTION donations_ledger_not_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    has_rows boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM %I)', TG_TABLE_NAME) INTO has_rows;
    IF has_rows THEN
        RAISE EXCEPTION 'the ledger is append-only: TRUNCATE on % refused', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON donations_ledgertransaction
    FOR EACH ROW EXECUTE FUNCTION donations_ledger_append_only();
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON donations_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION donations_ledger_append_only();
CREATE TRIGGER ledger_not_truncated BEFORE TRUNCATE ON donations_ledgertransaction
    FOR EACH STATEMENT EXECUTE FUNCTION donations_ledger_not_truncated();
CREATE TRIGGER ledger_not_truncated BEFORE TRUNCATE ON donations_ledgerentry
    FOR EACH STATEMENT EXECUTE FUNCTION donations_ledger_not_truncated();
"""

BALANCED = """
CREATE FUNCTION donations_ledger_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed bigint;
    total numeric;
    sides bigint;
BEGIN
    IF TG_TABLE_NAME = 'donations_ledgertransaction' THEN
        changed := NEW.id;
    ELSE
        changed := NEW.transaction_id;
    END IF;
    SELECT coalesce(sum(amount_cents), 0), count(*) INTO total, sides
        FROM donations_ledgerentry WHERE transaction_id = changed;
    IF total <> 0 OR sides < 2 THEN
        RAISE EXCEPTION 'ledger transaction % is not balanced: % sides, sum %', changed, sides, total
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER ledger_balanced AFTER INSERT ON donations_ledgertransaction
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION donations_ledger_balanced();
CREATE CONSTRAINT TRIGGER ledger_balanced AFTER INSERT ON donations_ledgerentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION donations_ledger_balanced();
"""

UNDO = """
DROP TRIGGER ledger_balanced ON donations_ledgerentry;
DROP TRIGGER ledger_balanced ON donations_ledgertransaction;
DROP FUNCTION donations_ledger_balanced();
DROP TRIGGER ledger_not_truncated ON donations_ledgerentry;
DROP TRIGGER ledger_not_truncated ON donations_ledgertransaction;
DROP TRIGGER ledger_append_only ON donations_ledgerentry;
DROP TRIGGER ledger_append_only ON donations_ledgertransaction;
DROP FUNCTION donations_ledger_not_truncated();
DROP FUNCTION donations_ledger_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("donations", "0002_gift_details")]

    operations = [migrations.RunSQL(APPEND_ONLY + BALANCED, UNDO)]
