"""The accounts at Stripe that the operator has set up, and what is of which."""

from django.conf import settings
from django.db.models import Q

from donations.domain.identities import DEFAULT, account_of
from donations.models import Donation


def accounts() -> list[str]:
    """Return the names of the accounts that can be asked."""
    return [*([DEFAULT] if settings.STRIPE_SECRET_KEY else []), *settings.STRIPE_FURTHER_ACCOUNTS]


def methods_at(account: str) -> list[str]:
    """Return the online methods that an account takes; none where there is no such account."""
    if account == DEFAULT:
        return list(settings.STRIPE_METHODS)
    further = settings.STRIPE_FURTHER_ACCOUNTS.get(account)
    return list(further.methods) if further else []


def all_methods() -> set[str]:
    """Return the online methods that any account takes."""
    return {
        method for account in (DEFAULT, *settings.STRIPE_FURTHER_ACCOUNTS) for method in methods_at(account)
    }


def made_at(account: str, column: str) -> Q:
    """Choose the rows whose identity in `column` is of this account."""
    if account == DEFAULT:
        return Q(**{f"{column}__isnull": False}) & ~Q(**{f"{column}__contains": "/"})
    return Q(**{f"{column}__startswith": f"{account}/"})


def account_of_gift(gift: Donation) -> str:
    """Return the account at which a gift is paid; while its page is not known that of its body."""
    made = gift.checkout_session_id or gift.stripe_invoice_id
    return account_of(made) if made else gift.fund.provider.stripe_account
