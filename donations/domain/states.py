"""Legal moves of the rows of this app, one table per noun."""

from foundation.moves import Moves

DONATION_MOVES: Moves = {
    "pledged": {"processing", "received", "lapsed"},
    "processing": {"received", "pledged", "lapsed"},
    "received": {"partly_refunded", "refunded", "disputed", "pledged", "lapsed"},
    "partly_refunded": {"received", "refunded", "disputed"},
    "disputed": {"received", "partly_refunded", "refunded", "lost"},
    "lapsed": {"processing", "received"},
    "refunded": {"received", "partly_refunded", "disputed"},
    "lost": {"received", "partly_refunded", "refunded", "disputed"},
}

REFUND_MOVES: Moves = {
    "pending": {"succeeded", "failed", "cancelled"},
    "succeeded": {"failed"},
    "failed": set(),
    "cancelled": set(),
}

RECURRING_MOVES: Moves = {
    "starting": {"active", "cancelled"},
    "active": {"past_due", "cancelled"},
    "past_due": {"active", "cancelled"},
    "cancelled": set(),
}
