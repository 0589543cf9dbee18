"""The receipt of goods or waived expenses: always on paper, signed by hand (R 10b.1 Abs. 4 EStR)."""

from datetime import datetime

from django.db import transaction

from donations.receipts.documents.receipt import About, Giver, Line
from donations.receipts.domain.eligibility import Refusal
from donations.receipts.models import Contribution, Receipt
from donations.receipts.selectors.contributions import valid_receipt
from donations.receipts.services.issuing import IssueRefused
from donations.receipts.services.readiness import Ready, ready
from donations.receipts.services.storing import Content, store
from foundation.actors import Actor
from foundation.clock import local_day
from foundation.formats import euro_exact
from foundation.typesetting import NotDisplayable
from foundation.units import Cents


def issue_about(
    contribution_id: int, *, actor: Actor, now: datetime, replaces: Receipt | None = None
) -> Receipt:
    """Issue the receipt of a confirmed contribution, a draft until it is signed. Raises IssueRefused."""
    try:
        with transaction.atomic():
            rows = Contribution.objects.select_for_update(of=("self",)).select_related("donor__mailbox")
            contribution = rows.get(pk=contribution_id)
            return store(_content(contribution, now), actor=actor, now=now, replaces=replaces)
    except NotDisplayable as error:
        raise IssueRefused(Refusal.NOT_DISPLAYABLE) from error


def _content(contribution: Contribution, now: datetime) -> Content:
    """Return what is to be said of it. Raises IssueRefused."""
    if valid_receipt(contribution) is not None:
        raise IssueRefused(Refusal.RECEIPTED)
    if not contribution.is_confirmed:
        raise IssueRefused(Refusal.NOT_CONFIRMED)
    if not contribution.wants_receipt:
        raise IssueRefused(Refusal.NOT_WISHED)
    found = _ready(contribution, now)
    purpose = found.issuer.fund_purposes[str(contribution.fund_id)]
    line = Line(
        None,
        contribution.fund_id,
        contribution.given_on,
        Cents(contribution.value_cents),
        purpose,
        contribution_id=contribution.pk,
    )
    giver = Giver(contribution.name, contribution.street, contribution.postcode, contribution.town)
    return Content(contribution.kind, found, contribution.donor, giver, [line], _about(contribution, found))


def _ready(contribution: Contribution, now: datetime) -> Ready:
    day = local_day(now)
    found = ready(contribution.provider_id, contribution.kind, day, fund_id=contribution.fund_id)
    if found is None:
        raise IssueRefused(Refusal.ISSUER_NOT_READY)
    if str(contribution.fund_id) not in found.issuer.fund_purposes:
        raise IssueRefused(Refusal.NO_PURPOSE)
    if found.recipient is not None and not found.recipient.counts_on(day):
        raise IssueRefused(Refusal.RECIPIENT_NOT_READY)
    return found


def _about(contribution: Contribution, found: Ready) -> About:
    if contribution.is_waiver:
        return About(is_waiver=True, recipient=found.recipient)
    passages = {contribution.origin} | ({"documents"} if contribution.has_documents else set())
    return About(goods=_described(contribution), passages=frozenset(passages), recipient=found.recipient)


def _described(contribution: Contribution) -> str:
    """Return "Lastenrad, Alter: 3 Jahre, Zustand: gut, Kaufpreis: 4.000 €" as it is printed."""
    named = (
        ("Alter", contribution.age),
        ("Zustand", contribution.condition),
        ("Kaufpreis", contribution.purchase_price),
        ("Umsatzsteuer auf die Entnahme", _tax(contribution)),
    )
    said = [f"{name}: {value}" for name, value in named if value]
    return ", ".join([contribution.description, *said])


def _tax(contribution: Contribution) -> str:
    return euro_exact(Cents(contribution.vat_cents)) if contribution.vat_cents else ""
