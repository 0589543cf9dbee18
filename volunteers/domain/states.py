"""Legal moves of the rows of this app, one table per noun."""

from foundation.moves import Moves

TIME_PLEDGE_MOVES: Moves = {
    "unconfirmed": {"open", "lapsed"},
    "open": {"placed", "paused", "lapsed", "withdrawn"},
    "placed": {"open", "paused", "ended", "withdrawn"},
    "paused": {"open", "placed", "withdrawn", "ended"},
    "ended": set(),
    "lapsed": {"open"},
    "withdrawn": set(),
}

OFFER_MOVES: Moves = {
    "proposed": {"sent", "withdrawn"},
    "sent": {"accepted", "declined", "expired", "withdrawn"},
    "accepted": {"withdrawn"},
    "declined": set(),
    "expired": set(),
    "withdrawn": set(),
}

PLACEMENT_MOVES: Moves = {
    "awaiting_confirmation": {"awaiting_clearance", "active", "cancelled"},
    "awaiting_clearance": {"active", "ended", "cancelled"},
    "active": {"awaiting_clearance", "ended", "cancelled"},
    "ended": set(),
    "cancelled": set(),
}

STAND_IN_SEARCH_MOVES: Moves = {
    "searching": {"found", "exhausted", "ended"},
    "exhausted": {"found", "ended"},
    "found": set(),
    "ended": set(),
}

STAND_IN_QUESTION_MOVES: Moves = {
    "sent": {"accepted", "declined", "expired", "withdrawn"},
    "expired": {"accepted", "declined", "withdrawn"},
    "accepted": set(),
    "declined": set(),
    "withdrawn": set(),
}

ASSIGNMENT_MOVES: Moves = {
    "confirmed": {"attended", "excused", "missed", "cancelled", "stand_in_wanted", "on_hold", "released"},
    "on_hold": {"confirmed", "excused", "cancelled", "released"},
    "released": {"confirmed", "cancelled"},
    "stand_in_wanted": {"confirmed", "cancelled"},
    "attended": {"excused", "missed"},
    "excused": {"confirmed", "on_hold", "attended", "missed"},
    "missed": {"attended", "excused"},
    "cancelled": set(),
}
