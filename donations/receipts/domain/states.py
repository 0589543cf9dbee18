"""Legal moves of a receipt, of what a body has said about itself, and of gifts without a payment."""

from foundation.moves import Moves

RECEIPT_MOVES: Moves = {
    "draft": {"issued", "withdrawn"},
    "issued": {"withdrawn"},
    "withdrawn": set(),
}

ISSUER_MOVES: Moves = {
    "proposed": {"confirmed", "dropped"},
    "confirmed": {"replaced"},
    "replaced": set(),
    "dropped": set(),
}

CONTRIBUTION_MOVES: Moves = {
    "proposed": {"confirmed", "dropped"},
    "confirmed": {"undone"},
    "dropped": set(),
    "undone": set(),
}
