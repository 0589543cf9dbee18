"""Goods and waived expenses as treasurers see them, and what the rules have to know of each."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import User
from donations.domain.names import may_be_same
from donations.models import Donor
from donations.receipts.domain.contributions import Facts
from donations.receipts.models import Contribution, Receipt
from donations.selectors.acceptance import money_of_giver, rule_of
from foundation.undoing import UNDO_WITHIN
from foundation.units import Cents

MOST_WORDS = 6


def facts_about(contribution: Contribution) -> Facts:
    """Return what the rules have to know of it."""
    return Facts(
        kind=contribution.kind,
        given_on=contribution.given_on,
        value_cents=Cents(contribution.value_cents),
        vat_cents=Cents(contribution.vat_cents),
        basis=contribution.basis,
        age=contribution.age,
        condition=contribution.condition,
        purchase_price=contribution.purchase_price,
        origin=contribution.origin,
        claim=contribution.claim,
        claim_on=contribution.claim_on,
        spent_on=contribution.spent_on,
        needs_acceptance=needs_acceptance(contribution),
        accepted_on=contribution.accepted_on if contribution.accepted_by else None,
        is_matter_open=contribution.pk is None and not contribution.pending_matter,
    )


def needs_acceptance(contribution: Contribution) -> bool:
    """Whether the city's rule asks for its word (RULES §2.10): all that the giver gave in the year counts."""
    least = rule_of(contribution.provider, contribution.given_on)
    if least is None:
        return False
    donor, provider, year = contribution.donor, contribution.provider_id, contribution.given_on.year
    others = confirmed_cents(donor, [contribution.name], provider, year, beside=contribution.pk)
    money = money_of_giver(donor, contribution.name, provider, year)
    return contribution.value_cents + others + money >= least


def confirmed_cents(
    donor: Donor, names: Collection[str], provider_id: int, year: int, *, beside: int | None = None
) -> Cents:
    """Return the confirmed value of what a giver gave a body in a calendar year, `beside` left out.

    Where no address tells who gave, what came under a name that may be the same is of one giver.
    """
    rows = Contribution.objects.filter(
        provider=provider_id, given_on__year=year, status=Contribution.Status.CONFIRMED
    )
    others = rows.exclude(pk=beside) if beside else rows
    found = others.values_list("donor_id", "donor__mailbox_id", "name", "value_cents")
    return Cents(
        sum(
            cents
            for donor_id, mailbox_id, called, cents in found
            if donor_id == donor.pk
            or (not (mailbox_id and donor.mailbox_id) and any(may_be_same(name, called) for name in names))
        )
    )


def accepted_in(contributions: QuerySet[Contribution], year: int) -> QuerySet[Contribution]:
    """Return what of a calendar year the city accepted, or is to accept, the oldest first."""
    asked = contributions.filter(given_on__year=year).exclude(accepted_on=None)
    wanted = asked.exclude(status=Contribution.Status.DROPPED)
    return wanted.select_related("fund").order_by("given_on", "pk")


def to_confirm(contributions: QuerySet[Contribution]) -> QuerySet[Contribution]:
    """Return what waits for a second person, the oldest first."""
    waiting = contributions.filter(status=Contribution.Status.PROPOSED, restricted_at=None)
    return waiting.order_by("proposed_at", "pk")


def just_confirmed(by: User, now: datetime) -> QuerySet[Contribution]:
    """Return what `by` has just confirmed, without a receipt: it can be undone as if nothing had been."""
    lately = Contribution.objects.filter(decided_by=by, status_changed_at__gt=now - UNDO_WITHIN)
    rows = lately.filter(status=Contribution.Status.CONFIRMED, receipt_items=None)
    return rows.order_by("-status_changed_at", "-pk")


def found(contributions: QuerySet[Contribution], *, words: str = "") -> QuerySet[Contribution]:
    """Return those with all of `words` in name, place or description, the newest first."""
    for word in words.split()[:MOST_WORDS]:
        said = Q(name__icontains=word) | Q(town__icontains=word) | Q(description__icontains=word)
        contributions = contributions.filter(said, restricted_at=None)
    return contributions.order_by("-given_on", "-pk")


def valid_receipt(contribution: Contribution) -> Receipt | None:
    """Return the receipt that counts for it."""
    return Receipt.objects.filter(items__contribution=contribution, items__withdrawn_at=None).first()
