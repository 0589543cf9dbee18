"""The wishes for receipts as the treasurer sees them: what each waits for."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from donations.models import Donation
from donations.receipts.domain.eligibility import Refusal, refusal, safe_from
from donations.receipts.selectors.gifts import facts_of
from donations.receipts.selectors.issuers import confirmed_issuers, outdated_funds
from foundation.actors import ActorKind
from foundation.history import lines_of


@dataclass(frozen=True)
class Wish:
    """A gift, why it has no receipt on a day (None: it can be issued), and when its debit is safe."""

    gift: Donation
    reason: Refusal | None
    safe_from: date | None


def listed(gifts: QuerySet[Donation]) -> QuerySet[Donation]:
    """Return gifts with everything that the list of wishes shows, those first that came first."""
    with_all = gifts.select_related("fund__provider", "donor__mailbox", "receipt_address")
    return with_all.order_by(Coalesce("received_at", "pledged_at"), "pk")


def wishes(gifts: list[Donation], day: date) -> list[Wish]:
    """Return what each gift waits for on `day`, as far as the gift itself tells."""
    issuers = confirmed_issuers({gift.fund.provider_id for gift in gifts})
    purposes = {key: purpose for issuer in issuers.values() for key, purpose in issuer.fund_purposes.items()}
    outdated = frozenset().union(*(outdated_funds(issuer, day) for issuer in issuers.values()))
    return [
        Wish(gift, refusal(facts, day), _safe_from(gift))
        for gift, facts in zip(gifts, facts_of(gifts, purposes, outdated), strict=True)
    ]


def _safe_from(gift: Donation) -> date | None:
    return safe_from(gift.method, gift.given_on) if gift.given_on else None


@dataclass(frozen=True)
class Correction:
    """When name and address of a gift were last put right, and whether the giver did it themselves."""

    at: datetime
    by_giver: bool


def last_correction(gift: Donation) -> Correction | None:
    """Return the last time that somebody put another name or address on the gift, if anybody did."""
    line = lines_of(gift).filter(changes__has_key="receipt_address").order_by("-at", "-pk").first()
    return Correction(line.at, line.actor_kind == ActorKind.CITIZEN) if line else None
