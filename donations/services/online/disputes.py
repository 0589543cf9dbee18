"""When a payment is disputed: by the owner of a card, or by a bank that takes a direct debit back."""

from dataclasses import replace
from datetime import datetime

from donations.domain.facts import DisputeFact, PaymentFacts
from donations.models import Dispute, Donation, Method
from donations.services.gifts import mails
from foundation.rows import change
from foundation.units import Cents


def with_their_history(donation: Donation, facts: PaymentFacts) -> PaymentFacts:
    """Tell each dispute what our rows know: what was lost before, and that a won one stays won.

    An older reading, recorded late, takes nothing away again.
    """
    known = {row.external_id: row for row in donation.disputes.all()}
    return replace(facts, disputes=tuple(_with_history(each, known) for each in facts.disputes))


def _with_history(fact: DisputeFact, known: dict[str, Dispute]) -> DisputeFact:
    row = known.get(fact.external_id)
    if row is None:
        return fact
    if row.outcome == Dispute.Outcome.WON and fact.outcome != "won":
        fact = replace(fact, outcome="won", closed_at=row.closed_at)
    return replace(fact, lost_before_cents=Cents(row.lost_cents))


def record(donation: Donation, fact: DisputeFact, now: datetime) -> None:
    """Record a dispute and how it ended, in part too; a lost one may still be won, a won one stays won."""
    dispute, _created = Dispute.objects.get_or_create(
        external_id=fact.external_id,
        defaults={
            "donation": donation,
            "amount_cents": fact.amount_cents,
            "reason": fact.reason[:60],
            "opened_at": fact.opened_at,
        },
    )
    if fact.outcome == "open":
        Dispute.objects.filter(pk=dispute.pk, outcome=Dispute.Outcome.OPEN).update(due_at=fact.due_by)
        return
    was_open = dispute.outcome == Dispute.Outcome.OPEN
    lost = fact.lost_cents if was_open else dispute.lost_cents
    reversed_ = max(dispute.reversed_cents, lost - fact.lost_cents)
    change(
        dispute,
        outcome="lost" if lost > reversed_ else "won",
        closed_at=fact.closed_at or fact.opened_at,
        due_at=None,
        lost_cents=lost,
        reversed_cents=reversed_,
    )
    if was_open and dispute.outcome == "lost" and donation.method == Method.SEPA:
        mails.tell_returned(donation, now)
