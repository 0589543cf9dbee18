"""Money leaves a purpose for what it was given for: released here, sent by the bank."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from donations.domain.accounts import Account, Owner
from donations.domain.bank_lines import most_sent
from donations.domain.ledger import payout, payout_returned, payout_sent, shortfall_filled
from donations.domain.proposals import PROPOSAL_MOVES
from donations.models import BankTransaction, LedgerTransaction, Proposal, SentPart
from donations.selectors.purposes import PurposeMoney, money_of
from donations.services.books import ledger
from foundation.actors import Actor, system
from foundation.rows import change
from foundation.transitions import move
from foundation.units import Cents
from programs.models import Fund

BANK = system("bank statement")


class MoreThanAvailable(Exception):
    """More was asked for than can be used; `cents` is what can."""

    def __init__(self, cents: Cents) -> None:
        super().__init__(cents)
        self.cents = cents


def pay_out(proposal: Proposal, _actor: Actor, now: datetime) -> None:
    """Set the money aside for its transfer. Raises MoreThanAvailable, booking nothing."""
    money = _locked(proposal)
    _within(proposal, money.available_cents)
    ledger.book(payout(str(proposal.pk), _cents(proposal), now), _owner(proposal), now)


def cover(proposal: Proposal, _actor: Actor, now: datetime) -> None:
    """Fill what is missing out of what the purpose has. Raises MoreThanAvailable, booking nothing."""
    money = _locked(proposal)
    _within(proposal, Cents(min(money.available_cents, money.shortfall_cents)))
    posting = shortfall_filled(f"proposal:{proposal.pk}", _cents(proposal), now)
    ledger.book(posting, _owner(proposal), now)


def _locked(proposal: Proposal) -> PurposeMoney:
    """The purpose, locked: of two who release at once the second sees what the first has left."""
    fund = Fund.objects.filter(proposals=proposal)
    list(fund.select_for_update(of=("self",), no_key=True))
    return money_of(fund)[0]


def _within(proposal: Proposal, cents: Cents) -> None:
    if _cents(proposal) > cents:
        raise MoreThanAvailable(cents)


def _cents(proposal: Proposal) -> Cents:
    return Cents(proposal.amount_cents or 0)


def _owner(proposal: Proposal) -> Owner:
    return Owner(proposal.provider_id, proposal.fund_id)


def match(line: BankTransaction, identity: str, at: datetime, held: Account, now: datetime) -> bool:
    """Book a locked line that left on the payout whose code it names; False if none fits to the cent."""
    named = Proposal.objects.filter(
        kind="payout",
        provider=line.provider_id,
        status=Proposal.Status.RELEASED,
        reference__in=line.codes,
        amount_cents=-line.amount_cents,
        bank_transactions=None,
    ).exclude(sent_parts__key__isnull=False)
    with transaction.atomic():
        proposal = named.select_for_update(of=("self",)).first()
        if proposal is None or proposal.has_left:  # asked again: who held the row has given it a line
            return False
        send(line, proposal, identity, at, held, now)
    return True


def send(
    line: BankTransaction, proposal: Proposal, identity: str, at: datetime, held: Account, now: datetime
) -> None:
    """Book a locked line that left as the payout, locked too, that it is to the cent."""
    change(line, payout=proposal, booked_at=line.booked_at or now)
    name = ledger.free_identity("payout_sent", identity)
    ledger.book(payout_sent(name, _cents(proposal), at, held), _owner(proposal), now, bank=line.account_id)


def send_part(line: BankTransaction, order: Proposal, identity: str, at: datetime, now: datetime) -> str:
    """Book a part of a locked line that stands as unclear as the payout, locked too; returns its key."""
    posting = payout_sent(ledger.free_identity("payout_sent", identity), _cents(order), at, "unclear")
    ledger.book(posting, _owner(order), now, bank=line.account_id)
    return posting.key


def part_not_sent(key: str, now: datetime) -> None:
    """The part of a line with this booking was not that payout: it stands as unclear again."""
    ledger.reverse(LedgerTransaction.objects.get(key=key), now)


def not_sent(line: BankTransaction, identity: str, now: datetime) -> None:
    """A locked line was not that payout: it stands as unclear again, and the payout is still to be sent."""
    key = f"payout_sent:{identity}"
    ledger.reverse(LedgerTransaction.objects.get(key__startswith=key, reversed_by=None), now)
    change(line, payout=None)


def came_back(line: BankTransaction, identity: str, at: datetime, held: Account, now: datetime) -> bool:
    """Book a locked line that brings back a payout whose code it names; False if none can be meant.

    To the cent, or less what a bank has kept, which the body bears as a fee. The purpose has the money again:
    two people release anew what is to go to another account.
    """
    left = Proposal.objects.filter(
        provider=line.provider_id,
        status=Proposal.Status.RELEASED,
        reference__in=line.codes,
        amount_cents__range=(line.amount_cents, most_sent(Cents(line.amount_cents))),
    )
    with_line = Q(pk__in=BankTransaction.objects.filter(payout__isnull=False).values("payout"))
    in_part = Q(kind="payout", pk__in=SentPart.objects.filter(key__isnull=False).values("order"))
    left = left.filter(with_line | in_part)
    with transaction.atomic():
        proposal = left.select_for_update(of=("self",)).order_by("amount_cents", "pk").first()
        if proposal is None:
            return False
        change(line, payout=proposal, booked_at=line.booked_at or now)
        cents = _cents(proposal)
        returned = payout_returned(identity, cents, at, held, kept=Cents(cents - line.amount_cents))
        ledger.book(returned, _owner(proposal), now, bank=line.account_id)
        ledger.reverse(LedgerTransaction.objects.get(key=f"payout:{proposal.pk}"), now)
        move(proposal, PROPOSAL_MOVES, Proposal.Status.RECALLED, actor=BANK, now=now)
    return True
