"""What a treasurer proposes and a second person releases."""

from typing import Literal, get_args

from foundation.moves import Moves

ProposalKind = Literal["payout", "cover", "refund", "correction"]
PROPOSAL_KINDS: tuple[ProposalKind, ...] = get_args(ProposalKind)

PROPOSAL_MOVES: Moves = {
    "proposed": {"released", "declined"},
    "released": {"recalled"},
    "declined": set(),
    "recalled": set(),
}
