"""Legal moves of the rows of this app, one table per noun."""

from foundation.moves import Moves

DONATION_MOVES: Moves = {
    "pledged": {"processing", "received", "received_subject_to_acceptance", "lapsed"},
    "processing": {"received", "received_subject_to_acceptance", "pledged", "lapsed"},
    "received_subject_to_acceptance": {
        "received",
        "partly_refunded",
        "refunded",
        "disputed",
        "pledged",
        "lapsed",
    },
    "received": {"partly_refunded", "refunded", "disputed", "pledged", "lapsed"},
    "partly_refunded": {"received", "received_subject_to_acceptance", "refunded", "disputed"},
    "disputed": {"received", "received_subject_to_acceptance", "partly_refunded", "refunded", "lost"},
    "lapsed": {"processing", "received", "received_subject_to_acceptance"},
    "refunded": {"received", "received_subject_to_acceptance", "partly_refunded", "disputed"},
    "lost": {"received", "received_subject_to_acceptance", "partly_refunded", "refunded"},
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
