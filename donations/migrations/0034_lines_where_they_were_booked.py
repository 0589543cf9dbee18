"""Each line in the books names the account on which it was booked first."""

from django.db import migrations

_BOOKED = """
UPDATE donations_banktransaction AS line SET account_id = first.account_id
FROM (
    SELECT DISTINCT ON (identity) identity, account_id
    FROM (
        SELECT regexp_replace(booked.key, '^(line|gift|refund|payout_sent|arrival|deposit):', '') AS identity,
            booked.id, entry.account_id
        FROM donations_ledgertransaction AS booked
        JOIN donations_ledgerentry AS entry ON entry.transaction_id = booked.id
        JOIN donations_ledgeraccount AS account ON account.id = entry.account_id AND account.kind = 'bank'
    ) AS on_accounts
    ORDER BY identity, id
) AS first
WHERE first.identity = 'bank:' || left(line.fingerprint, 32)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0033_line_of_account'),
    ]

    operations = [
        migrations.RunSQL(_BOOKED, migrations.RunSQL.noop),
    ]
