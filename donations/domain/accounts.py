"""Which accounts the books know, and whose they are."""

from dataclasses import dataclass
from typing import Literal, get_args

BodyAccount = Literal["stripe", "bank", "cash", "in_transit", "unclear", "fees", "fee_cover", "disputed"]
PurposeAccount = Literal["fund", "reserved", "shortfall"]
Account = BodyAccount | PurposeAccount

BODY_ACCOUNTS: tuple[BodyAccount, ...] = get_args(BodyAccount)
PURPOSE_ACCOUNTS: tuple[PurposeAccount, ...] = get_args(PurposeAccount)
ACCOUNTS: tuple[Account, ...] = (*BODY_ACCOUNTS, *PURPOSE_ACCOUNTS)
# How the books call an account at Stripe on which several bodies were booked, before each had one of its own.
SHARED = "gemeinsam mit anderen"


@dataclass(frozen=True)
class Owner:
    """Whose accounts a booking touches: a legal body's, and those of one of its purposes if it names one."""

    provider_id: int
    fund_id: int | None = None
