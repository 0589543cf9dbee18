"""What Stripe sends to our bank, or takes: on its way when Stripe says so, there by the bank's line."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet, Sum

from donations.domain.accounts import Account, Owner
from donations.domain.facts import TransitFacts
from donations.domain.identities import account_of
from donations.domain.ledger import arrival, transit, transit_back
from donations.models import BankTransaction, LedgerAccount, StripeTransit
from donations.services.books import ledger
from donations.services.books.accounts import references_of
from foundation.rows import change
from foundation.units import Cents
from programs.models import Provider

EARLY, LATE = timedelta(days=1), timedelta(days=10)  # how far the bank's day may be from what Stripe expects
_NAME = "stripe"


def record(facts: TransitFacts, now: datetime) -> StripeTransit | None:
    """Record what was sent and whether it came back, any number of times; None while nobody's it is clear.

    An account on which several bodies were booked once is for the nightly comparison to name.
    """
    owner = owner_of(account_of(facts.external_id))
    if owner is None:
        return None
    with transaction.atomic():
        row, _created = StripeTransit.objects.select_for_update().get_or_create(
            external_id=facts.external_id,
            defaults={
                "provider_id": owner,
                "amount_cents": facts.amount_cents,
                "created_at": facts.created_at,
                "arrives_on": facts.arrives_on,
            },
        )
        whose, cents = Owner(row.provider_id), Cents(row.amount_cents)
        ledger.book(transit(row.external_id, cents, row.created_at), whose, now)
        if facts.failed_at is not None:
            StripeTransit.objects.filter(pk=row.pk, failed_at=None).update(failed_at=facts.failed_at)
            ledger.book(transit_back(row.external_id, cents, facts.failed_at), whose, now)
    return row


def owner_of(account: str) -> int | None:
    """The one body whose account at Stripe it is: the one on which anything was booked, else may be."""
    booked = LedgerAccount.objects.filter(kind="stripe", external_reference__in=references_of(account))
    found = set(booked.values_list("provider_id", flat=True))
    if not found:
        found = set(Provider.objects.filter(stripe_account=account).values_list("pk", flat=True))
    return found.pop() if len(found) == 1 else None


def says_stripe(line: BankTransaction) -> bool:
    """Whether the bank names Stripe as who sent it, or whom it was sent back to."""
    return _NAME in f"{line.counterparty_name} {line.remittance}".lower()


def match(line: BankTransaction, identity: str, at: datetime, held: Account, now: datetime) -> bool:
    """Book a locked line on what Stripe sent, or on what went back to it; False if none fits to the cent."""
    if not says_stripe(line):
        return False
    with transaction.atomic():
        row = _fitting(line)
        if row is None:
            return False
        change(line, transit=row, booked_at=line.booked_at or now)
        there = arrival(identity, Cents(line.amount_cents), at, held)
        ledger.book(there, Owner(line.provider_id), now, bank=line.account_id)
    return True


def _fitting(line: BankTransaction) -> StripeTransit | None:
    """The oldest that waits for this line: one on its way, or one that had arrived and goes back by it."""
    rows = StripeTransit.objects.select_for_update(of=("self",)).filter(
        provider=line.provider_id, amount_cents__in=[line.amount_cents, -line.amount_cents]
    )
    around = rows.filter(
        arrives_on__gte=line.booked_on - LATE,
        created_at__date__lte=line.booked_on + EARLY,
    )
    for row in around.order_by("created_at", "pk"):
        there = row.bank_transactions.aggregate(cents=Sum("amount_cents"))["cents"] or 0
        if there == (0 if row.amount_cents == line.amount_cents else row.amount_cents):
            return row
    return None


def unclear_lines() -> QuerySet[BankTransaction]:
    """Return the lines in the books that name Stripe, are of what it sent or took, and mean nothing yet."""
    named = Q(counterparty_name__icontains=_NAME) | Q(remittance__icontains=_NAME)
    waiting = StripeTransit.objects.filter(bank_transactions=None).values("amount_cents")
    lines = BankTransaction.objects.filter(
        named, amount_cents__in=waiting, booked_at__isnull=False, allocated_cents=0, cancelled_at=None
    )
    means_nothing = lines.filter(transit=None, refund=None, payout=None, fee=None, sent_cents=None)
    return means_nothing.filter(cash_cents=0).order_by("booked_on", "pk")


def overdue(day: date) -> list[tuple[str, int]]:
    """Return (what, cents) of each that should have met a line of the bank by `day` and has not.

    One that failed should have none left, or as much as went back.
    """
    rows = StripeTransit.objects.filter(arrives_on__lt=day - LATE).annotate(
        there=Sum("bank_transactions__amount_cents", filter=Q(bank_transactions__cancelled_at=None))
    )
    missing = [
        (row.external_id, (0 if row.failed_at else row.amount_cents) - (row.there or 0))
        for row in rows.order_by("created_at", "pk")
    ]
    return [(what, cents) for what, cents in missing if cents]
