"""Until when a disputed payment can be answered: as Stripe says, in the treasurer's list and in "Heute"."""

from datetime import UTC, datetime, timedelta

from django.test import Client

from donations.domain.facts import DisputeFact, PaymentFacts
from donations.models import Dispute, Donation
from donations.services.online.payments import record
from foundation.units import Cents
from programs.models import Fund, Membership
from tests.donations.gifts import make_donation
from tests.donations.stripe_process import StripeProcess
from tests.donations.test_failed_refunds import told
from tests.donations.test_online_gifts import charge_of, pay, standing
from tests.donations.visits import text
from tests.factories import make_provider, make_user

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DUE = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
Role = Membership.Role


def says(donation: Donation, outcome: str, due_by: datetime | None) -> None:
    """What Stripe says of a payment that is disputed."""
    closed_at = None if outcome == "open" else AT + timedelta(days=3)
    claim = DisputeFact(f"dp_{donation.pk}", Cents(2500), outcome, AT, closed_at, due_by=due_by)  # type: ignore[arg-type]
    facts = PaymentFacts(
        f"pi_{donation.pk}", "succeeded", Cents(2500), AT, fee_cents=Cents(50), disputes=(claim,)
    )
    record(donation.pk, facts, AT, page_is_over=False)


def test_the_deadline_is_what_stripe_says_and_goes_with_the_decision(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    donation = pay(stripe, browser)
    told(stripe, donation)
    stripe.lever(f"charges/{charge_of(stripe, donation)}/dispute")
    told(stripe, donation)
    claim = Dispute.objects.get()
    (at_stripe,) = stripe.get(f"disputes?charge={charge_of(stripe, donation)}")["data"]
    assert standing(donation) == "disputed"
    assert claim.due_at == datetime.fromtimestamp(at_stripe["evidence_details"]["due_by"], UTC)
    stripe.lever(f"disputes/{claim.external_id}/close", status="lost")
    told(stripe, donation)
    claim.refresh_from_db()
    assert (claim.outcome, claim.due_at) == ("lost", None)


def test_who_looks_after_the_gifts_sees_until_when(browser: Client, fund: Fund) -> None:
    """An answer that was handed in takes the deadline away; another body's is nobody's business here."""
    urgent, answered = make_donation(fund), make_donation(fund)
    says(urgent, "open", DUE)
    for due_by in (DUE + timedelta(days=1), None):
        says(answered, "open", due_by)
    browser.force_login(make_user(Role.TREASURER, fund.provider))
    page = text(browser.get("/koordination/spenden/"))
    assert "muss bis 29.03.2026, 00:30 Uhr dort sein" in page
    assert page.count("zurückgefordert am 02.03.2026") == 2
    assert "wartet auf keine Antwort" in page
    today = text(browser.get("/koordination/"))
    assert 'bis <span class="nowrap">29. März 2026</span>' in today
    assert 'href="/koordination/spenden/#disputes"' in today
    says(urgent, "won", None)
    assert Dispute.objects.get(donation=urgent).due_at is None
    assert "29.03.2026" not in text(browser.get("/koordination/spenden/"))
    browser.force_login(make_user(Role.TREASURER, make_provider("Verein")))
    assert "zurückgefordert" not in text(browser.get("/koordination/spenden/"))
