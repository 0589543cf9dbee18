"""Which ways of paying a purpose offers, in which order."""

from collections.abc import Collection

from foundation.units import Cents

IN_ORDER = ("transfer", "sepa_debit", "paypal", "card")
MONTHLY = frozenset({"sepa_debit", "card"})
# The most of one payment, in cents. SEPA: Stripe takes no debit over 10,000 euro (RULES §10).
MOST_CENTS = {"sepa_debit": Cents(1_000_000)}


def offered(
    *,
    online: Collection[str],
    has_account: bool,
    monthly: bool,
    amount_cents: Cents | None = None,
) -> list[str]:
    """Return the methods on offer, in the order givers choose most (RULES §3, donor behaviour).

    `online` are the methods that the account of its body at Stripe takes; none without one. A monthly gift is
    collected, so that a transfer (a standing order at the giver's own bank) is no method of ours. With
    `amount_cents` those that take so much.
    """
    usable = set(online)
    if has_account:
        usable.add("transfer")
    if monthly:
        usable &= MONTHLY
    return [
        method
        for method in IN_ORDER
        if method in usable and (amount_cents or 0) <= MOST_CENTS.get(method, amount_cents or 0)
    ]
