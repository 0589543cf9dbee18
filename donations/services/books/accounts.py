"""The accounts of a legal body and its purposes, opened when they are first booked on."""

from django.db import connection

from donations.domain.accounts import BODY_ACCOUNTS, PURPOSE_ACCOUNTS, Account, Owner

# A bank account is named by its IBAN: who changes bank has another account from then on.
_FIND = """
SELECT account.kind, account.id
FROM donations_ledgeraccount AS account
JOIN programs_provider AS provider ON provider.id = account.provider_id
WHERE provider.id = %(provider)s AND (account.fund_id IS NULL OR account.fund_id = %(fund)s)
    AND (account.kind <> 'bank' OR account.external_reference = upper(regexp_replace(iban, '\\s', '', 'g')))
"""
# Always all of them in one order, so that two who open them at once wait for each other in a line.
_OPEN = """
INSERT INTO donations_ledgeraccount (kind, provider_id, fund_id, external_reference)
SELECT body.kind, provider.id, NULL,
    CASE WHEN body.kind = 'bank' THEN upper(regexp_replace(iban, '\\s', '', 'g')) ELSE '' END
FROM programs_provider AS provider, unnest(%(body)s::text[]) AS body (kind)
WHERE provider.id = %(provider)s
UNION ALL
SELECT purpose.kind, fund.provider_id, fund.id, ''
FROM programs_fund AS fund, unnest(%(purpose)s::text[]) AS purpose (kind)
WHERE fund.id = %(fund)s AND fund.provider_id = %(provider)s
ON CONFLICT DO NOTHING
"""


def accounts_of(owner: Owner) -> dict[Account, int]:
    """Return the accounts of a body, with those of its purpose if one is named: kind to id."""
    wanted = len(BODY_ACCOUNTS) + (len(PURPOSE_ACCOUNTS) if owner.fund_id else 0)
    found = _find(owner)
    if len(found) < wanted:
        _open(owner)
        found = _find(owner)
    return found


def _find(owner: Owner) -> dict[Account, int]:
    with connection.cursor() as cursor:
        cursor.execute(_FIND, {"provider": owner.provider_id, "fund": owner.fund_id})
        return dict(cursor.fetchall())


def _open(owner: Owner) -> None:
    facts = {
        "provider": owner.provider_id,
        "fund": owner.fund_id,
        "body": list(BODY_ACCOUNTS),
        "purpose": list(PURPOSE_ACCOUNTS),
    }
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, facts)
