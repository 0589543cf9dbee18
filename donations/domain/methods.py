"""Which ways of paying a purpose offers, in which order."""

from collections.abc import Collection

IN_ORDER = ("transfer", "sepa_debit", "paypal", "card")
MONTHLY = frozenset({"sepa_debit", "card"})


def offered(
    *, online: Collection[str], takes_online_payments: bool, has_account: bool, monthly: bool
) -> list[str]:
    """Return the methods on offer, in the order givers choose most (RULES §3, donor behaviour).

    `online` are the methods the operator has configured. A monthly gift is collected, so that a transfer (a
    standing order at the giver's own bank) is no method of ours.
    """
    usable = set(online) if takes_online_payments else set()
    if has_account:
        usable.add("transfer")
    if monthly:
        usable &= MONTHLY
    return [method for method in IN_ORDER if method in usable]
