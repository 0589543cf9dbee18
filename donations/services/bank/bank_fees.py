"""What a bank takes for itself, or gives back of it: a line is a fee of the body when two people say so."""

from datetime import datetime

from donations.domain.accounts import Owner
from donations.domain.ledger import bank_fee
from donations.domain.proposals import ABOUT_LINE
from donations.models import BankTransaction, LedgerTransaction, Proposal
from donations.services.bank.lines import in_turn, moment_of
from donations.services.books import ledger
from foundation.actors import Actor
from foundation.rows import change
from foundation.units import Cents


class NotAFee(Exception):
    """Why a line cannot be booked as a fee of the bank. `reason` is proposed or changed."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check(line: BankTransaction) -> None:
    """Raise NotAFee unless the whole line stands in the books as unclear."""
    is_open = line.is_open_debit or line.open_cents == line.amount_cents
    if line.booked_at is None or not is_open:
        raise NotAFee("changed")


def waits(line: BankTransaction) -> bool:
    """Return whether somebody has proposed already what it is."""
    return line.proposals.filter(kind__in=ABOUT_LINE, status=Proposal.Status.PROPOSED).exists()


def book_fee(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Book the line of a proposal on the fees of its body. Raises NotAFee, changing nothing."""
    in_turn(proposal.provider_id)
    line = BankTransaction.objects.select_for_update(of=("self",)).get(proposals=proposal)
    check(line)
    posting = bank_fee(str(proposal.pk), Cents(-line.amount_cents), moment_of(line))
    ledger.book(posting, Owner(line.provider_id), now)
    change(line, fee=proposal)


def undo(line: BankTransaction, now: datetime) -> None:
    """A locked line was no fee: it stands as unclear again."""
    ledger.reverse(LedgerTransaction.objects.get(key=f"bank_fee:{line.fee_id}"), now)
    change(line, fee=None)
