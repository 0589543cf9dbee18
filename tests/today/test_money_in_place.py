"""Money is decided where it stands in "Heute": by the second person, once, and taken back while here."""

from datetime import timedelta

import pytest

from accounts.models import User
from donations.domain.facts import PaymentFacts, RefundFact
from donations.models import CashCount, Dispute, Donation, LedgerTransaction, Proposal, Refund
from donations.services.cash.counts import Counted, write_down
from donations.services.online.payments import record
from donations.services.treasury.proposals import propose_payout, release
from foundation.clock import local_day, utc_now
from foundation.history import lines_of
from foundation.units import Cents
from programs.models import Fund, Membership
from tests.donations.gifts import make_donation
from tests.donations.receipts.bodies import written_down
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


def test_what_one_has_just_proposed_is_taken_back(fund: Fund, one: User, other: User) -> None:
    proposal = payout(fund, one)
    assert undo_offered(page(other)) == []
    (undo,) = undo_offered(page(one))
    assert "Abgelehnt. Es wurde nichts gebucht." in send(signed_in(one), undo)
    proposal.refresh_from_db()
    assert (proposal.status, proposal.decided_by) == ("declined", one)
    check(other, "vorschlaege", [])


def undelivered(fund: Fund) -> Refund:
    """A refund of 10 € of a gift of 25 €, by card, that did not arrive."""
    gift, now = make_donation(fund), utc_now()
    for failed_at in (None, now - MINUTE):
        back = RefundFact(f"re_{gift.pk}", Cents(1000), now - 9 * MINUTE, failed_at=failed_at)
        facts = PaymentFacts(
            f"pi_{gift.pk}", "succeeded", Cents(2500), now - 20 * MINUTE, fee_cents=Cents(50), refunds=(back,)
        )
        record(gift.pk, facts, now, page_is_over=False)
    return Refund.objects.get(donation=gift)


def test_a_refund_that_did_not_arrive_is_proposed_anew_in_its_row(fund: Fund, one: User, other: User) -> None:
    refund = undelivered(fund)
    key = f"erstattungen-{refund.pk}"
    html = page(one)
    assert 'name="amount" value="10,00"' in html
    anew, _keep = offered(html, key)
    said = {"amount": "10,00", "reason": "Andere Karte, telefonisch"}
    client = signed_in(one)
    too_much = client.post(anew.action, {**anew.hidden, **said, "amount": "25,01"})
    assert too_much.status_code == 422
    assert f'name="back" value="{anew.hidden["back"]}"' in too_much.content.decode()
    assert "Vorgeschlagen." in send(client, anew, **said)
    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.amount_cents, proposal.proposed_by) == ("refund", 1000, one)
    check(one, "erstattungen", [])
    check(other, "vorschlaege", [proposal.pk])


def test_that_a_gift_stays_is_noted_in_its_row_and_taken_back(fund: Fund, one: User, other: User) -> None:
    refund = undelivered(fund)
    _anew, keep = offered(page(one), f"erstattungen-{refund.pk}")
    client = signed_in(one)
    html = send(client, keep)
    assert "Vermerkt: Die Spende bleibt." in html
    check(one, "erstattungen", [])
    assert "Hier ist nichts mehr zu klären." in send(client, keep)
    (undo,) = undo_offered(html)
    stranger = signed_in(make_user(Role.TREASURER, make_provider("Fremder")))
    assert stranger.post(undo.action, undo.hidden).status_code == 404
    assert "Die Erstattung wartet wieder darauf" in send(client, undo)
    check(other, "erstattungen", [refund.pk])
    assert "nicht mehr zurücknehmen" in send(client, undo)
    lines = lines_of(refund).filter(changes__has_key="settled_at").order_by("pk")
    said = [line.changes["settled_at"][1] for line in lines if line.changes]
    assert [each for each in said if each in ("kept", "open again")] == ["kept", "open again"]
    send(client, keep)
    Refund.objects.update(settled_at=utc_now() - 10 * MINUTE)
    assert undo_offered(page(one)) == []
    assert "nicht mehr zurücknehmen" in send(client, undo)
    check(one, "erstattungen", [])


def box(fund: Fund, by: User, cents: int = 5055) -> CashCount:
    return write_down(fund, Counted("Bürgerbüro", local_day(utc_now()), Cents(cents)), by=by, now=utc_now())


def test_a_box_is_counted_again_in_its_row_without_showing_the_first_sum(
    fund: Fund, one: User, other: User
) -> None:
    count = box(fund, one)
    html = page(other)
    assert "50,55" not in html
    (form,) = offered(html, f"boxen-{count.pk}")
    client = signed_in(other)
    wrong = client.post(form.action, {**form.hidden, "amount": "50,50"})
    assert (wrong.status_code, balance(fund)) == (422, 10_000)
    assert "Das ist eine andere Summe" in wrong.content.decode()
    assert f'name="back" value="{form.hidden["back"]}"' in wrong.content.decode()
    own = signed_in(one).post(form.action, {**form.hidden, "amount": "50,55"})
    assert (own.status_code, balance(fund)) == (422, 10_000)
    html = send(client, form, amount="50,55")
    assert f"Verwendungszweck {count.grouped_reference}" in html.replace("\xa0", " ")
    assert balance(fund) == 15_055
    check(other, "boxen", [])
    (undo,) = undo_offered(html)
    assert "Rückgängig gemacht." in send(client, undo)
    count.refresh_from_db()
    assert (count.status, count.undone_by, balance(fund)) == ("undone", other, 10_000)
    assert undo_offered(page(other)) == []


