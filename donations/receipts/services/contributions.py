"""Goods and waived expenses: one treasurer writes down, another confirms, and undoes with a reason."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import Enum

from django.db import transaction

from accounts.models import User
from donations.models import Donor
from donations.receipts.domain.contributions import Fault, faults
from donations.receipts.domain.states import CONTRIBUTION_MOVES
from donations.receipts.models import Contribution
from donations.receipts.selectors.contributions import facts_about
from donations.services.gifts.pledging import donor_for
from donations.services.gifts.reception import one_by_one
from foundation.actors import Actor
from foundation.clock import local_day
from foundation.history import note_transition
from foundation.money import whole_cents
from foundation.transitions import move
from foundation.units import Cents
from programs.models import Fund

Status = Contribution.Status
_NOTHING = Cents(0)


class Refusal(Enum):
    """Why nothing is decided about it."""

    SAME_PERSON = "same_person"
    NO_LONGER_OPEN = "no_longer_open"
    FAULTY = "faulty"


class ContributionRefused(Exception):
    """Nothing was changed; `reason` says why, `faults` what is wrong with what was written down."""

    def __init__(self, reason: Refusal, found: list[Fault] | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.faults = found or []


@dataclass(frozen=True)
class Said:
    """What is said of a gift without a payment; names as on the row."""

    kind: str
    name: str
    street: str
    postcode: str
    town: str
    given_on: date
    value_cents: Cents
    description: str
    basis: str
    vat_cents: Cents = _NOTHING
    age: str = ""
    condition: str = ""
    purchase_price: str = ""
    origin: str = ""
    has_documents: bool = False
    claim: str = ""
    claim_on: date | None = None
    spent_on: date | None = None
    accepted_on: date | None = None
    accepted_by: str = ""
    pending_matter: str = ""
    wants_receipt: bool = False


def write_down(fund: Fund, said: Said, *, email: str, by: User, actor: Actor, now: datetime) -> Contribution:
    """Store it as a proposal; `email` may be empty. Raises ContributionRefused or NotCents, storing nothing.

    Nothing of it moves money: no entry is booked and no balance changes.
    """
    for cents in (said.value_cents, said.vat_cents):
        whole_cents(cents)
    with transaction.atomic():
        contribution = Contribution(
            provider=fund.provider,
            fund=fund,
            donor=donor_for(email, now) if email else Donor.objects.create(created_at=now),
            status_changed_at=now,
            proposed_by=by,
            proposed_at=now,
            **asdict(said),
        )
        _check(contribution, now)
        contribution.save()
        note_transition(
            contribution, from_status="", to_status=Status.PROPOSED, reason="", actor=actor, now=now
        )
    return contribution


def _check(contribution: Contribution, now: datetime) -> None:
    wrong = faults(facts_about(contribution), local_day(now))
    if wrong:
        raise ContributionRefused(Refusal.FAULTY, wrong)


def confirm(contribution_id: int, *, by: User, actor: Actor, now: datetime) -> Contribution:
    """Confirm value and basis as the second person. Raises ContributionRefused, changing nothing.

    The rules are asked again: meanwhile the giver may have given so much that the city has to accept it.
    """
    with transaction.atomic():
        contribution = _locked(contribution_id)
        if contribution.status != Status.PROPOSED:
            raise ContributionRefused(Refusal.NO_LONGER_OPEN)
        if contribution.proposed_by_id == by.pk:
            raise ContributionRefused(Refusal.SAME_PERSON)
        one_by_one(contribution.provider_id)
        Donor.objects.select_for_update(no_key=True).get(pk=contribution.donor_id)  # a gift that comes waits
        _check(contribution, now)
        move(contribution, CONTRIBUTION_MOVES, Status.CONFIRMED, actor=actor, now=now, decided_by=by)
    return contribution


def drop(contribution: Contribution, *, by: User, actor: Actor, now: datetime) -> bool:
    """Drop a proposal, one's own too; False if somebody decided on it before."""
    if contribution.status != Status.PROPOSED:
        return False
    return move(contribution, CONTRIBUTION_MOVES, Status.DROPPED, actor=actor, now=now, decided_by=by)


def undo(contribution_id: int, reason: str, *, by: User, actor: Actor, now: datetime) -> Contribution:
    """Undo what was confirmed: it was wrong, or the goods went back. The receipt is withdrawn by the sweep.

    Whoever wrote it down leaves that to somebody else. Raises ContributionRefused, changing nothing.
    """
    with transaction.atomic():
        contribution = _locked(contribution_id)
        if contribution.status != Status.CONFIRMED:
            raise ContributionRefused(Refusal.NO_LONGER_OPEN)
        if contribution.proposed_by_id == by.pk:
            raise ContributionRefused(Refusal.SAME_PERSON)
        move(
            contribution,
            CONTRIBUTION_MOVES,
            Status.UNDONE,
            actor=actor,
            now=now,
            undone_by=by,
            undone_for=reason,
        )
    return contribution


def _locked(contribution_id: int) -> Contribution:
    rows = Contribution.objects.select_for_update(of=("self",))
    return rows.select_related("provider", "fund").get(pk=contribution_id)
