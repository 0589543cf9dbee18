"""Legal moves of the rows of this app."""

from foundation.moves import Moves

OPPORTUNITY_MOVES: Moves = {
    "draft": {"in_review", "closed"},
    "in_review": {"draft", "published", "closed"},
    "published": {"in_review", "paused", "closed"},
    "paused": {"in_review", "published", "closed"},
    "closed": set(),
}
