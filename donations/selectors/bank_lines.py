"""Which lines of the bank still wait for somebody to say what they are."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from donations.domain.proposals import ABOUT_LINE
from donations.models import BankTransaction, Proposal

_MEANS_NOTHING = Q(refund=None, payout=None, transit=None, fee=None, sent_cents=None, cancelled_at=None)
IS_OPEN_CREDIT = (
    _MEANS_NOTHING & Q(amount_cents__gt=F("allocated_cents")) & Q(amount_cents__gt=0, cash_cents=0)
)
IS_OPEN_DEBIT = _MEANS_NOTHING & Q(amount_cents__lt=0)
IS_OPEN = IS_OPEN_CREDIT | IS_OPEN_DEBIT


def open_bank_lines(lines: QuerySet[BankTransaction]) -> QuerySet[BankTransaction]:
    """Return the incoming transfers of which something belongs to no gift, oldest first."""
    return _oldest_first(lines.filter(IS_OPEN_CREDIT))


def unclear_bank_lines(lines: QuerySet[BankTransaction]) -> QuerySet[BankTransaction]:
    """Return these, and what left for nothing that anybody knows, until somebody proposes what it was."""
    waiting = Proposal.objects.filter(status=Proposal.Status.PROPOSED, kind__in=ABOUT_LINE)
    return _oldest_first(lines.filter(IS_OPEN & ~Exists(waiting.filter(line=OuterRef("pk")))))


def _oldest_first(lines: QuerySet[BankTransaction]) -> QuerySet[BankTransaction]:
    return lines.select_related("provider").order_by("booked_on", "pk")
