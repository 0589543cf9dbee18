"""How long the platform waits, and why."""

from datetime import timedelta

# A promise of a gift binds nobody (§ 518 Abs. 1 BGB): one friendly reminder, never a demand (RULES §2.1).
REMIND_TRANSFER_AFTER = timedelta(days=14)
LAPSE_TRANSFER_AFTER = timedelta(days=60)

# Stripe keeps a payment page for at most 24 hours and an idempotency key for 24; both must outlive a pledge.
CHECKOUT_OPEN_FOR = timedelta(hours=23)
LAPSE_WITHOUT_CHECKOUT_AFTER = timedelta(hours=20)

# Stripe lists events for 30 days. What was told late, or by a clock that is not ours, overlaps.
EVENTS_LISTED_FOR = timedelta(days=30)
CATCH_UP_OVERLAP = timedelta(days=1)
TELL_OF_CARD_BEFORE = timedelta(days=30)
ASK_ABOUT_PENDING_AFTER = timedelta(minutes=10)

_FIRST_RETRY = timedelta(seconds=30)
_LAST_RETRY = timedelta(hours=1)
_FIRST_QUESTION = timedelta(minutes=15)
_LAST_QUESTION = timedelta(days=1)


def retry_after(attempts: int) -> timedelta:
    """Return how long to wait after `attempts` failures: 30 s, doubling up to an hour."""
    return min(_FIRST_RETRY * 2 ** min(attempts - 1, 10), _LAST_RETRY)


def ask_again_after(times_asked: int) -> timedelta:
    """Return how long to wait until the next question about a payment: 15 min, doubling up to a day."""
    return min(_FIRST_QUESTION * 2 ** min(max(times_asked - 1, 0), 10), _LAST_QUESTION)
