"""Who may see and book gifts: the treasurers of the provider that receives them, and givers by their link."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from citizens.access import subject_of
from citizens.domain.links import LinkKind
from citizens.models import Mailbox
from citizens.services.pages import Opened, open_page
from donations.domain.links import CHANGE_MONTHLY, END_MONTHLY, MEND_MONTHLY
from donations.models import (
    BankTransaction,
    CashCount,
    Donation,
    Proposal,
    RecurringDonation,
    StatementImport,
)
from foundation.links import LinkNotValid
from programs.access import Role, acts_in, providers_of, within_reach
from programs.models import Fund, Provider

PART = "geld"
Someone = User | AnonymousUser


def access_own_gifts(token: str, now: datetime) -> Opened:
    """Return what a link to "Meine Seite" opens, if it reaches money. Raises LinkNotValid or LinkExpired."""
    return open_page(token, now, part=PART)


def access_own_monthly(mailbox: Mailbox, pk: int) -> RecurringDonation:
    """Return a monthly gift of that mailbox. Raises Http404."""
    rows = RecurringDonation.objects.select_related("fund", "donor__mailbox")
    row = rows.filter(pk=pk, donor__mailbox=mailbox).first()
    if row is None:
        raise Http404
    return row


def access_monthly_to_end(token: str, now: datetime) -> RecurringDonation:
    """Return the Dauerspende that a mailed step ends, over or not. Raises LinkNotValid or LinkExpired."""
    return _monthly_of(END_MONTHLY, token, now)


def access_monthly_to_change(token: str, now: datetime) -> RecurringDonation:
    """Return the Dauerspende that a mailed step changes, over or not. Raises LinkNotValid or LinkExpired."""
    return _monthly_of(CHANGE_MONTHLY, token, now)


def access_monthly_to_mend(token: str, now: datetime) -> RecurringDonation:
    """Return the Dauerspende whose way of paying a link mends, over or not.

    Raises LinkNotValid or LinkExpired.
    """
    return _monthly_of(MEND_MONTHLY, token, now)


def _monthly_of(kind: LinkKind, token: str, now: datetime) -> RecurringDonation:
    subject = subject_of(kind, token, now)
    rows = RecurringDonation.objects.select_related("fund", "donor__mailbox")
    row = rows.filter(pk=subject.pk).first()
    if row is None or row.donor.mailbox is None:
        raise LinkNotValid
    subject.check(row.donor.mailbox)
    return row


def treasury_of(user: Someone) -> QuerySet[Provider]:
    """Return the providers whose gifts `user` looks after. PermissionDenied for anybody but treasurers."""
    if not acts_in(user, Role.TREASURER):
        raise PermissionDenied
    return providers_of(user, Role.TREASURER)


def access_body(user: Someone, pk: int) -> Provider:
    """Return a provider whose gifts `user` looks after. Raises Http404."""
    provider = Provider.objects.filter(within_reach(user, "pk", Role.TREASURER), pk=pk).first()
    if provider is None:
        raise Http404
    return provider


def gifts_within_reach(user: Someone) -> QuerySet[Donation]:
    """Return the gifts to the providers whose treasurer `user` is."""
    return Donation.objects.filter(within_reach(user, "fund__provider", Role.TREASURER))


def recurring_within_reach(user: Someone) -> QuerySet[RecurringDonation]:
    """Return the Dauerspenden to the providers whose treasurer `user` is."""
    return RecurringDonation.objects.filter(within_reach(user, "fund__provider", Role.TREASURER))


def access_donation(user: Someone, pk: int) -> Donation:
    """Return a gift within reach. Raises Http404."""
    donation = (
        gifts_within_reach(user)
        .select_related("fund__provider", "donor__mailbox", "payment")
        .filter(pk=pk)
        .first()
    )
    if donation is None:
        raise Http404
    return donation


def bank_lines_within_reach(user: Someone) -> QuerySet[BankTransaction]:
    """Return the bank lines of the providers whose treasurer `user` is."""
    return BankTransaction.objects.filter(within_reach(user, "provider", Role.TREASURER))


def access_bank_line(user: Someone, pk: int) -> BankTransaction:
    """Return a bank line within reach. Raises Http404."""
    line = bank_lines_within_reach(user).select_related("provider").filter(pk=pk).first()
    if line is None:
        raise Http404
    return line


def cash_counts_within_reach(user: Someone) -> QuerySet[CashCount]:
    """Return the counted cash of the providers whose treasurer `user` is."""
    return CashCount.objects.filter(within_reach(user, "provider", Role.TREASURER))


def access_cash_count(user: Someone, pk: int) -> CashCount:
    """Return a count of cash within reach. Raises Http404."""
    names = ("provider", "fund", "counted_by", "decided_by", "line")
    count = cash_counts_within_reach(user).select_related(*names).filter(pk=pk).first()
    if count is None:
        raise Http404
    return count


def access_statement(user: Someone, pk: int) -> StatementImport:
    """Return a statement that was taken over, within reach. Raises Http404."""
    statements = StatementImport.objects.filter(within_reach(user, "provider", Role.TREASURER))
    statement = statements.select_related("provider").filter(pk=pk).first()
    if statement is None:
        raise Http404
    return statement


def funds_within_reach(user: Someone) -> QuerySet[Fund]:
    """Return the purposes whose money `user` looks after."""
    return Fund.objects.filter(within_reach(user, "provider", Role.TREASURER))


def access_purpose(user: Someone, pk: int) -> Fund:
    """Return a purpose whose money `user` looks after. Raises Http404."""
    fund = funds_within_reach(user).filter(pk=pk).first()
    if fund is None:
        raise Http404
    return fund


def proposals_within_reach(user: Someone) -> QuerySet[Proposal]:
    """Return the proposals about money of the providers whose treasurer `user` is."""
    return Proposal.objects.filter(within_reach(user, "provider", Role.TREASURER))


def access_proposal(user: Someone, pk: int) -> Proposal:
    """Return a proposal within reach. Raises Http404."""
    proposal = proposals_within_reach(user).filter(pk=pk).first()
    if proposal is None:
        raise Http404
    return proposal
