"""The legal moves of a changed address, and how long it waits, can be stopped and taken back."""

from datetime import timedelta

from foundation.moves import Moves

ASKED, MOVED = "asked", "moved"
STOPPED, REFUSED, LAPSED = "stopped", "refused", "lapsed"
TAKEN_BACK, SETTLED = "taken_back", "settled"

CONFIRMED_WITHIN = timedelta(days=2)  # by the new address
UNOPPOSED_AFTER = timedelta(days=7)  # from the asking: whoever lost the old mailbox moves without its yes
STOPPED_WITHIN = timedelta(days=14)  # from the asking, before and after the move
UNOPPOSED_BY_LETTER = timedelta(days=14)  # from the posting: the way, and time to read and answer
STOPPED_BY_LETTER = timedelta(days=180)  # from the asking: a letter may wait to be printed

ADDRESS_CHANGE_MOVES: Moves = {
    ASKED: {MOVED, STOPPED, REFUSED, LAPSED},
    MOVED: {TAKEN_BACK, SETTLED},
    STOPPED: set(),
    REFUSED: set(),
    LAPSED: set(),
    TAKEN_BACK: set(),
    SETTLED: set(),
}
