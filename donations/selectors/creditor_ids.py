"""Whether the debits of a body are collected in its own name."""

from datetime import date

from donations.models import CreditorId


def is_own_creditor(provider_id: int, day: date) -> bool:
    """Whether a debit taken on `day` names the body on the bank statement of who gives."""
    return CreditorId.objects.filter(provider=provider_id, valid_from__lte=day).exists()
