"""Which ways of paying a purpose offers, in which order."""

from collections.abc import Collection, Mapping

from foundation.units import Cents

IN_ORDER = ("transfer", "sepa_debit", "paypal", "card")
MONTHLY = frozenset({"sepa_debit", "card"})
MOST_CENTS: Mapping[str, Cents] = {"sepa_debit": Cents(1_000_000)}
"""The most of one payment where no MethodLimit says otherwise: Stripe takes no larger debit (RULES §10)."""


def offered(
    *,
    online: Collection[str],
    has_account: bool,
    monthly: bool,
    amount_cents: Cents | None = None,
    most_cents: Mapping[str, Cents] = MOST_CENTS,
) -> list[str]:
    """Return the methods on offer, in the order givers choose most (RULES §3, donor behaviour).

    `online` are the methods that the account of its body at Stripe takes; none without one. A monthly gift is
    collected, so that a transfer (a standing order at the giver's own bank) is no method of ours. With
    `amount_cents` those that take so much by `most_cents`.
    """
    usable = set(online)
    if has_account:
        usable.add("transfer")
    if monthly:
        usable &= MONTHLY
    return [
        method
        for method in IN_ORDER
        if method in usable and (amount_cents or 0) <= most_cents.get(method, amount_cents or 0)
    ]
