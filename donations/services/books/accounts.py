"""The accounts of a legal body and its purposes, opened when they are first booked on."""

from typing import Any

from django.db import connection

from donations.domain.accounts import BODY_ACCOUNTS, PURPOSE_ACCOUNTS, SHARED, Account, BodyAccount, Owner
from donations.domain.identities import DEFAULT
from donations.models import LedgerAccount
from foundation.ibans import plain_iban
from programs.models import Provider

# A bank account is named by its IBAN: who changes bank has another account from then on.
_FIND = """
SELECT account.kind, account.id
FROM donations_ledgeraccount AS account
JOIN programs_provider AS provider ON provider.id = account.provider_id
WHERE provider.id = %(provider)s AND (account.fund_id IS NULL OR account.fund_id = %(fund)s)
    AND (account.kind <> 'bank'
        OR account.external_reference = coalesce(%(bank)s, upper(regexp_replace(iban, '\\s', '', 'g'))))
    AND (account.kind <> 'stripe' OR account.external_reference = ANY (%(named)s))
"""
# Always all of them in one order, so that two who open them at once wait for each other in a line.
_OPEN = """
INSERT INTO donations_ledgeraccount (kind, provider_id, fund_id, external_reference)
SELECT body.kind, provider.id, NULL,
    CASE body.kind WHEN 'bank' THEN coalesce(%(bank)s, upper(regexp_replace(iban, '\\s', '', 'g')))
        WHEN 'stripe' THEN (%(named)s::text[])[1] ELSE '' END
FROM programs_provider AS provider, unnest(%(body)s::text[]) AS body (kind)
WHERE provider.id = %(provider)s
UNION ALL
SELECT purpose.kind, fund.provider_id, fund.id, ''
FROM programs_fund AS fund, unnest(%(purpose)s::text[]) AS purpose (kind)
WHERE fund.id = %(fund)s AND fund.provider_id = %(provider)s
ON CONFLICT DO NOTHING
"""


class OfAnotherBody(Exception):
    """The account at Stripe belongs to another body: no money of others on it."""


def accounts_of(owner: Owner, stripe: str | None = None, bank: str | None = None) -> dict[Account, int]:
    """Return the accounts of a body, with those of its purpose if one is named: kind to id.

    The one at Stripe is among them if it is named; the one at the bank is the body's of today, or `bank`.
    Raises OfAnotherBody, opening nothing.
    """
    kinds = [kind for kind in BODY_ACCOUNTS if stripe or kind != "stripe"]
    wanted = len(kinds) + (len(PURPOSE_ACCOUNTS) if owner.fund_id else 0)
    found = _find(owner, stripe, bank)
    if len(found) < wanted:
        _open(owner, kinds, stripe, bank)
        found = _find(owner, stripe, bank)
        if stripe and "stripe" not in found:
            raise OfAnotherBody(stripe)
    return found


def references_of(stripe: str | None) -> list[str]:
    """Return how the books may call an account at Stripe, the name of a new one first."""
    return ["", SHARED] if stripe == DEFAULT else [stripe] if stripe else []


def account_is_of_another(provider_id: int | None, account: str) -> bool:
    """Whether another body was paid, or was to be, at this account at Stripe: then it stays that body's."""
    named = LedgerAccount.objects.filter(kind="stripe", external_reference=references_of(account)[0])
    return named.exclude(provider=provider_id).exists()


def banks_of(provider: Provider) -> set[str]:
    """Return the IBANs of the accounts that a body has or had, save those that another body has now."""
    opened = LedgerAccount.objects.filter(kind="bank", provider=provider)
    others = Provider.objects.exclude(pk=provider.pk).values_list("iban", flat=True)
    had = set(opened.values_list("external_reference", flat=True)) - {plain_iban(iban) for iban in others}
    return {*had, plain_iban(provider.iban)} - {""}


def bank_account(provider: Provider, iban: str) -> LedgerAccount:
    """Return the account of a body at the bank, opened when it is first asked for."""
    return LedgerAccount.objects.get(pk=accounts_of(Owner(provider.pk), bank=iban)["bank"])


def _find(owner: Owner, stripe: str | None, bank: str | None) -> dict[Account, int]:
    with connection.cursor() as cursor:
        cursor.execute(_FIND, _named(owner, stripe, bank))
        return dict(cursor.fetchall())


def _open(owner: Owner, kinds: list[BodyAccount], stripe: str | None, bank: str | None) -> None:
    which = {"body": kinds, "purpose": list(PURPOSE_ACCOUNTS)}
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, _named(owner, stripe, bank) | which)


def _named(owner: Owner, stripe: str | None, bank: str | None) -> dict[str, Any]:
    """Whose accounts are meant and what they may be called, as both statements want it."""
    named = references_of(stripe)
    return {"provider": owner.provider_id, "fund": owner.fund_id, "named": named, "bank": bank}
