"""A treasurer's slip is undone by its mirror and booked anew by two people; the giver is told."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from donations.models import BankTransaction, Donation, LedgerTransaction, Payment, Proposal
from donations.selectors.ledger import canonical_lines, faults
from donations.selectors.row_faults import row_faults
from donations.services.bank.corrections import NotCorrectable
from donations.services.bank.transfers import (
    Credit,
    assign_transfer,
    fingerprint,
    is_recorded,
    record_bank_transfer,
)
from donations.services.books.payouts import MoreThanAvailable
from donations.services.books.reconciliation import reconcile
from donations.services.treasury.proposals import (
    SamePerson,
    propose_correction,
    propose_payout,
    propose_refund,
    recall,
    release,
)
from donations.tasks import check_ledger
from foundation.models import Event
from foundation.units import Cents
from outbox.models import Message
from programs.models import Fund, Membership
from tests.donations.gifts import gift_of
from tests.donations.statements.test_import import line as statement_line
from tests.donations.statements.test_import import reference, take
from tests.donations.statements.written import camt
from tests.donations.test_payouts import counters, stands
from tests.donations.visits import give, newest, text
from tests.factories import make_user

AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=3)
DAY = date(2026, 3, 2)
Role = Membership.Role


@pytest.fixture
def one(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


@pytest.fixture
def other(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


@pytest.fixture
def promised(browser: Any, fund: Fund) -> Donation:
    give(browser, method="transfer", email="ada@example.org")
    return newest()


@pytest.fixture
def second(browser: Any, promised: Donation) -> Donation:
    give(browser, method="transfer", email="bert@example.org")
    return newest()


def typed(fund: Fund, cents: int, said: str) -> BankTransaction:
    credit = Credit(DAY, Cents(cents), "Ada Beispiel", said)
    return record_bank_transfer(fund.provider, credit, recorded_by=None, now=AT)[0]


def corrected(
    line: BankTransaction, cents: int | None, target: Donation | None, one: User, other: User
) -> Proposal:
    right = None if cents is None else Cents(cents)
    proposal = propose_correction(line, right, target, "vertippt", gift=gift_of(line), by=one, now=AT)
    assert release(proposal.pk, by=other, now=LATER) is True
    return proposal


def told(template: str) -> list[Message]:
    return list(Message.objects.filter(template=template).order_by("pk"))


def status(gift: Donation) -> tuple[str, int, bool]:
    gift.refresh_from_db()
    return gift.status, gift.amount_cents, gift.received_at is not None


def in_order() -> None:
    assert [*faults(), *row_faults()] == []
    assert check_ledger(LATER) == 0
    assert reconcile(LATER + timedelta(hours=2)) == []


def test_2500_typed_for_25_is_cancelled_and_booked_anew(
    promised: Donation, fund: Fund, one: User, other: User
) -> None:
    wrong = typed(fund, 250_000, reference(promised))
    assert status(promised)[1] == 250_000
    before = list(canonical_lines())
    corrected(wrong, 2500, promised, one, other)
    assert status(promised) == ("received", 2500, True)
    assert counters(fund) == (2500, 2500, 1)
    assert stands() == {"bank": 2500, "fund": -2500}
    wrong.refresh_from_db()
    right = BankTransaction.objects.exclude(pk=wrong.pk).get()
    assert (wrong.cancelled_at, gift_of(wrong)) == (LATER, None)
    assert (right.amount_cents, gift_of(right)) == (2500, promised)
    assert set(before) <= set(canonical_lines())
    (mail,) = told("gift_corrected")
    assert "hatten wir 2.500 € gebucht. Richtig sind 25 €" in mail.body_text.replace("\xa0", " ")
    assert (mail.to_email, len(told("gift_thanks"))) == ("ada@example.org", 1)
    in_order()


def test_what_is_booked_instead_of_a_slip_is_of_whom_typed_that(
    promised: Donation, fund: Fund, one: User, other: User
) -> None:
    slip = Credit(DAY, Cents(250_000), "Ada Beispiel", reference(promised))
    wrong, _is_new = record_bank_transfer(fund.provider, slip, recorded_by=one, now=AT)
    corrected(wrong, 2500, promised, one, other)
    right = BankTransaction.objects.exclude(pk=wrong.pk).get()
    assert (right.recorded_by, right.recorded_at, right.booked_on) == (one, LATER, DAY)
    assert (right.counterparty_name, right.remittance) == ("Ada Beispiel", reference(promised))


def test_a_cent_typed_for_25_is_booked_anew(promised: Donation, fund: Fund, one: User, other: User) -> None:
    line = typed(fund, 1, reference(promised))
    corrected(line, Cents(2500), promised, one, other)
    assert (status(promised)[0], stands()) == ("received", {"bank": 2500, "fund": -2500})
    in_order()


def test_a_wrong_sum_without_a_code_is_booked_anew_for_the_gift_that_it_paid(
    promised: Donation, fund: Fund, one: User, other: User
) -> None:
    corrected(typed(fund, 250_000, "ohne Code"), 2500, promised, one, other)
    assert status(promised) == ("received", 2500, True)
    assert stands() == {"bank": 2500, "fund": -2500}
    in_order()


def test_the_wrong_gift_is_a_promise_again_and_the_right_one_is_paid(
    promised: Donation, second: Donation, fund: Fund, one: User, other: User
) -> None:
    line = typed(fund, 2500, "ohne Code")
    assign_transfer(line.pk, promised.pk, assigned_by=one, now=AT)
    line.refresh_from_db()
    corrected(line, 2500, second, one, other)
    assert status(promised) == ("pledged", 2500, False)
    assert status(second) == ("received", 2500, True)
    assert Payment.objects.get().donation == second
    assert counters(fund) == (2500, 2500, 1)
    assert stands() == {"bank": 2500, "fund": -2500}
    (mail,) = told("gift_corrected")
    assert mail.to_email == "ada@example.org"
    assert "nicht zu ihr gehört" in mail.body_text
    assert [each.to_email for each in told("gift_thanks")] == ["ada@example.org", "bert@example.org"]
    moves = Event.objects.filter(model="donation", object_id=promised.pk).order_by("pk")
    assert [(each.to_status, each.actor_user, each.reason) for each in moves] == [
        ("received", one.pk, ""),
        ("pledged", other.pk, "Berichtigung"),
    ]
    in_order()


def test_a_line_that_its_code_led_to_the_wrong_gift_can_move_there_and_back(
    tmp_path: Path, promised: Donation, second: Donation, fund: Fund, one: User, other: User
) -> None:
    """What the statement brought was booked on the gift at once; it stands as unclear in between."""
    take(tmp_path, fund, camt(statement_line("25.00", reference(promised), bank="B1")))
    line = BankTransaction.objects.get()
    for right, wrong in ((second, promised), (promised, second)):
        corrected(line, 2500, right, one, other)
        line.refresh_from_db()
        assert (gift_of(line), status(right)[0], status(wrong)[0]) == (right, "received", "pledged")
        assert stands() == {"bank": 2500, "fund": -2500}
        in_order()
    corrected(line, 2500, None, one, other)
    assert (status(promised)[0], status(second)[0], Payment.objects.count()) == ("pledged", "pledged", 0)
    assert counters(fund) == (0, 0, 0)
    assert stands() == {"bank": 2500, "unclear": -2500}
    in_order()


def test_a_line_that_never_was_goes_and_may_be_typed_again(
    promised: Donation, fund: Fund, one: User, other: User
) -> None:
    line = typed(fund, 2500, reference(promised))
    corrected(line, None, None, one, other)
    assert (status(promised)[0], stands(), counters(fund)) == ("pledged", {}, (0, 0, 0))
    in_order()
    credit = Credit(DAY, Cents(2500), "Ada Beispiel", reference(promised))
    assert is_recorded(fund.provider, credit) is False
    again = typed(fund, 2500, reference(promised))
    assert (again.pk != line.pk, gift_of(again)) == (True, promised)
    assert again.fingerprint == fingerprint(fund.provider, replace(credit, occurrence=2))
    assert status(promised)[0] == "received"
    in_order()


def test_the_statement_does_not_take_a_cancelled_line_for_its_own(
    tmp_path: Path, promised: Donation, fund: Fund, one: User, other: User
) -> None:
    line = typed(fund, 2500, reference(promised))
    corrected(line, None, None, one, other)
    take(tmp_path, fund, camt(statement_line("25.00", reference(promised), bank="B1")))
    line.refresh_from_db()
    assert (line.statement, BankTransaction.objects.count()) == (None, 2)
    assert (status(promised)[0], stands()) == ("received", {"bank": 2500, "fund": -2500})
    in_order()


def test_a_gift_that_nobody_promised_lapses(promised: Donation, fund: Fund, one: User, other: User) -> None:
    typed(fund, 2500, reference(promised))
    line = typed(fund, 700, reference(promised))
    unasked = newest()
    assert unasked.pk != promised.pk
    corrected(line, 700, None, one, other)
    assert (status(unasked)[0], status(promised)[0]) == ("lapsed", "received")
    in_order()


def test_what_was_paid_out_meanwhile_is_missing_at_the_body(
    promised: Donation, fund: Fund, one: User, other: User
) -> None:
    line = typed(fund, 2500, reference(promised))
    payout = propose_payout(fund, Cents(2000), "Ranzen", by=one, now=AT)
    release(payout.pk, by=other, now=AT)
    corrected(line, None, None, one, other)
    assert counters(fund) == (0, 0, 0)
    assert stands() == {"reserved": -2000, "shortfall": 2000}
    in_order()


def test_two_people_and_only_once(
    promised: Donation, second: Donation, fund: Fund, one: User, other: User
) -> None:
    line = typed(fund, 2500, reference(promised))
    proposal = propose_correction(line, Cents(2500), second, "falsch", gift=promised, by=one, now=AT)
    twin = propose_correction(line, None, None, "falsch", gift=promised, by=one, now=AT)
    assert (status(promised)[0], stands()) == ("received", {"bank": 2500, "fund": -2500})
    with pytest.raises(SamePerson):
        release(proposal.pk, by=one, now=LATER)
    assert release(proposal.pk, by=other, now=LATER) is True
    assert release(proposal.pk, by=other, now=LATER) is False
    assert release(twin.pk, by=other, now=LATER) is False
    twin.refresh_from_db()
    assert (twin.status, twin.decided_by, status(second)[0]) == ("lapsed", None, "received")
    in_order()


def test_what_the_bank_says_and_what_is_gone_stays(
    tmp_path: Path, promised: Donation, second: Donation, fund: Fund, one: User, other: User
) -> None:
    take(tmp_path, fund, camt(statement_line("25.00", reference(promised), bank="B1")))
    line = BankTransaction.objects.get()
    for cents in (Cents(2400), None):
        with pytest.raises(NotCorrectable, match=r"^said_by_bank$"):
            propose_correction(line, cents, None, "falsch", gift=promised, by=one, now=AT)
    late = propose_correction(line, Cents(2500), second, "falsch", gift=promised, by=one, now=AT)
    ordered = propose_refund(promised, Cents(500), "zu viel", by=one, now=AT)
    release(ordered.pk, by=other, now=AT)
    with pytest.raises(NotCorrectable, match=r"^refunded$"):
        release(late.pk, by=other, now=LATER)
    assert (status(promised)[0], status(second)[0]) == ("received", "pledged")
    take(tmp_path, fund, camt(statement_line("5.00", reference(promised), bank="B2", sign="DBIT")))
    for away in BankTransaction.objects.filter(amount_cents__lt=0):
        with pytest.raises(NotCorrectable, match=r"^no_credit$"):
            propose_correction(away, None, None, "falsch", gift=None, by=one, now=AT)
    in_order()


def test_a_cancelled_line_stands_for_nothing(promised: Donation, fund: Fund, one: User, other: User) -> None:
    line = typed(fund, 2500, reference(promised))
    with pytest.raises(IntegrityError, match="bank_line_cancelled"), transaction.atomic():
        BankTransaction.objects.filter(pk=line.pk).update(cancelled_at=AT)
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE donations_ledgertransaction SET reverses_id = id")
    assert LedgerTransaction.objects.filter(reverses__isnull=False).count() == 0


# Refunds that begin here.


def paid(promised: Donation, fund: Fund) -> Donation:
    typed(fund, 2500, reference(promised))
    promised.refresh_from_db()
    return promised


def test_a_refund_by_the_bank_is_ordered_and_waits_for_its_line(
    tmp_path: Path, promised: Donation, fund: Fund, one: User, other: User
) -> None:
    gift = paid(promised, fund)
    proposal = propose_refund(gift, Cents(1000), "zu viel überwiesen", by=one, now=AT)
    with pytest.raises(SamePerson):
        release(proposal.pk, by=one, now=AT)
    assert release(proposal.pk, by=other, now=AT) is True
    (ordered,) = gift.refunds.all()
    assert (ordered.status, ordered.amount_cents, ordered.proposal) == ("pending", 1000, proposal)
    assert (status(gift)[0], stands(), told("refund_done")) == ("received", {"bank": 2500, "fund": -2500}, [])
    take(tmp_path, fund, camt(statement_line("10.00", str(proposal.reference), bank="B1", sign="DBIT")))
    (found,) = gift.refunds.all()
    assert (found.pk, found.status, found.proposal) == (ordered.pk, "succeeded", proposal)
    assert (status(gift)[0], len(told("refund_done"))) == ("partly_refunded", 1)
    assert stands() == {"bank": 1500, "fund": -1500}
    in_order()


def test_an_ordered_refund_that_nobody_sent_is_taken_back(
    tmp_path: Path, promised: Donation, fund: Fund, one: User, other: User
) -> None:
    gift = paid(promised, fund)
    proposal = propose_refund(gift, Cents(2500), "Widerruf", by=one, now=AT)
    release(proposal.pk, by=other, now=AT)
    assert recall(proposal.pk, by=one, now=LATER) is True
    assert (gift.refunds.get().status, status(gift)[0]) == ("cancelled", "received")
    again = propose_refund(gift, Cents(2500), "doch", by=one, now=LATER)
    assert release(again.pk, by=other, now=LATER) is True
    take(tmp_path, fund, camt(statement_line("25.00", str(again.reference), bank="B1", sign="DBIT")))
    assert recall(again.pk, by=one, now=LATER) is False
    assert sorted(gift.refunds.values_list("status", flat=True)) == ["cancelled", "succeeded"]
    assert status(gift)[0] == "refunded"
    in_order()


def test_more_than_is_left_is_refused_also_of_two_orders(
    promised: Donation, fund: Fund, one: User, other: User
) -> None:
    gift = paid(promised, fund)
    first, rest = (propose_refund(gift, Cents(1500), "Grund", by=one, now=AT) for _ in range(2))
    assert release(first.pk, by=other, now=AT) is True
    with pytest.raises(MoreThanAvailable) as refusal:
        release(rest.pk, by=other, now=AT)
    assert (refusal.value.cents, gift.refunds.count()) == (1000, 1)
    payout = propose_payout(fund, Cents(1001), "Ranzen", by=one, now=AT)
    with pytest.raises(MoreThanAvailable) as refusal:
        release(payout.pk, by=other, now=AT)
    assert refusal.value.cents == 1000


def test_at_the_pages(
    promised: Donation, second: Donation, fund: Fund, one: User, other: User, browser: Any
) -> None:
    line = typed(fund, 250_000, reference(promised))
    browser.force_login(one)
    page = text(browser.get("/koordination/spenden/"))
    address = f"/koordination/spenden/eingang/{line.pk}/berichtigen/"
    assert f'href="{address}"' in page
    assert f'href="/koordination/spenden/{promised.pk}/erstatten/"' in page
    assert browser.get(address).status_code == 200
    for wrong in (
        {"reason": "vertippt"},
        {"fault": "betrag", "reason": "vertippt"},
        {"fault": "betrag", "amount": "0", "reason": "vertippt"},
        {"fault": "betrag", "amount": "25"},
        {"fault": "spende", "reason": "vertippt"},
        {"fault": "spende", "code": "RF18NICHTDA234", "reason": "vertippt"},
        {"fault": "spende", "code": reference(promised), "reason": "vertippt"},
        {"fault": "alles", "reason": "vertippt"},
    ):
        assert browser.post(address, wrong).status_code == 422
    assert Proposal.objects.count() == 0
    said = {"fault": "betrag", "amount": "25,–", "reason": "zwei Nullen zu viel"}
    assert browser.post(address, said).status_code == 303
    proposal = Proposal.objects.get()
    assert (proposal.amount_cents, proposal.target) == (2500, promised)
    browser.force_login(other)
    page = text(browser.get("/koordination/spenden/buecher/"))
    assert "lautet richtig auf 25,00 €" in page
    assert "zwei Nullen zu viel" in page
    decide = f"/koordination/spenden/vorschlag/{proposal.pk}/"
    assert "Freigegeben." in text(browser.post(decide, {"entscheidung": "freigeben"}, follow=True))
    assert status(promised) == ("received", 2500, True)
    refund = f"/koordination/spenden/{promised.pk}/erstatten/"
    assert browser.post(refund, {"amount": "25,01", "reason": "Widerruf"}).status_code == 422
    assert browser.post(refund, {"amount": "25", "reason": "Widerruf"}).status_code == 303
    browser.force_login(one)
    decide = f"/koordination/spenden/vorschlag/{Proposal.objects.latest('pk').pk}/"
    answer = text(browser.post(decide, {"entscheidung": "freigeben"}, follow=True))
    assert "Bitte überweisen Sie mit dem Verwendungszweck RF" in answer