def test_after_ten_minutes_a_count_is_undone_on_its_page_alone(fund: Fund, one: User, other: User) -> None:
    count = box(fund, one)
    (form,) = offered(page(other), f"boxen-{count.pk}")
    assert len(undo_offered(send(signed_in(other), form, amount="50,55"))) == 1
    CashCount.objects.update(status_changed_at=utc_now() - 10 * MINUTE)
    assert undo_offered(page(other)) == []


def test_a_dispute_says_where_it_is_answered(fund: Fund, one: User) -> None:
    gift = make_donation(fund, status="received", received_at=utc_now())
    opened = {"donation": gift, "amount_cents": 500, "opened_at": utc_now()}
    Dispute.objects.create(external_id="dp_4711", due_at=utc_now() + timedelta(days=3), **opened)
    html = page(one)
    assert 'Sie finden es dort unter <span translate="no">dp_4711</span>.' in html
    assert "Ihre Antwort beim Zahlungsdienst muss bis " in html


def test_goods_are_confirmed_in_their_row_by_the_second_person(fund: Fund, one: User, other: User) -> None:
    row = written_down(fund, by=one)
    check(one, "sachwerte", [])
    (form,) = offered(page(other), f"sachwerte-{row.pk}")
    assert row.basis in page(other)
    stranger = signed_in(make_user(Role.TREASURER, make_provider("Fremder")))
    assert stranger.post(form.action, {"confirm": "1"}).status_code == 404
    assert "bestätigt jemand anders" in send(signed_in(one), form, confirm="1")
    row.refresh_from_db()
    assert row.status == "proposed"
    client = signed_in(other)
    html = send(client, form, confirm="1")
    row.refresh_from_db()
    assert (row.status, row.decided_by) == ("confirmed", other)
    check(other, "sachwerte", [])
    assert "Darüber wurde schon entschieden." in send(client, form, confirm="1")
    (undo,) = undo_offered(html)
    assert "Rückgängig gemacht." in send(client, undo)
    row.refresh_from_db()
    assert (row.status, row.undone_by) == ("undone", other)
    assert undo_offered(page(other)) == []


def test_what_is_to_be_transferred_shows_its_code_and_is_called_back(
    fund: Fund, one: User, other: User
) -> None:
    proposal = payout(fund, one)
    release(proposal.pk, by=other, now=utc_now())
    html = page(one).replace("\xa0", " ")
    assert f"Verwendungszweck {proposal.grouped_reference}" in html
    (form,) = offered(html, f"ueberweisen-{proposal.pk}")
    stranger = signed_in(make_user(Role.TREASURER, make_provider("Fremder")))
    assert stranger.post(form.action, {"entscheidung": "zurueckziehen"}).status_code == 404
    client = signed_in(one)
    assert "Zurückgezogen." in send(client, form, entscheidung="zurueckziehen")
    assert balance(fund) == 10_000
    check(one, "ueberweisen", [])
    assert "lässt sich nicht zurückziehen" in send(client, form, entscheidung="zurueckziehen")


def test_what_was_not_accepted_is_proposed_back_in_its_row(fund: Fund, one: User, other: User) -> None:
    now = utc_now()
    Donation.objects.update(acceptance="refused", acceptance_at=now, received_at=now - MINUTE)
    refused = Donation.objects.get()
    open_one = make_donation(fund, status="received", received_at=now, acceptance="awaiting")
    check(one, "annahmen", [refused.pk, open_one.pk])
    html = page(one)
    assert offered(html, f"annahmen-{open_one.pk}") == []
    (form,) = offered(html, f"annahmen-{refused.pk}")
    assert "Vorgeschlagen." in send(signed_in(one), form, amount="100,00", reason="nicht angenommen")
    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.donation, proposal.amount_cents) == ("refund", refused, 10_000)
    check(one, "annahmen", [open_one.pk])
    check(other, "vorschlaege", [proposal.pk])


def test_money_to_be_used_is_proposed_in_its_row(fund: Fund, one: User, other: User) -> None:
    Donation.objects.update(received_at=utc_now() - timedelta(days=4 * 366))
    check(one, "verwenden", [fund.pk])
    html = page(one)
    assert 'name="amount" value="100,00"' in html
    (form,) = offered(html, f"verwenden-{fund.pk}")
    said = {"amount": "100,01", "reason": "40 Ranzen, Rechnung 12"}
    assert signed_in(one).post(form.action, {**form.hidden, **said}).status_code == 422
    assert "Vorgeschlagen." in send(signed_in(one), form, **{**said, "amount": "100,00"})
    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.fund, proposal.amount_cents) == ("payout", fund, 10_000)
    check(other, "vorschlaege", [proposal.pk])
