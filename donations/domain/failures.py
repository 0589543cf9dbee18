"""Why a payment did not come, told from the codes of Stripe (docs.stripe.com/declines/codes)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

Failure = Literal["", "funds", "expired", "not_allowed", "closed", "wrong_account", "refused", "other"]

_BY_CODE: Mapping[str, Failure] = {
    "insufficient_funds": "funds",
    "card_velocity_exceeded": "funds",
    "withdrawal_count_limit_exceeded": "funds",
    "expired_card": "expired",
    "debit_not_authorized": "not_allowed",
    "customer_initiated": "not_allowed",
    "revocation_of_authorization": "not_allowed",
    "revocation_of_all_authorizations": "not_allowed",
    "stop_payment_order": "not_allowed",
    "recipient_deceased": "not_allowed",  # of whom nothing more is said
    "account_closed": "closed",
    "bank_account_closed": "closed",
    "bank_account_restricted": "closed",
    "no_account": "wrong_account",
    "incorrect_account_details": "wrong_account",
    "incorrect_number": "wrong_account",
    "invalid_account_number_length": "wrong_account",
    "invalid_account": "wrong_account",
    "card_declined": "refused",
    "generic_decline": "refused",
    "do_not_honor": "refused",
    "lost_card": "refused",
    "stolen_card": "refused",
    "authentication_required": "refused",
    "payment_method_provider_decline": "refused",
}


def failure_of(*codes: str | None) -> Failure:
    """Return why, by the first code that says more than that it failed; empty if there is none."""
    told = [code for code in codes if code]
    return next((_BY_CODE[code] for code in told if code in _BY_CODE), "other" if told else "")


def ends_the_mandate(reason: str) -> bool:
    """Whether the mandate is taken back, or who gave it has died: nothing may be collected any more.

    MD01, MD06, MD07.
    """
    return _BY_CODE.get(reason) == "not_allowed"


def ends_with_its_account(failure: str, next_on: date | None, day: date) -> bool:
    """Whether the account of a debit is gone (AC04, AC06), and on `day` it is too late for another one."""
    return failure == "closed" and next_on is not None and day >= next_on - timedelta(days=1)
