"""What Stripe keeps of a payment, in integer cents."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tariff:
    per_mille: int
    fixed_cents: int
    dispute_cents: int


TARIFFS = {
    "card": Tariff(per_mille=15, fixed_cents=25, dispute_cents=2000),
    "sepa_debit": Tariff(per_mille=0, fixed_cents=35, dispute_cents=750),
    "paypal": Tariff(per_mille=15, fixed_cents=35, dispute_cents=2000),
}


def payment_fee_cents(method: str, amount_cents: int) -> int:
    """Return the fee of a payment, the share rounded half up."""
    tariff = TARIFFS[method]
    return (amount_cents * tariff.per_mille + 500) // 1000 + tariff.fixed_cents


def dispute_fee_cents(method: str) -> int:
    return TARIFFS[method].dispute_cents
