"""Legal moves of a receipt and of what a body has said about itself."""

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
