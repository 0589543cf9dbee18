"""Legal moves of the rows of this app."""

from foundation.transitions import Moves

OPPORTUNITY_MOVES: Moves = {
    "draft": {"in_review"},
    "in_review": {"draft", "published"},
    "published": {"paused", "closed"},
    "paused": {"published", "closed"},
    "closed": set(),
}
