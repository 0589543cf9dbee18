"""Which status a gift has, given what is known of its money, and the legal way there."""

from foundation.units import Cents

UNPAID = frozenset({"pledged", "processing", "lapsed"})
THANKED_FOR = frozenset({"received", "partly_refunded"})


def status_when_paid(
    *,
    amount_cents: Cents,
    refunded_cents: Cents,
    lost_cents: Cents,
    is_disputed: bool,
) -> str:
    """Return the status of a gift whose money came; a part that a bank took back is a part given back."""
    gone = refunded_cents + lost_cents
    if lost_cents and gone >= amount_cents:
        return "lost"
    if is_disputed:
        return "disputed"
    if gone:
        return "refunded" if gone >= amount_cents else "partly_refunded"
    return "received"


def way(current: str, goal: str) -> list[str]:
    """Return the moves from `current` to `goal`, through the reception that may have been missed."""
    steps = []
    if current in UNPAID and goal not in UNPAID:
        steps.append("received")
    if goal == "lost" and current not in {"disputed", "lost"}:
        steps.append("disputed")
    if goal != (steps[-1] if steps else current):
        steps.append(goal)
    return steps
