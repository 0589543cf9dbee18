"""Gifts become facts in the transaction that books them (figures 0006).

The same is said once more, for the night that compares, in `donations.selectors.figures`; a test compares
both, and whether every column read there is watched here.
"""

from django.db import migrations

from figures.migrations._noted import Note, forget, watch

_FACTS = """
CREATE FUNCTION figures_of_entry(touched bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM figures_fact WHERE cause = ANY(touched) AND measure = 'gifts';
    INSERT INTO figures_fact
        (measure, day, district_id, field, provider_id, fund_id, person, minutes, cents, heads, cause)
    SELECT 'gifts', (booked.recorded_at AT TIME ZONE 'Europe/Berlin')::date,
        fund.district_id, fund.field, fund.provider_id, account.fund_id, gift.donor_id,
        0, -entry.amount_cents, 1, entry.id
    FROM donations_ledgerentry AS entry
    JOIN donations_ledgeraccount AS account ON account.id = entry.account_id
    JOIN programs_fund AS fund ON fund.id = account.fund_id
    JOIN donations_ledgertransaction AS booked ON booked.id = entry.transaction_id
    JOIN donations_donation AS gift ON gift.id = booked.donation_id
    LEFT JOIN donations_ledgertransaction AS reversed ON reversed.id = booked.reverses_id
    WHERE entry.id = ANY(touched) AND account.kind = 'fund' AND booked.kind NOT IN ('payout', 'shortfall')
        AND (reversed.kind IS NULL OR reversed.kind NOT IN ('payout', 'shortfall'));
END $$;

CREATE FUNCTION figures_of_booking(touched bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM figures_of_entry(ARRAY(
        SELECT entry.id FROM donations_ledgerentry AS entry
        JOIN donations_ledgertransaction AS booked ON booked.id = entry.transaction_id
        WHERE booked.id = ANY(touched) OR booked.reverses_id = ANY(touched)
    ));
END $$;

CREATE FUNCTION figures_of_account(touched bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM figures_of_entry(ARRAY(SELECT id FROM donations_ledgerentry WHERE account_id = ANY(touched)));
END $$;

CREATE FUNCTION figures_of_fund(touched bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM figures_of_account(ARRAY(SELECT id FROM donations_ledgeraccount WHERE fund_id = ANY(touched)));
END $$;

CREATE FUNCTION figures_of_gift(touched bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM figures_of_booking(
        ARRAY(SELECT id FROM donations_ledgertransaction WHERE donation_id = ANY(touched))
    );
END $$;
"""
_NOTES = {
    "donations_ledgerentry": [Note("entry", "id", "amount_cents account_id transaction_id")],
    "donations_ledgertransaction": [
        Note("booking", "id", "kind donation_id recorded_at reverses_id", is_wide=True),
    ],
    "donations_ledgeraccount": [Note("account", "id", "kind fund_id", is_wide=True)],
    "donations_donation": [Note("gift", "id", "donor_id", is_wide=True)],
    "programs_fund": [Note("fund", "id", "district_id field provider_id", is_wide=True)],
}
_FILL = [
    "SET LOCAL statement_timeout = '10min'",
    "SELECT figures_of_entry(ARRAY(SELECT id FROM donations_ledgerentry))",
]
_KINDS = "entry booking account fund gift"


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0039_names_of_payers'),
        ('figures', '0006_facts_of_their_causes'),
        ('programs', '0044_no_index_twice'),
    ]

    operations = [
        migrations.RunSQL(_FACTS, "".join(f"DROP FUNCTION figures_of_{kind}(bigint[]);" for kind in _KINDS.split())),
        migrations.RunSQL(
            "".join(watch(table, *notes) for table, notes in _NOTES.items()),
            "".join(map(forget, _NOTES)),
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
    ]
