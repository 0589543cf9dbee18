"""Money is decided where it stands in "Heute": by the second person, once, and taken back while here."""

from datetime import timedelta

import pytest

from accounts.models import User
from donations.domain.facts import PaymentFacts
from donations.models import LedgerTransaction, Proposal
from donations.services.online.payments import record
from donations.services.treasury.proposals import propose_payout
from foundation.clock import utc_now
from foundation.units import Cents
from programs.models import Fund, Membership
from tests.donations.gifts import make_donation
from tests.factories import make_fund, make_provider, make_user
from tests.today.deciding import offered, send, undo_offered
from tests.today.reading import HERE, check, numbers, page, signed_in

pytestmark = pytest.mark.django_db
Role = Membership.Role
MINUTE = timedelta(minutes=1)


@pytest.fixture
def fund() -> Fund:
    """Ranzen, with 100 €."""
    fund = make_fund("Ranzen")
    gift = make_donation(fund, amount_cents=10_000)
    facts = PaymentFacts(f"pi_{gift.pk}", "succeeded", Cents(10_000), utc_now(), fee_cents=Cents(50))
    record(gift.pk, facts, utc_now(), page_is_over=False)
    return fund


@pytest.fixture
def one(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


@pytest.fixture
def other(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


def balance(fund: Fund) -> int:
    fund.refresh_from_db()
    return fund.balance_cents


def payout(fund: Fund, by: User, cents: int = 7000) -> Proposal:
    return propose_payout(fund, Cents(cents), "40 Ranzen, Rechnung 12", by=by, now=utc_now())


def test_a_proposal_tells_all_and_is_released_where_it_stands(fund: Fund, one: User, other: User) -> None:
    first, second = payout(fund, one), payout(fund, one, 1000)
    check(other, "vorschlaege", [first.pk, second.pk])
    check(one, "vorschlaege", [])
    html = page(other).replace("\xa0", " ")
    assert "Grund: 40 Ranzen, Rechnung 12" in html
    assert f"Vorgeschlagen von {one} am " in html
    client = signed_in(other)
    (form,) = offered(html, f"vorschlaege-{first.pk}")
    assert form.hidden["back"] == f"{HERE}#vorschlaege-{second.pk}"
    assert "Freigegeben." in send(client, form, entscheidung="freigeben")
    first.refresh_from_db()
    assert (first.status, first.decided_by, balance(fund)) == ("released", other, 3000)
    check(other, "vorschlaege", [second.pk])
    assert "Darüber war schon entschieden." in send(client, form, entscheidung="freigeben")
    assert balance(fund) == 3000


def test_what_was_released_is_called_back_while_nothing_has_left(fund: Fund, one: User, other: User) -> None:
    proposal = payout(fund, one)
    client = signed_in(other)
    (form,) = offered(page(other), f"vorschlaege-{proposal.pk}")
    html = send(client, form, entscheidung="freigeben")
    assert "freigegeben: Auszahlung: 70,00 €" in html.replace("\xa0", " ")
    assert undo_offered(page(one)) == []
    (undo,) = undo_offered(html)
    assert "Zurückgezogen. Bitte überweisen Sie es nicht mehr." in send(client, undo)
    proposal.refresh_from_db()
    assert (proposal.status, balance(fund)) == ("recalled", 10_000)
    assert undo_offered(page(other)) == []


def test_a_refusal_is_taken_back_within_ten_minutes(fund: Fund, one: User, other: User) -> None:
    proposal = payout(fund, one)
    booked = LedgerTransaction.objects.count()
    client = signed_in(other)
    (form,) = offered(page(other), f"vorschlaege-{proposal.pk}")
    html = send(client, form, entscheidung="ablehnen")
    assert "Abgelehnt. Es wurde nichts gebucht." in html
    assert "vorschlaege" not in numbers(other)
    (undo,) = undo_offered(html)
    assert "nicht mehr zurücknehmen" in send(signed_in(one), undo)
    assert "Der Vorschlag wartet wieder auf eine Entscheidung." in send(client, undo)
    proposal.refresh_from_db()
    assert (proposal.status, proposal.decided_by) == ("proposed", None)
    check(other, "vorschlaege", [proposal.pk])
    send(client, form, entscheidung="ablehnen")
    Proposal.objects.update(status_changed_at=utc_now() - 10 * MINUTE)
    assert undo_offered(page(other)) == []
    assert "nicht mehr zurücknehmen" in send(client, undo)
    proposal.refresh_from_db()
    assert (proposal.status, LedgerTransaction.objects.count()) == ("declined", booked)


def test_a_question_put_anew_is_not_there_twice(fund: Fund, one: User, other: User) -> None:
    gift = make_donation(fund, status="received", received_at=utc_now(), acceptance="awaiting")
    about = {"kind": "acceptance", "provider": fund.provider, "fund": fund, "donation": gift}
    told = {"amount_cents": 2500, "reason": "Hauptausschuss", "proposed_by": one}
    moment = {"proposed_at": utc_now(), "status_changed_at": utc_now()}
    proposal = Proposal.objects.create(**about, **told, **moment)
    client = signed_in(other)
    (form,) = offered(page(other), f"vorschlaege-{proposal.pk}")
    html = send(client, form, entscheidung="ablehnen")
    Proposal.objects.create(**about, **told, **moment)
    (undo,) = undo_offered(html)
    assert "nicht mehr zurücknehmen" in send(client, undo)
    proposal.refresh_from_db()
    assert proposal.status == "declined"


def test_nobody_releases_their_own_and_no_stranger_any(fund: Fund, one: User) -> None:
    proposal = payout(fund, one)
    (form,) = offered(page(make_user(Role.TREASURER, fund.provider)), f"vorschlaege-{proposal.pk}")
    own = send(signed_in(one), form, entscheidung="freigeben")
    assert "Was Sie selbst vorgeschlagen haben, gibt jemand anders frei." in own
    stranger = make_user(Role.TREASURER, make_provider("Fremder"))
    coordinator = make_user(Role.COORDINATOR, fund.provider)
    for user, status in ((stranger, 404), (coordinator, 404)):
        answer = signed_in(user).post(form.action, {**form.hidden, "entscheidung": "freigeben"})
        assert answer.status_code == status
    proposal.refresh_from_db()
    assert (proposal.status, balance(fund)) == ("proposed", 10_000)
