"""Accounts at Stripe have owners: one body each, from the first payment page on, for good."""

from django.db import migrations, models

# Whose the first account is: the body that has it, else the one that used it last. Accounts in the books that
# nobody used are taken away; another body that was booked on it too keeps its entries, on an account that says so.
OWNED = """
SET CONSTRAINTS ALL IMMEDIATE;
CREATE TEMPORARY TABLE stripe_used ON COMMIT DROP AS
SELECT provider_id, max(at) AS at FROM (
    SELECT account.provider_id, booked.recorded_at AS at
    FROM donations_ledgeraccount AS account
    JOIN donations_ledgerentry AS entry ON entry.account_id = account.id
    JOIN donations_ledgertransaction AS booked ON booked.id = entry.transaction_id
    WHERE account.kind = 'stripe'
    UNION ALL
    SELECT fund.provider_id, gift.pledged_at
    FROM donations_donation AS gift JOIN programs_fund AS fund ON fund.id = gift.fund_id
    WHERE gift.checkout_session_id IS NOT NULL
) AS use GROUP BY provider_id;

CREATE TEMPORARY TABLE stripe_owner ON COMMIT DROP AS
SELECT used.provider_id FROM stripe_used AS used
JOIN programs_provider AS provider ON provider.id = used.provider_id
ORDER BY provider.stripe_account = 'default' DESC, used.at DESC LIMIT 1;

ALTER TABLE donations_ledgeraccount DISABLE TRIGGER account_stays;
DELETE FROM donations_ledgeraccount
WHERE kind = 'stripe' AND provider_id NOT IN (SELECT provider_id FROM stripe_used);
UPDATE donations_ledgeraccount SET external_reference = 'gemeinsam mit anderen'
WHERE kind = 'stripe' AND provider_id NOT IN (SELECT provider_id FROM stripe_owner);
INSERT INTO donations_ledgeraccount (kind, provider_id, fund_id, external_reference)
SELECT 'stripe', provider_id, NULL,
    CASE WHEN provider_id IN (SELECT provider_id FROM stripe_owner) THEN '' ELSE 'gemeinsam mit anderen' END
FROM stripe_used ON CONFLICT DO NOTHING;
UPDATE programs_provider SET stripe_account = ''
WHERE stripe_account = 'default' AND id NOT IN (SELECT provider_id FROM stripe_owner)
    AND EXISTS (SELECT FROM stripe_owner);
ALTER TABLE donations_ledgeraccount ENABLE TRIGGER account_stays;
SET CONSTRAINTS ALL DEFERRED;
"""
SHARED_AGAIN = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE donations_ledgeraccount DISABLE TRIGGER account_stays;
UPDATE donations_ledgeraccount SET external_reference = '' WHERE external_reference = 'gemeinsam mit anderen';
ALTER TABLE donations_ledgeraccount ENABLE TRIGGER account_stays;
"""
# The one row so far was written with its number; the next takes the following one.
NEXT_NUMBER = """
SELECT setval(pg_get_serial_sequence('donations_stripecursor', 'id'), greatest(max(id), 1), max(id) IS NOT NULL)
FROM donations_stripecursor
"""
STAYS = """
CREATE FUNCTION donations_stripe_account_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM donations_ledgeraccount
        WHERE kind = 'stripe' AND provider_id <> NEW.id
            AND external_reference = CASE NEW.stripe_account WHEN 'default' THEN '' ELSE NEW.stripe_account END
    ) THEN
        RAISE EXCEPTION 'stripe account % belongs to another body', NEW.stripe_account
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stripe_account_stays BEFORE INSERT OR UPDATE OF stripe_account ON programs_provider
    FOR EACH ROW WHEN (NEW.stripe_account <> '') EXECUTE FUNCTION donations_stripe_account_stays();

-- What is collected for a purpose comes to the account of the body to which it was promised.
CREATE FUNCTION donations_fund_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM donations_donation WHERE fund_id = NEW.id) THEN
        RAISE EXCEPTION 'purpose % has gifts and stays with its body', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fund_stays BEFORE UPDATE OF provider_id ON programs_fund
    FOR EACH ROW WHEN (OLD.provider_id <> NEW.provider_id) EXECUTE FUNCTION donations_fund_stays();
"""
MOVES = """
DROP TRIGGER fund_stays ON programs_fund;
DROP FUNCTION donations_fund_stays();
DROP TRIGGER stripe_account_stays ON programs_provider;
DROP FUNCTION donations_stripe_account_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("donations", "0026_stripe_transits"),
        ("programs", "0030_stripe_account_of_each_body"),
    ]

    operations = [
        migrations.AlterField(
            model_name="stripeevent",
            name="event_id",
            field=models.CharField(max_length=100, unique=True),
        ),
        migrations.RemoveConstraint(model_name="stripecursor", name="stripe_cursor_is_one_row"),
        migrations.AddField(
            model_name="stripecursor",
            name="account",
            field=models.CharField(db_default="default", default="default", max_length=19, unique=True),
        ),
        migrations.RunSQL(NEXT_NUMBER, migrations.RunSQL.noop),
        migrations.RunSQL(OWNED, SHARED_AGAIN),
        migrations.AddConstraint(
            model_name="ledgeraccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("kind", "stripe"),
                    models.Q(("external_reference", "gemeinsam mit anderen"), _negated=True),
                ),
                fields=("external_reference",),
                name="account_at_stripe_of_one_body",
            ),
        ),
        migrations.RunSQL(STAYS, MOVES),
    ]
