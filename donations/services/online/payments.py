"""What Stripe says of a payment, written into our rows and books."""

from datetime import datetime

from django.db import transaction

from donations.domain.facts import PaymentFacts
from donations.domain.identities import account_of
from donations.domain.ledger import postings
from donations.domain.states import DONATION_MOVES
from donations.gateways import stripe
from donations.models import Donation, Method, Payment
from donations.selectors.stripe_accounts import account_of_gift
from donations.services.books import ledger
from donations.services.gifts import mails, reception
from donations.services.online import disputes, refunds
from foundation.actors import STRIPE
from foundation.rows import change
from foundation.transitions import move


def read_payment(external_id: str, now: datetime) -> None:
    """Read a payment anew and record it; a payment that belongs to no gift of ours is left alone.

    Payments of monthly gifts carry no name of their gift: those are known by the invoice that brought them.
    """
    _record(stripe.payment(external_id), now)


def read_disputed(external_id: str, now: datetime) -> None:
    """Read a payment anew that is disputed, or about which the payer's bank inquires."""
    _record(stripe.payment(external_id, is_disputed=True), now)


def _record(facts: PaymentFacts, now: datetime) -> None:
    donation_id = _donation_of(facts)
    if donation_id is not None:
        record(donation_id, facts, now, page_is_over=page_is_over(donation_id, facts))


def page_is_over(donation_id: int, facts: PaymentFacts) -> bool:
    """True if a payment failed and its page takes no other try: a debit that failed after the page was left.

    Asks Stripe only for a gift of which nothing was known until now. The payment is read again after its
    page: whoever tried a second time meanwhile, and paid, has not failed.
    """
    if facts.state != "failed":
        return False
    waiting = Donation.objects.filter(pk=donation_id, status=Donation.Status.PLEDGED)
    session = waiting.values_list("checkout_session_id", flat=True).first()
    if not session or stripe.session(str(session)).state != "complete":
        return False
    return stripe.payment(facts.external_id).state == "failed"


def _donation_of(facts: PaymentFacts) -> int | None:
    """A payment that names a gift of another account is none of it: whose money it is its account says."""
    known = Payment.objects.filter(external_id=facts.external_id).first()
    if known is not None:
        return known.donation_id
    if not facts.donation:
        return None
    named = Donation.objects.filter(public_id=facts.donation).select_related("fund__provider").first()
    is_there = named is not None and account_of_gift(named) == account_of(facts.external_id)
    return named.pk if named is not None and is_there else None


def record(donation_id: int, facts: PaymentFacts, now: datetime, *, page_is_over: bool) -> None:
    """Record what is known of the payment of a gift: rows, books, status, mails; any number of times.

    `page_is_over`: its payment page takes no further try.
    """
    with transaction.atomic():
        donation = reception.locked(donation_id)
        _take_over_way(donation, facts)
        if not facts.is_received:
            _record_unpaid(donation, facts, now, page_is_over=page_is_over)
            return
        facts = refunds.without_those_that_never_were(donation, facts, now)
        facts = disputes.with_their_history(donation, facts)
        payment = _payment(donation, facts)
        for refund in facts.refunds:
            refunds.record(donation, refund, now)
        for dispute in facts.disputes:
            disputes.record(donation, dispute, now)
        ledger.post_all(postings(facts), donation, now)
        reception.settle(donation, payment, actor=STRIPE, now=now)


def _take_over_way(donation: Donation, facts: PaymentFacts) -> None:
    """A gift came by the way that paid it: of a Dauerspende that may be another than what we knew."""
    is_paid = facts.state in {"processing", "succeeded"}
    if is_paid and facts.method in Method.values and facts.method != donation.method:
        change(donation, method=facts.method)


def _payment(donation: Donation, facts: PaymentFacts) -> Payment:
    payment, _created = Payment.objects.get_or_create(
        external_id=facts.external_id,
        defaults={
            "donation": donation,
            "amount_cents": facts.amount_cents,
            "received_at": facts.happened_at,
            "debited_on": facts.debited_on,
            "charge": facts.charge,
            "mandate": facts.mandate,
            "country": facts.country,
        },
    )
    if facts.fee_cents is not None and payment.fee_cents is None:
        change(payment, fee_cents=facts.fee_cents, settles_on=facts.settles_on)
    return payment


def _record_unpaid(donation: Donation, facts: PaymentFacts, now: datetime, *, page_is_over: bool) -> None:
    """A debit under way, or one that failed; a declined card leaves the payment page open for another try."""
    status = donation.status
    if facts.state == "processing" and status in {Donation.Status.PLEDGED, Donation.Status.LAPSED}:
        move(donation, DONATION_MOVES, Donation.Status.PROCESSING, actor=STRIPE, now=now)
    elif facts.state in {"failed", "cancelled"} and (
        status == Donation.Status.PROCESSING or (page_is_over and status == Donation.Status.PLEDGED)
    ):
        has_failed = facts.state == "failed"
        move(
            donation,
            DONATION_MOVES,
            Donation.Status.LAPSED,
            actor=STRIPE,
            now=now,
            reason=facts.state,
            failed_at=now if has_failed else None,
            failure=facts.failure if has_failed else "",
        )
        if donation.recurring_id is None:  # of a Dauerspende its owner hears with the way to mend it
            mails.tell_failed(donation, facts.failure, now)
