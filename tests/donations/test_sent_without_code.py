"""What was released left without its code: two people say which line of the bank it was."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from donations.models import BankTransaction, Donation, LedgerTransaction, Proposal, Refund
from donations.selectors.ledger import canonical_lines
from donations.selectors.orders import likely_orders
from donations.selectors.row_faults import row_faults
from donations.services.bank.booking import book_waiting
from donations.services.bank.corrections import NotCorrectable
from donations.services.bank.orders import NotTheOrder
from donations.services.bank.transfers import Credit, record_bank_transfer
from donations.services.bank.unpromised import Giver, gift_from_line
from donations.services.books.checks import LedgerFault
from donations.services.books.reconciliation import reconcile
from donations.services.treasury.proposals import (
    SamePerson,
    propose_bank_fee,
    propose_correction,
    propose_payout,
    propose_refund,
    propose_sent,
    recall,
    release,
)
from donations.tasks import book_lines, check_ledger
from foundation.units import Cents
from outbox.models import Message
from programs.models import Fund, Membership, Provider
from tests.donations.statements.test_import import line, take
from tests.donations.statements.written import camt
from tests.donations.test_lines_that_come_back import back, stands
from tests.factories import make_provider, make_user

AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(days=2)
Role = Membership.Role


@pytest.fixture
def one(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


@pytest.fixture
def other(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


@pytest.fixture
def gift(fund: Fund, one: User) -> Donation:
    """100 € of Ada by transfer, which nobody had promised."""
    return given(fund, one, 10_000, "Ada Lovelace")


def given(fund: Fund, by: User, cents: int, name: str) -> Donation:
    credit = Credit(date(2026, 3, 1), Cents(cents), name, "Spende")
    came, _is_new = record_bank_transfer(fund.provider, credit, recorded_by=by, now=AT)
    giver = Giver(name, f"{name.split()[0].lower()}@example.org")
    return gift_from_line(came.pk, fund, Cents(cents), giver, by=by, now=AT)


def payout(fund: Fund, cents: int, one: User, other: User, reason: str = "20 Ranzen") -> Proposal:
    return released(propose_payout(fund, Cents(cents), reason, by=one, now=AT), other)


def refund(gift: Donation, cents: int, one: User, other: User) -> Proposal:
    return released(propose_refund(gift, Cents(cents), "verlangt", by=one, now=AT), other)


def released(proposal: Proposal, by: User, at: datetime = AT) -> Proposal:
    assert release(proposal.pk, by=by, now=at)
    return Proposal.objects.get(pk=proposal.pk)


def left(folder: Path, fund: Fund, amount: str, said: str = "Rechnung 12", name: str = "") -> BankTransaction:
    """A debit that names no code, as the bank's statement tells it."""
    name = name or "Ranzen GmbH"
    take(folder, fund, camt(line(amount, said, bank=f"out {said}", name=name, sign="DBIT")))
    return BankTransaction.objects.latest("pk")


def fresh(row: BankTransaction) -> BankTransaction:
    return BankTransaction.objects.get(pk=row.pk)


def found(sent: BankTransaction, order: Proposal, one: User, other: User) -> Proposal:
    return released(propose_sent(sent, order, "Beleg vom 2. März", by=one, now=LATER), other, LATER)


def in_order() -> None:
    assert row_faults() == []
    assert check_ledger(LATER) == 0
    assert reconcile(LATER + timedelta(hours=2)) == []


def page(client: Client, user: User, name: str, *args: int) -> str:
    client.force_login(user)
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " ")


def address(sent: BankTransaction) -> str:
    return reverse("coordination_sent_new", args=[sent.pk])


def decide(client: Client, user: User, proposal: Proposal, what: str = "freigeben") -> str:
    client.force_login(user)
    answer = client.post(
        reverse("coordination_proposal", args=[proposal.pk]), {"entscheidung": what}, follow=True
    )
    return answer.content.decode()


def mails() -> list[str]:
    return sorted(Message.objects.values_list("template", flat=True))


