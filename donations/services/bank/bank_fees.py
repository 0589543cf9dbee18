"""What a bank takes for itself, or gives back of it: a line is a fee of the body when two people say so."""

from datetime import datetime

from donations.domain.accounts import Owner
from donations.domain.ledger import Posting, bank_fee, fee_cover
from donations.domain.proposals import ABOUT_LINE
from donations.models import BankTransaction, LedgerTransaction, Proposal
from donations.services.bank.lines import in_turn, moment_of
from donations.services.books import ledger
from foundation.actors import Actor
from foundation.rows import change
from foundation.units import Cents


class NotAFee(Exception):
    """Why a line cannot be booked as fees, or as what covers them. `reason` is proposed, changed or debit."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check(line: BankTransaction) -> None:
    """Raise NotAFee unless the whole line stands in the books as unclear."""
    is_open = line.is_open_debit or line.open_cents == line.amount_cents
    if line.booked_at is None or not is_open:
        raise NotAFee("changed")


def check_cover(line: BankTransaction) -> None:
    """Raise NotAFee unless the whole line came, and stands in the books as unclear."""
    check(line)
    if line.amount_cents < 0:
        raise NotAFee("debit")


def waits(line: BankTransaction) -> bool:
    """Return whether somebody has proposed already what it is."""
    return line.proposals.filter(kind__in=ABOUT_LINE, status=Proposal.Status.PROPOSED).exists()


def book_fee(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Book the line of a proposal on the fees of its body. Raises NotAFee, changing nothing."""
    line = _locked(proposal)
    check(line)
    _book(line, proposal, bank_fee(str(proposal.pk), Cents(-line.amount_cents), moment_of(line)), now)


def cover_fees(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Book the line of a proposal as money of the body for its fees. Raises NotAFee, changing nothing."""
    line = _locked(proposal)
    check_cover(line)
    _book(line, proposal, fee_cover(str(proposal.pk), Cents(line.amount_cents), moment_of(line)), now)


def _locked(proposal: Proposal) -> BankTransaction:
    in_turn(proposal.provider_id)
    return BankTransaction.objects.select_for_update(of=("self",)).get(proposals=proposal)


def _book(line: BankTransaction, proposal: Proposal, posting: Posting, now: datetime) -> None:
    ledger.book(posting, Owner(line.provider_id), now)
    change(line, fee=proposal)


def undo(line: BankTransaction, now: datetime) -> None:
    """A locked line was no fee, and covered none: it stands as unclear again."""
    assert line.fee is not None
    ledger.reverse(LedgerTransaction.objects.get(key=f"{line.fee.kind}:{line.fee_id}"), now)
    change(line, fee=None)
