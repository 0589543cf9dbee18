"""Two adults are there where the activity asks for it; minors never count (RULES §1.5, §1.9)."""

ADULTS = 2
NEVER_ALONE = 1
"""How many adults are there wherever a minor helps."""


def adults_missing(coming: int, *, staff_is_there: bool) -> int:
    """Return how many grown-up volunteers a date still lacks; one of the provider's own people may count."""
    return max(0, ADULTS - staff_is_there - coming)