def test_a_payout_is_found_by_two_through_the_pages(
    client: Client, fund: Fund, gift: Donation, one: User, other: User, tmp_path: Path
) -> None:
    order = payout(fund, 5000, one, other)
    sent = left(tmp_path, fund, "50.00")
    assert stands(fund) == {"bank": 5000, "fund": -5000, "reserved": -5000, "unclear": 5000}
    said = page(client, one, "coordination_bank_fee_new", sent.pk)
    assert "1 Auszahlung oder Erstattung über denselben Betrag wartet" in said
    assert f'href="{address(sent)}"' in said
    said = page(client, one, "coordination_sent_new", sent.pk)
    assert "Auszahlung: 50,00 € – Kinderfonds. Grund: 20 Ranzen. Freigegeben am 01.03.2026." in said

    answer = client.post(address(sent), {"order": order.pk, "reason": "Beleg vom 2. März"})
    assert answer.status_code == 303
    proposal = Proposal.objects.get(kind="sent")
    assert (proposal.line, proposal.order, proposal.amount_cents) == (sent, order, 5000)
    assert stands(fund)["reserved"] == -5000
    assert "an Ranzen GmbH" not in page(client, one, "coordination")
    assert "Was Sie selbst vorgeschlagen haben" in decide(client, one, proposal)
    said = page(client, other, "coordination_books")
    assert "Überweisung ohne Code: 50,00 € – Kinderfonds" in said
    assert "Abgang vom 02.03.2026: Ranzen GmbH, Rechnung 12. Bezahlt ist damit: Auszahlung: 50,00" in said

    decide(client, other, proposal)
    assert stands(fund) == {"bank": 5000, "fund": -5000}
    assert (fresh(sent).payout, fresh(sent).state_text) == (order, "Auszahlung")
    assert not Proposal.objects.get(pk=order.pk).is_to_transfer
    assert not recall(order.pk, by=one, now=LATER)
    assert "Noch zu überweisen" not in page(client, other, "coordination_books")
    in_order()


def test_a_refund_is_found_booked_once_and_told(
    fund: Fund, gift: Donation, one: User, other: User, tmp_path: Path
) -> None:
    order = refund(gift, 4000, one, other)
    sent = left(tmp_path, fund, "40.00", "Rückzahlung", "Ada Lovelace")
    proposal = found(sent, order, one, other)
    assert stands(fund) == {"bank": 6000, "fund": -6000}
    row = Refund.objects.get()
    assert (row.status, row.proposal, fresh(sent).refund) == ("succeeded", order, row)
    assert row.refunded_at == datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
    gift.refresh_from_db()
    assert (gift.status, gift.refunded_cents) == ("partly_refunded", 4000)
    assert mails() == ["gift_thanks", "refund_done"]
    assert not release(proposal.pk, by=other, now=LATER)
    assert book_waiting(LATER) == 0
    assert LedgerTransaction.objects.filter(kind="refund").count() == 1
    in_order()


def test_the_likely_ones_come_first_and_other_sums_not_at_all(
    client: Client, fund: Fund, gift: Donation, one: User, other: User, tmp_path: Path
) -> None:
    near = payout(fund, 1000, one, other)
    other_sum = payout(fund, 1001, one, other)
    bens = refund(given(fund, one, 1000, "Ben Berg"), 1000, one, other)
    adas = refund(gift, 1000, one, other)
    early = propose_payout(fund, Cents(1000), "Stifte", by=one, now=AT)
    early = released(early, other, AT - timedelta(days=40))
    sent = left(tmp_path, fund, "10.00", "zurück", "LOVELACE, ADA")
    assert likely_orders(sent) == [adas, near, bens, early]
    said = page(client, one, "coordination_sent_new", sent.pk)
    assert said.index("Ada Lovelace, Spende vom") < said.index("20 Ranzen") < said.index("Ben Berg, Spende")
    assert f'value="{other_sum.pk}"' not in said
    assert client.post(address(sent), {"order": other_sum.pk, "reason": "?"}).status_code == 422
    with pytest.raises(NotTheOrder, match=r"^gone$"):
        propose_sent(sent, other_sum, "?", by=one, now=LATER)
    propose_sent(sent, adas, "Name", by=one, now=LATER)
    assert likely_orders(left(tmp_path, fund, "10.00", "noch einer")) == [near, bens, early]
    assert stands(fund)["unclear"] == 2000


def test_what_was_given_back_otherwise_meanwhile_is_not_given_back_twice(
    fund: Fund, gift: Donation, one: User, other: User, tmp_path: Path
) -> None:
    order = refund(gift, 1000, one, other)
    waits = propose_sent(left(tmp_path, fund, "10.00"), order, "Beleg", by=one, now=LATER)
    Donation.objects.filter(pk=gift.pk).update(refunded_cents=9001)
    with pytest.raises(NotTheOrder, match=r"^gone$"):
        release(waits.pk, by=other, now=LATER)
    assert Refund.objects.get().status == "pending"
    Donation.objects.filter(pk=gift.pk).update(refunded_cents=9000)
    assert release(waits.pk, by=other, now=LATER)


