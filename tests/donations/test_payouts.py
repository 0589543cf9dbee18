"""Money leaves a purpose: proposed by one, released by another, sent by the bank, and never too much."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from donations.domain.facts import DisputeFact, PaymentFacts, RefundFact
from donations.models import BankTransaction, Donation, LedgerTransaction, Proposal
from donations.selectors.ledger import balance_lines, faults
from donations.selectors.purposes import money_of
from donations.selectors.row_faults import row_faults
from donations.services.books.payouts import MoreThanAvailable
from donations.services.books.reconciliation import reconcile
from donations.services.online.payments import record
from donations.services.treasury.proposals import (
    SamePerson,
    decline,
    propose_cover,
    propose_payout,
    recall,
    release,
)
from donations.tasks import check_ledger
from foundation.models import Event
from foundation.units import Cents
from programs.models import Fund, Membership
from tests.donations.gifts import decide_acceptance, gift_of, make_donation
from tests.donations.statements.test_import import line, take
from tests.donations.statements.written import camt
from tests.donations.visits import text
from tests.factories import make_fund, make_provider, make_user
from tests.today.reading import check

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(days=20)
Role = Membership.Role


@pytest.fixture
def one(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


@pytest.fixture
def other(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


@pytest.fixture
def given(fund: Fund) -> Donation:
    """100 € by card, here."""
    donation = make_donation(fund, amount_cents=10_000)
    read(donation)
    return donation


def read(donation: Donation, **more: Any) -> None:
    """What Stripe says of the payment is read and recorded."""
    cents = Cents(donation.amount_cents)
    facts = PaymentFacts(f"pi_{donation.pk}", "succeeded", cents, AT, fee_cents=Cents(50), **more)
    record(donation.pk, facts, LATER, page_is_over=False)
    donation.refresh_from_db()


def paid_out(fund: Fund, cents: int, one: User, other: User) -> Proposal:
    proposal = propose_payout(fund, Cents(cents), "40 Ranzen, Rechnung 12", by=one, now=AT)
    assert release(proposal.pk, by=other, now=AT) is True
    proposal.refresh_from_db()
    return proposal


def counters(fund: Fund) -> tuple[int, int, int]:
    fund.refresh_from_db()
    return fund.received_cents, fund.balance_cents, fund.gift_count


def stands() -> dict[str, int]:
    """What stands on each account that is not empty."""
    rows = [row.split("\t") for row in balance_lines()]
    return {kind: int(cents) for kind, _purpose, _owner, cents in rows if int(cents)}


def in_order() -> None:
    assert [*faults(), *row_faults()] == []
    assert check_ledger(LATER) == 0
    assert reconcile(LATER) == []


def test_a_proposal_books_nothing_and_its_release_everything(
    given: Donation, fund: Fund, one: User, other: User
) -> None:
    proposal = propose_payout(fund, Cents(7000), "40 Ranzen", by=one, now=AT)
    assert (counters(fund), LedgerTransaction.objects.count()) == ((10_000, 10_000, 1), 2)
    assert release(proposal.pk, by=other, now=LATER) is True
    assert counters(fund) == (10_000, 3000, 1)
    assert stands() == {"stripe": 9950, "fees": 50, "fund": -3000, "reserved": -7000}
    proposal.refresh_from_db()
    assert (proposal.status, proposal.decided_by, proposal.status_changed_at) == ("released", other, LATER)
    hand = Event.objects.get(model="proposal")
    assert (hand.to_status, hand.actor_user, hand.actor_role) == ("released", other.pk, "treasurer")
    in_order()


def test_what_is_still_to_be_transferred_stands_there_however_much_is_decided_later(
    tmp_path: Path, given: Donation, fund: Fund, one: User, other: User, client: Client
) -> None:
    waits, gone, back = (paid_out(fund, 1000, one, other) for _ in range(3))
    assert recall(back.pk, by=one, now=LATER) is True
    for _ in range(25):
        declined = propose_payout(fund, Cents(1), "Stifte", by=one, now=LATER)
        assert decline(declined.pk, by=other, now=LATER) is True
    take(tmp_path, fund, camt(line("10.00", str(gone.reference), bank="B1", sign="DBIT")))
    client.force_login(other)
    page = text(client.get("/koordination/spenden/buecher/"))
    waiting = page[page.index("Noch zu überweisen") : page.index('id="purposes"')]
    assert waits.grouped_reference in waiting
    assert waiting.count("Zurückziehen: Auszahlung: 10,00") == 1
    assert gone.grouped_reference not in page
    check(other, "ueberweisen", [waits.pk])
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', waiting)
    assert token, "the form that takes it back has no token"
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    said = {"entscheidung": "zurueckziehen", "csrfmiddlewaretoken": token[1]}
    answer = strict.post(reverse("coordination_proposal", args=[waits.pk]), said)
    assert answer.status_code == 303
    assert "Noch zu überweisen" not in text(client.get("/koordination/spenden/buecher/"))
    check(other, "ueberweisen", [])


def test_a_line_of_another_body_is_no_payout_of_this_one(
    tmp_path: Path, given: Donation, fund: Fund, one: User, other: User
) -> None:
    released = paid_out(fund, 7000, one, other)
    iban = "DE89370400440532013000"
    club = make_fund(provider=make_provider("Verein", iban=iban))
    left = line("70.00", str(released.reference), bank="B1", sign="DBIT")
    take(tmp_path, club, camt(left, iban=iban))
    assert BankTransaction.objects.values_list("provider", "payout").get() == (club.provider_id, None)
    assert (stands()["reserved"], stands()["unclear"]) == (-7000, 7000)


def test_one_cent_that_is_missing_is_filled_by_what_comes_back(
    given: Donation, fund: Fund, one: User, other: User
) -> None:
    paid_out(fund, 9999, one, other)
    read(given, refunds=(RefundFact("re_1", Cents(2), AT),))
    assert (stands()["shortfall"], counters(fund)[1]) == (1, 0)
    read(given, refunds=(RefundFact("re_1", Cents(2), AT, failed_at=LATER),))
    assert ("shortfall" in stands(), counters(fund)[1]) == (False, 1)


def test_who_proposed_does_not_release(given: Donation, fund: Fund, one: User) -> None:
    proposal = propose_payout(fund, Cents(7000), "40 Ranzen", by=one, now=AT)
    with pytest.raises(SamePerson):
        release(proposal.pk, by=one, now=AT)
    proposal.refresh_from_db()
    assert (proposal.status, counters(fund)) == ("proposed", (10_000, 10_000, 1))


def test_what_is_decided_is_decided_once(given: Donation, fund: Fund, one: User, other: User) -> None:
    proposal = paid_out(fund, 4000, one, other)
    assert release(proposal.pk, by=make_user(Role.TREASURER, fund.provider), now=LATER) is False
    assert decline(proposal.pk, by=other, now=LATER) is False
    assert counters(fund) == (10_000, 6000, 1)
    taken_back = propose_payout(fund, Cents(100), "Irrtum", by=one, now=AT)
    assert decline(taken_back.pk, by=one, now=LATER) is True
    assert release(taken_back.pk, by=other, now=LATER) is False
    assert counters(fund) == (10_000, 6000, 1)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("status = 'released', decided_by_id = proposed_by_id", "proposal_released_by_another"),
        ("status = 'released'", "proposal_released_by_another"),
        ("status = 'declined'", "proposal_released_by_another"),
        ("decided_by_id = proposed_by_id", "proposal_released_by_another"),
        ("status = 'nonsense'", "proposal_released_by_another"),
        ("kind = 'nonsense'", "proposal_"),
        ("amount_cents = 0", "proposal_moves_something"),
        ("reason = ''", "proposal_has_reason"),
        ("fund_id = NULL", "proposal_is_about_something"),
    ],
)
def test_the_database_itself_wants_two_people(fund: Fund, one: User, change: str, name: str) -> None:
    propose_payout(fund, Cents(100), "Ranzen", by=one, now=AT)
    with pytest.raises(IntegrityError, match=name), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE donations_proposal SET {change}")


def test_only_what_is_available_can_be_paid_out(fund: Fund, given: Donation, one: User, other: User) -> None:
    """100 € here, 30 € of another gift disputed, 2,000 € not accepted by the city yet."""
    disputed, large = make_donation(fund, amount_cents=3000), make_donation(fund, amount_cents=200_000)
    read(disputed, disputes=(DisputeFact("dp_1", Cents(3000), "open", AT),))
    read(large)
    assert (large.acceptance, counters(fund)[1]) == ("awaiting", 213_000)
    proposal = propose_payout(fund, Cents(10_001), "Ranzen", by=one, now=AT)
    with pytest.raises(MoreThanAvailable) as refusal:
        release(proposal.pk, by=other, now=AT)
    assert refusal.value.cents == 10_000
    assert counters(fund)[1] == 213_000
    decide_acceptance(large, LATER)
    assert release(proposal.pk, by=other, now=LATER) is True
    assert counters(fund)[1] == 202_999
    (money,) = money_of(Fund.objects.filter(pk=fund.pk))
    assert (money.bound_cents, money.available_cents) == (3000, 199_999)
    in_order()


def test_a_disputed_gift_that_is_not_accepted_is_bound_once(fund: Fund, given: Donation) -> None:
    large = make_donation(fund, amount_cents=200_000)
    read(large, disputes=(DisputeFact("dp_1", Cents(50_000), "open", AT),))
    (money,) = money_of(Fund.objects.filter(pk=fund.pk))
    assert (money.balance_cents, money.bound_cents, money.available_cents) == (210_000, 200_000, 10_000)


def test_of_two_payouts_the_second_sees_what_the_first_left(
    given: Donation, fund: Fund, one: User, other: User
) -> None:
    second = propose_payout(fund, Cents(6000), "Hefte", by=one, now=AT)
    paid_out(fund, 6000, one, other)
    with pytest.raises(MoreThanAvailable) as refusal:
        release(second.pk, by=other, now=AT)
    assert refusal.value.cents == 4000
    assert counters(fund) == (10_000, 4000, 1)


def test_a_refund_after_the_payout_is_booked_and_asks_for_a_human(
    given: Donation, fund: Fund, one: User, other: User, browser: Any
) -> None:
    paid_out(fund, 9000, one, other)
    read(given, refunds=(RefundFact("re_1", Cents(10_000), LATER),))
    assert (given.status, counters(fund)) == ("refunded", (0, 0, 1))
    assert stands() == {"stripe": -50, "fees": 50, "reserved": -9000, "shortfall": 9000}
    in_order()
    browser.force_login(one)
    page = text(browser.get("/koordination/spenden/"))
    assert "Bei Kinderfonds fehlen 90,00 €" in page
    assert f'href="/koordination/spenden/zweck/{fund.pk}/fehlbetrag/"' in page
    browser.force_login(make_user(Role.TREASURER, make_provider("Anderer Träger")))
    assert "fehlen" not in text(browser.get("/koordination/spenden/"))


def test_what_comes_back_fills_what_is_missing_first(
    given: Donation, fund: Fund, one: User, other: User
) -> None:
    paid_out(fund, 9000, one, other)
    read(given, refunds=(RefundFact("re_1", Cents(10_000), LATER),))
    read(given, refunds=(RefundFact("re_1", Cents(10_000), LATER, failed_at=LATER),))
    assert (given.status, counters(fund)) == ("received", (10_000, 1000, 1))
    assert stands() == {"stripe": 9950, "fees": 50, "fund": -1000, "reserved": -9000}
    in_order()


def test_a_lost_dispute_after_the_payout_and_won_after_all(
    given: Donation, fund: Fund, one: User, other: User
) -> None:
    paid_out(fund, 10_000, one, other)
    read(given, disputes=(DisputeFact("dp_1", Cents(10_000), "lost", AT, LATER),))
    assert (given.status, counters(fund), stands()["shortfall"]) == ("lost", (0, 0, 1), 10_000)
    read(given, disputes=(DisputeFact("dp_1", Cents(10_000), "won", AT, LATER, back_cents=Cents(10_000)),))
    assert (given.status, counters(fund)) == ("received", (10_000, 0, 1))
    assert "shortfall" not in stands()
    in_order()


def test_a_shortfall_is_filled_from_the_purpose_by_two_people(
    given: Donation, fund: Fund, one: User, other: User
) -> None:
    paid_out(fund, 9000, one, other)
    read(given, refunds=(RefundFact("re_1", Cents(10_000), LATER),))
    read(make_donation(fund, amount_cents=5000))
    for cents, left in ((9000, 5000), (5001, 5000)):
        too_much = propose_cover(fund, Cents(cents), "aus neuen Spenden", by=one, now=LATER)
        with pytest.raises(MoreThanAvailable) as refusal:
            release(too_much.pk, by=other, now=LATER)
        assert refusal.value.cents == left
    enough = propose_cover(fund, Cents(5000), "aus neuen Spenden", by=one, now=LATER)
    assert release(enough.pk, by=other, now=LATER) is True
    assert counters(fund) == (5000, 0, 2)
    assert stands() == {"stripe": 4900, "fees": 100, "reserved": -9000, "shortfall": 4000}
    in_order()


def test_the_banks_line_finds_the_payout_by_its_code(
    tmp_path: Path, given: Donation, fund: Fund, one: User, other: User
) -> None:
    proposal = paid_out(fund, 4000, one, other)
    assert proposal.is_to_transfer
    said = f"Rechnung 12 {proposal.grouped_reference}"
    take(tmp_path, fund, camt(line("40.00", said, bank="B1", sign="DBIT", name="Schulladen")))
    (found,) = BankTransaction.objects.all()
    assert (found.payout, found.refund, gift_of(found)) == (proposal, None, None)
    assert not Proposal.objects.get().is_to_transfer
    assert stands() == {"stripe": 9950, "fees": 50, "fund": -6000, "bank": -4000}
    in_order()
    take(tmp_path, fund, camt(line("40.00", said, bank="B2", sign="DBIT", name="Schulladen")))
    assert stands()["unclear"] == 4000
    in_order()


@pytest.mark.parametrize("amount", ["39.99", "40.01"])
def test_a_line_of_another_amount_is_no_payout(
    tmp_path: Path, given: Donation, fund: Fund, one: User, other: User, amount: str
) -> None:
    proposal = paid_out(fund, 4000, one, other)
    take(tmp_path, fund, camt(line(amount, str(proposal.reference), bank="B1", sign="DBIT")))
    assert BankTransaction.objects.get().payout is None
    assert stands()["reserved"] == -4000
    in_order()


def test_what_is_only_proposed_is_found_by_no_line(
    tmp_path: Path, given: Donation, fund: Fund, one: User
) -> None:
    proposal = propose_payout(fund, Cents(4000), "Ranzen", by=one, now=AT)
    take(tmp_path, fund, camt(line("40.00", str(proposal.reference), bank="B1", sign="DBIT")))
    assert BankTransaction.objects.get().payout is None


def test_what_has_not_left_can_be_taken_back(
    tmp_path: Path, given: Donation, fund: Fund, one: User, other: User, browser: Any
) -> None:
    proposal = paid_out(fund, 4000, one, other)
    browser.force_login(one)
    assert "Zurückziehen: Auszahlung: 40,00" in text(browser.get("/koordination/spenden/buecher/"))
    decide = f"/koordination/spenden/vorschlag/{proposal.pk}/"
    answer = text(browser.post(decide, {"entscheidung": "zurueckziehen"}, follow=True))
    assert "Bitte überweisen Sie es nicht mehr" in answer
    assert "Zurückziehen:" not in answer
    assert counters(fund) == (10_000, 10_000, 1)
    assert stands() == {"stripe": 9950, "fees": 50, "fund": -10_000}
    in_order()
    assert recall(proposal.pk, by=other, now=LATER) is False
    take(tmp_path, fund, camt(line("40.00", str(proposal.reference), bank="B1", sign="DBIT")))
    assert (BankTransaction.objects.get().payout, stands()["unclear"]) == (None, 4000)
    in_order()


def test_what_the_bank_has_sent_is_not_taken_back(
    tmp_path: Path, given: Donation, fund: Fund, one: User, other: User
) -> None:
    proposal = paid_out(fund, 4000, one, other)
    take(tmp_path, fund, camt(line("40.00", str(proposal.reference), bank="B1", sign="DBIT")))
    assert recall(proposal.pk, by=one, now=LATER) is False
    waits = propose_payout(fund, Cents(100), "Hefte", by=one, now=AT)
    assert recall(waits.pk, by=one, now=LATER) is False
    assert counters(fund) == (10_000, 6000, 1)
    in_order()


def test_a_booking_is_undone_only_by_its_mirror_and_once(given: Donation) -> None:
    head = LedgerTransaction.objects.get(kind="gift")
    sides = list(head.entries.values_list("account_id", "amount_cents"))

    def undo(key: str, factor: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO donations_ledgertransaction (key, kind, reverses_id, happened_at, recorded_at)"
                " VALUES (%s, 'correction', %s, now(), now()) RETURNING id",
                [key, head.pk],
            )
            (made,) = cursor.fetchone()
            cursor.executemany(
                "INSERT INTO donations_ledgerentry (transaction_id, account_id, amount_cents)"
                " VALUES (%s, %s, %s)",
                [(made, account, factor * cents) for account, cents in sides],
            )
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError, match="not the mirror"):
        undo("x", -2)
    with pytest.raises(IntegrityError, match="not the mirror"):
        undo("x", 1)
    undo("x", -1)
    with pytest.raises(IntegrityError, match="ledger_reversed_once"):
        undo("y", -1)
    with pytest.raises(IntegrityError, match="ledger_correction_reverses"), transaction.atomic():
        LedgerTransaction.objects.create(key="z", kind="correction", happened_at=AT, recorded_at=AT)
    with pytest.raises(IntegrityError, match="ledger_correction_reverses"), transaction.atomic():
        LedgerTransaction.objects.create(key="z", kind="gift", reverses=head, happened_at=AT, recorded_at=AT)


def test_two_people_at_their_pages(given: Donation, fund: Fund, one: User, other: User, browser: Any) -> None:
    address = f"/koordination/spenden/zweck/{fund.pk}/auszahlen/"
    browser.force_login(one)
    assert "Höchstens 100,00 €" in text(browser.get(address))
    said = {"amount": "100,01", "reason": "Ranzen"}
    refused = browser.post(address, said)
    assert (refused.status_code, Proposal.objects.count()) == (422, 0)
    assert "Möglich sind höchstens 100,00 €" in text(refused)
    for wrong in ({**said, "amount": "-1"}, {**said, "amount": "viel"}, {"amount": "40"}):
        assert browser.post(address, wrong).status_code == 422
    assert browser.post(address, {**said, "amount": "40"}).status_code == 303
    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.amount_cents, proposal.proposed_by) == ("payout", 4000, one)
    page = text(browser.get("/koordination/spenden/buecher/"))
    assert "Zurücknehmen" in page
    assert "Freigeben: Auszahlung: 40,00 € – Kinderfonds" not in page
    decide = f"/koordination/spenden/vorschlag/{proposal.pk}/"
    answer = text(browser.post(decide, {"entscheidung": "freigeben"}, follow=True))
    assert "gibt jemand anders frei" in answer
    assert counters(fund) == (10_000, 10_000, 1)
    browser.force_login(other)
    assert "1 Vorschlag wartet auf Freigabe" in text(browser.get("/koordination/spenden/"))
    assert "Freigeben: Auszahlung: 40,00 € – Kinderfonds" in text(
        browser.get("/koordination/spenden/buecher/")
    )
    assert "Bitte wählen Sie" in text(browser.post(decide, {"entscheidung": "weiter"}, follow=True))
    answer = text(browser.post(decide, {"entscheidung": "freigeben"}, follow=True))
    assert "Freigegeben." in answer
    assert proposal.grouped_reference in answer
    assert "schon entschieden" in text(browser.post(decide, {"entscheidung": "freigeben"}, follow=True))
    assert "schon entschieden" in text(browser.post(decide, {"entscheidung": "ablehnen"}, follow=True))
    assert counters(fund) == (10_000, 6000, 1)
