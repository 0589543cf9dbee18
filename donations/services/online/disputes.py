"""When a payment is disputed: by the owner of a card, or by a bank that takes a direct debit back."""

from dataclasses import replace
from datetime import datetime

from donations.domain.facts import DisputeFact, PaymentFacts
from donations.models import Dispute, Donation, Method
from donations.services.gifts import mails
from foundation.rows import change
from foundation.units import Cents

Outcome = Dispute.Outcome
_INQUIRY = frozenset({Outcome.ASKED, Outcome.DROPPED})


def with_their_history(donation: Donation, facts: PaymentFacts) -> PaymentFacts:
    """Tell each dispute what our rows know: what was lost before, and that a won one stays won.

    An older reading, recorded late, takes nothing away again. What is taken again after that is another fact.
    """
    known = {row.external_id: row for row in donation.disputes.all()}
    return replace(facts, disputes=tuple(_with_history(each, known) for each in facts.disputes))


def _with_history(fact: DisputeFact, known: dict[str, Dispute]) -> DisputeFact:
    row = known.get(fact.external_id)
    if row is None or not fact.has_taken:
        return fact
    if row.outcome == Outcome.WON:
        fact = replace(fact, outcome="won", closed_at=row.closed_at)
    lost, back = Cents(row.lost_cents), Cents(row.reversed_cents)
    return replace(fact, lost_before_cents=lost, reversed_before_cents=back)


def record(donation: Donation, fact: DisputeFact, now: datetime) -> None:
    """Record a dispute and how it ended, in part too; a lost one may still be won, a won one stays won.

    The bank may ask first: an inquiry ends, or money is taken after all.
    """
    dispute, _created = Dispute.objects.get_or_create(
        external_id=fact.external_id,
        defaults={
            "donation": donation,
            "amount_cents": fact.amount_cents,
            "reason": fact.reason[:60],
            "opened_at": fact.opened_at,
            "outcome": Outcome.OPEN if fact.has_taken else Outcome.ASKED,
        },
    )
    if not fact.has_taken:
        _record_inquiry(dispute, fact, now)
        return
    if dispute.outcome in _INQUIRY:
        change(
            dispute,
            outcome=Outcome.OPEN,
            amount_cents=fact.amount_cents,
            opened_at=fact.opened_at,
            closed_at=None,
        )
    if fact.outcome == "open":
        Dispute.objects.filter(pk=dispute.pk, outcome=Outcome.OPEN).update(due_at=fact.due_by)
    else:
        _decide(dispute, donation, fact, now)


def _record_inquiry(dispute: Dispute, fact: DisputeFact, now: datetime) -> None:
    """Nothing moves, and what was taken meanwhile stays as it is."""
    asked = Dispute.objects.filter(pk=dispute.pk, outcome=Outcome.ASKED)
    if fact.outcome == "asked":
        asked.update(due_at=fact.due_by)
    else:
        asked.update(outcome=Outcome.DROPPED, due_at=None, closed_at=now, told_at=now)


def _decide(dispute: Dispute, donation: Donation, fact: DisputeFact, now: datetime) -> None:
    was_open = dispute.outcome == Outcome.OPEN
    lost = fact.lost_cents if was_open else dispute.lost_cents
    reversed_ = max(dispute.reversed_cents, lost - fact.lost_cents)
    outcome = Outcome.LOST if lost > reversed_ else Outcome.WON
    change(
        dispute,
        told_at=dispute.told_at if outcome == dispute.outcome else now,
        outcome=outcome,
        closed_at=fact.closed_at or fact.opened_at,
        due_at=None,
        lost_cents=lost,
        reversed_cents=reversed_,
    )
    if was_open and outcome == Outcome.LOST and donation.method == Method.SEPA:
        mails.tell_returned(donation, dispute, now)