def test_one_line_and_one_release_wait_for_one_answer(
    client: Client, fund: Fund, gift: Donation, one: User, other: User, tmp_path: Path
) -> None:
    first, second = payout(fund, 1000, one, other), payout(fund, 1000, one, other)
    sent, again = (left(tmp_path, fund, "10.00", said) for said in ("A", "B"))
    waits = propose_sent(sent, first, "Beleg", by=one, now=LATER)
    for line_, order in ((sent, second), (again, first)):
        with pytest.raises(NotTheOrder, match=r"^proposed$"):
            propose_sent(line_, order, "Beleg", by=other, now=LATER)
    client.force_login(other)
    for name in ("coordination_sent_new", "coordination_bank_fee_new"):
        answer = client.post(reverse(name, args=[sent.pk]), {"order": second.pk, "reason": "Beleg"})
        assert answer.status_code == 422
        assert "Das hat schon jemand vorgeschlagen." in answer.content.decode()
    for values in ({"line": again}, {"order": second}):
        copy = Proposal.objects.get(pk=waits.pk)
        copy.pk = None
        for name, value in values.items():
            setattr(copy, name, value)
        with pytest.raises(IntegrityError, match="proposal_one_"), transaction.atomic():
            copy.save()
    with pytest.raises(SamePerson):
        release(waits.pk, by=one, now=LATER)
    assert stands(fund)["unclear"] == 2000


def test_a_credit_and_a_line_of_another_body_are_not_asked_about(
    client: Client, fund: Fund, gift: Donation, one: User, other: User, tmp_path: Path, town: Provider
) -> None:
    order = payout(fund, 1000, one, other)
    take(tmp_path, fund, camt(line("10.00", "ohne", bank="C")))
    came = BankTransaction.objects.latest("pk")
    said = page(client, one, "coordination_sent_new", came.pk)
    assert "Nichts über diesen Betrag wartet" in said
    assert client.post(address(came), {"order": order.pk, "reason": "?"}).status_code == 422
    with pytest.raises(NotTheOrder, match=r"^gone$"):
        propose_sent(came, order, "?", by=one, now=LATER)
    sent = left(tmp_path, fund, "10.00")
    client.force_login(make_user(Role.TREASURER, make_provider()))
    for answer in (client.get(address(sent)), client.post(address(sent), {"order": order.pk})):
        assert answer.status_code == 404
    assert not Proposal.objects.filter(kind="sent").exists()


def test_a_payout_that_it_was_not_is_to_be_sent_again(
    client: Client, fund: Fund, gift: Donation, one: User, other: User, tmp_path: Path
) -> None:
    """The mirror to the cent; then the same line is another payout after all, and the right one arrives."""
    order, second = payout(fund, 1000, one, other), payout(fund, 1000, one, other, "Stifte")
    sent = left(tmp_path, fund, "10.00")
    found(sent, order, one, other)
    before = set(canonical_lines())
    assert "Der Abgang ist nicht die Auszahlung oder Erstattung" in page(
        client, one, "coordination_correction_new", sent.pk
    )
    correct = reverse("coordination_correction_new", args=[sent.pk])
    assert client.post(correct, {"fault": "freigabe", "reason": "andere Rechnung"}).status_code == 303
    undoing = Proposal.objects.latest("pk")
    said = page(client, other, "coordination_books")
    assert "ist nicht die Auszahlung oder Erstattung und wieder ungeklärt." in said
    decide(client, other, undoing)
    assert before < set(canonical_lines())
    assert (fresh(sent).payout, fresh(sent).found_by, fresh(sent).state_text) == (None, None, "offen")
    assert stands(fund) == {"bank": 9000, "fund": -8000, "reserved": -2000, "unclear": 1000}
    assert Proposal.objects.get(pk=order.pk).is_to_transfer
    in_order()
    found(sent, second, one, other)
    take(tmp_path, fund, camt(line("10.00", str(order.reference), bank="late", sign="DBIT")))
    assert stands(fund) == {"bank": 8000, "fund": -8000}
    assert fresh(sent).payout == second
    in_order()
    undoing = propose_correction(fresh(sent), Cents(1000), None, "auch nicht", gift=None, by=one, now=LATER)
    assert release(undoing.pk, by=other, now=LATER)
    assert stands(fund) == {"bank": 8000, "fund": -8000, "reserved": -1000, "unclear": 1000}
    in_order()


