"""What is done at each account at Stripe: one that refuses our key or is silent does not stop the others."""

from collections.abc import Callable, Iterable

import structlog

from donations.gateways.errors import KeyRefused, PaymentServiceError
from donations.selectors.stripe_accounts import accounts

log = structlog.get_logger(__name__)


def at_each_account(act: Callable[[str], int]) -> int:
    """Do it for every account; returns the sum. Raises what failed when all have had their turn."""
    return in_turn((account, lambda account=account: act(account)) for account in accounts())  # type: ignore[misc]


def in_turn(acts: Iterable[tuple[str, Callable[[], int]]]) -> int:
    """Do each act at its account, but for accounts that failed before; returns the sum.

    Raises PaymentServiceError at the end, with every account that failed: KeyRefused if any key was refused.
    """
    done, failed = 0, dict[str, PaymentServiceError]()
    for account, act in acts:
        if account in failed:
            continue
        try:
            done += act()
        except PaymentServiceError as error:
            log.exception("stripe_account_failed", account=account)
            failed[account] = error
    if failed:
        errors = sorted(failed.values(), key=lambda error: not isinstance(error, KeyRefused))
        raise type(errors[0])("; ".join(str(error) for error in errors))
    return done
