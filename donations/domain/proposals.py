"""What a treasurer proposes and a second person releases."""

from typing import Literal, get_args

from foundation.moves import Moves

ProposalKind = Literal[
    "payout",
    "cover",
    "refund",
    "correction",
    "acceptance",
    "refusal",
    "reallocation",
    "account",
    "bank_fee",
    "fee_cover",
    "sent",
]
PROPOSAL_KINDS: tuple[ProposalKind, ...] = get_args(ProposalKind)
# What a line of the bank is: one question, asked of two people once.
ABOUT_LINE: frozenset[ProposalKind] = frozenset({"bank_fee", "fee_cover", "sent"})
# Whether the city takes a large gift: one question, asked of two people once.
ABOUT_ACCEPTANCE: frozenset[ProposalKind] = frozenset({"acceptance", "refusal"})
# What becomes of a gift: as long as somebody is asked about it, nobody is asked anew.
ABOUT_GIFT: frozenset[ProposalKind] = ABOUT_ACCEPTANCE | {"refund", "reallocation"}

PROPOSAL_MOVES: Moves = {
    "proposed": {"released", "declined", "lapsed"},
    "released": {"recalled"},
    "declined": {"proposed"},
    "lapsed": set(),
    "recalled": set(),
}