def test_a_refund_that_it_was_not_is_with_the_gift_again_and_told(
    client: Client, fund: Fund, gift: Donation, one: User, other: User, tmp_path: Path
) -> None:
    order = refund(gift, 4000, one, other)
    sent = left(tmp_path, fund, "40.00")
    found(sent, order, one, other)
    undoing = propose_correction(fresh(sent), Cents(4000), None, "war Miete", gift=None, by=one, now=LATER)
    assert release(undoing.pk, by=other, now=LATER)
    assert stands(fund) == {"bank": 6000, "fund": -10_000, "unclear": 4000}
    gift.refresh_from_db()
    assert (gift.status, gift.refunded_cents, Refund.objects.get().status) == ("received", 0, "failed")
    assert Refund.objects.get().failed_at == LATER
    mail = Message.objects.get(template="refund_failed")
    assert "Das war ein Irrtum: Wir hatten eine andere Kontobewegung dafür gehalten." in mail.body_text
    assert "nicht angenommen" not in mail.body_text
    assert "Erstattungen" in page(client, one, "coordination")
    in_order()
    again = refund(gift, 4000, one, other)
    found(sent, again, one, other)
    assert stands(fund) == {"bank": 6000, "fund": -6000}
    assert list(Refund.objects.order_by("pk").values_list("status", flat=True)) == ["failed", "succeeded"]
    in_order()


def test_what_came_back_is_not_undone_a_second_time(
    fund: Fund, gift: Donation, one: User, other: User, tmp_path: Path
) -> None:
    order = payout(fund, 1000, one, other)
    sent = left(tmp_path, fund, "10.00")
    found(sent, order, one, other)
    waits = propose_correction(fresh(sent), Cents(1000), None, "falsch", gift=None, by=one, now=LATER)
    take(tmp_path, fund, camt(back("10.00", str(order.reference), "B")))
    assert Proposal.objects.get(pk=order.pk).status == "recalled"
    assert book_lines(LATER) == 1
    assert Proposal.objects.get(pk=waits.pk).status == "lapsed"
    with pytest.raises(NotCorrectable, match=r"^came_back$"):
        propose_correction(fresh(sent), Cents(1000), None, "falsch", gift=None, by=one, now=LATER)
    assert stands(fund) == {"bank": 10_000, "fund": -10_000}
    in_order()


def test_a_refund_that_came_back_is_not_undone_a_second_time(
    fund: Fund, gift: Donation, one: User, other: User, tmp_path: Path
) -> None:
    order = refund(gift, 4000, one, other)
    sent = left(tmp_path, fund, "40.00")
    found(sent, order, one, other)
    take(tmp_path, fund, camt(back("40.00", str(order.reference), "B")))
    assert Refund.objects.get().status == "failed"
    with pytest.raises(NotCorrectable, match=r"^came_back$"):
        propose_correction(fresh(sent), Cents(4000), None, "falsch", gift=None, by=one, now=LATER)
    assert stands(fund) == {"bank": 10_000, "fund": -10_000}
    in_order()


def test_what_was_paid_by_its_code_or_taken_back_meanwhile_falls_away(
    client: Client, fund: Fund, gift: Donation, one: User, other: User, tmp_path: Path
) -> None:
    paid, taken_back = payout(fund, 1000, one, other), refund(gift, 2000, one, other)
    first, second = left(tmp_path, fund, "10.00", "A"), left(tmp_path, fund, "20.00", "B")
    waits = [
        propose_sent(each, order, "Beleg", by=one, now=LATER)
        for each, order in ((first, paid), (second, taken_back))
    ]
    take(tmp_path, fund, camt(line("10.00", str(paid.reference), bank="code", sign="DBIT")))
    assert recall(taken_back.pk, by=one, now=LATER)
    said = decide(client, other, waits[0])
    assert "Was damit bezahlt sein sollte, ist inzwischen bezahlt oder zurückgezogen." in said
    assert [Proposal.objects.get(pk=each.pk).status for each in waits] == ["lapsed", "lapsed"]
    assert stands(fund) == {"bank": 6000, "fund": -9000, "unclear": 3000}
    assert [fresh(each).is_open_debit for each in (first, second)] == [True, True]
    fee = propose_bank_fee(first, "Gebühr", by=one, now=LATER)
    assert release(fee.pk, by=other, now=LATER)
    in_order()


def test_a_line_that_says_another_release_is_a_fault(
    fund: Fund, gift: Donation, one: User, other: User, tmp_path: Path
) -> None:
    first, second = payout(fund, 1000, one, other), payout(fund, 1000, one, other)
    sent = left(tmp_path, fund, "10.00")
    by = found(sent, first, one, other)
    check_ledger(LATER)
    BankTransaction.objects.filter(pk=sent.pk).update(payout=second)
    assert row_faults() == [f"line {sent.pk}: found_by_id is {by.pk}, expected None"]
    with pytest.raises(LedgerFault, match="found_by_id"):
        check_ledger(LATER)
    with pytest.raises(IntegrityError, match="bank_line_found_is_something"), transaction.atomic():
        BankTransaction.objects.filter(pk=sent.pk).update(payout=None)
