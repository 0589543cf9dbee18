"""How Stripe calls the rhythms that we offer."""

from typing import Any

INTERVALS: dict[str, dict[str, Any]] = {
    "month": {"interval": "month", "interval_count": 1},
    "quarter": {"interval": "month", "interval_count": 3},
    "year": {"interval": "year", "interval_count": 1},
}


def rhythm_of(recurring: dict[str, Any]) -> str:
    """Return our word, empty for a rhythm that we do not offer."""
    told = (recurring["interval"], recurring["interval_count"])
    return next((name for name, each in INTERVALS.items() if tuple(each.values()) == told), "")
