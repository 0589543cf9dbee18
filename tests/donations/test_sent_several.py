"""One line of the bank paid several payouts and refunds at once: two people say which."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from donations.models import BankTransaction, Donation, Proposal, Refund, SentPart
from donations.selectors.ledger import canonical_lines
from donations.selectors.row_faults import row_faults
from donations.services.bank.booking import book_waiting
from donations.services.bank.corrections import NotCorrectable
from donations.services.bank.orders import NotTheOrder
from donations.services.books.checks import LedgerFault
from donations.services.books.reconciliation import reconcile
from donations.services.treasury.proposals import (
    SamePerson,
    decline,
    propose_correction,
    propose_sent,
    propose_several_sent,
    recall,
    release,
    take_back_decline,
)
from donations.tasks import book_lines, check_ledger
from foundation.units import Cents
from outbox.models import Message
from programs.models import Fund, Membership
from tests.donations.receipts.test_numbers_at_once import at_once
from tests.donations.statements.test_import import line, take
from tests.donations.statements.written import camt
from tests.donations.test_lines_that_come_back import back, stands
from tests.donations.test_sent_without_code import (
    LATER,
    address,
    decide,
    fresh,
    given,
    left,
    page,
    payout,
    refund,
    released,
)
from tests.donations.visits import text
from tests.factories import make_fund, make_provider, make_user

pytestmark = pytest.mark.django_db
Role = Membership.Role


@pytest.fixture
def one(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


@pytest.fixture
def other(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


@pytest.fixture
def trips(fund: Fund) -> Fund:
    return make_fund("Ausflüge", slug="ausfluege", provider=fund.provider)


@pytest.fixture
def gift(fund: Fund, one: User) -> Donation:
    """100 € of Ada for the first purpose."""
    return given(fund, one, 10_000, "Ada Lovelace")


@pytest.fixture
def three(fund: Fund, trips: Fund, gift: Donation, one: User, other: User) -> list[Proposal]:
    """30 € and 50 € of two purposes, and 20 € that go back to Ada."""
    given(trips, one, 5000, "Ben Berg")
    bags = payout(fund, 3000, one, other)
    return [bags, payout(trips, 5000, one, other, "Bus"), refund(gift, 2000, one, other)]


def found(sent: BankTransaction, paid: list[Proposal], one: User, other: User) -> Proposal:
    return released(propose_several_sent(sent, paid, "Sammelbeleg", by=one, now=LATER), other, LATER)


def in_order() -> None:
    assert row_faults() == []
    assert check_ledger(LATER) == 0
    assert reconcile(LATER + timedelta(hours=2)) == []


def statuses(paid: list[Proposal]) -> list[tuple[str, bool]]:
    rows = [Proposal.objects.get(pk=order.pk) for order in paid]
    return [(row.status, row.is_recallable) for row in rows]


def test_two_purposes_and_a_refund_are_paid_by_one_line_through_the_pages(
    client: Client, fund: Fund, three: list[Proposal], one: User, other: User, tmp_path: Path
) -> None:
    bags, bus, back_to_ada = three
    sent = left(tmp_path, fund, "100.00", "Sammelüberweisung 7", "SAMMELAUFTRAG")
    assert stands(fund) == {"bank": 5000, "fund": -7000, "reserved": -8000, "unclear": 10_000}
    said = page(client, one, "coordination_bank_fee_new", sent.pk)
    assert "die zusammen dieser Abgang sein können" in said
    assert f'href="{address(sent)}"' in said
    said = page(client, one, "coordination_sent_new", sent.pk)
    assert "wählen Sie alle: Zusammen müssen sie genau 100,00 € sein." in said
    assert all(f'value="{order.pk}"' in said for order in three)

    answer = client.post(address(sent), {"order": [bags.pk, bus.pk], "reason": "Beleg"})
    assert answer.status_code == 422
    assert "Zusammen sind das 80,00 €, der Abgang ist 100,00 €." in text(answer)
    answer = client.post(address(sent), {"order": [order.pk for order in three], "reason": "Sammelbeleg"})
    assert answer.status_code == 303
    proposal = Proposal.objects.get(kind="sent")
    assert (proposal.line, proposal.order, proposal.amount_cents, proposal.fund) == (sent, None, 10_000, None)
    assert stands(fund)["reserved"] == -8000
    assert "Was Sie selbst vorgeschlagen haben" in decide(client, one, proposal)
    said = page(client, other, "coordination_books")
    assert f"Überweisung ohne Code: 100,00 € – {fund.provider}" in said
    assert (
        "Abgang vom 02.03.2026: SAMMELAUFTRAG, Sammelüberweisung 7. Bezahlt ist damit: (1) Auszahlung: "
        "30,00 € – Kinderfonds. Grund: 20 Ranzen. Freigegeben am 01.03.2026. (2) Auszahlung: 50,00 € – "
        "Ausflüge. Grund: Bus. Freigegeben am 01.03.2026. (3) Erstattung: 20,00 € – Kinderfonds. "
    ) in said

    before = set(canonical_lines())
    decide(client, other, proposal)
    name = f"bank:{sent.fingerprint[:32]}"
    booked = {line_.split()[0]: line_ for line_ in set(canonical_lines()) - before}
    assert set(booked) == {f"payout_sent:{name}", f"payout_sent:{name}:2", f"refund:{name}"}
    assert stands(fund) == {"bank": 5000, "fund": -5000}
    row = fresh(sent)
    assert (row.sent_cents, row.payout, row.refund, row.found_by) == (10_000, None, None, proposal)
    assert row.state_text == "mehrere Auszahlungen oder Erstattungen"
    assert [(part.order, part.cents) for part in proposal.parts.all()] == [
        (bags, 3000),
        (bus, 5000),
        (back_to_ada, 2000),
    ]
    assert statuses(three) == [("released", False)] * 3
    assert not any(recall(order.pk, by=one, now=LATER) for order in three)
    assert "Noch zu überweisen" not in page(client, other, "coordination_books")
    ada = back_to_ada.donation
    assert ada is not None
    ada.refresh_from_db()
    assert (ada.status, ada.refunded_cents, Refund.objects.get().status) == (
        "partly_refunded",
        2000,
        "succeeded",
    )
    assert Message.objects.filter(template="refund_done").count() == 1
    assert book_waiting(LATER) == 0
    in_order()


def test_what_it_was_not_is_undone_to_the_cent_and_may_be_said_again(
    client: Client, fund: Fund, three: list[Proposal], one: User, other: User, tmp_path: Path
) -> None:
    sent = left(tmp_path, fund, "100.00")
    before = stands(fund)
    found(sent, three, one, other)
    lines = set(canonical_lines())
    undo = propose_correction(fresh(sent), Cents(10_000), None, "war Miete", gift=None, by=one, now=LATER)
    assert "ist nicht die Auszahlung oder Erstattung und wieder ungeklärt." in page(
        client, other, "coordination_books"
    )
    assert release(undo.pk, by=other, now=LATER)
    assert lines < set(canonical_lines())
    assert stands(fund) == before
    row = fresh(sent)
    assert (row.sent_cents, row.found_by, row.state_text) == (None, None, "offen")
    assert statuses(three) == [("released", True), ("released", True), ("released", False)]
    assert Refund.objects.get().status == "failed"
    assert Message.objects.filter(template="refund_failed").count() == 1
    in_order()
    gift = three[2].donation
    assert gift is not None
    again = refund(gift, 2000, one, other)
    found(fresh(sent), [*three[:2], again], one, other)
    assert stands(fund) == {"bank": 5000, "fund": -5000}
    assert statuses([*three[:2], again]) == [("released", False)] * 3
    in_order()


def test_two_refunds_of_one_gift_may_leave_at_once(
    fund: Fund, gift: Donation, one: User, other: User, tmp_path: Path
) -> None:
    paid = [refund(gift, 6000, one, other), refund(gift, 4000, one, other)]
    assert found(left(tmp_path, fund, "100.00"), paid, one, other).fund == fund
    gift.refresh_from_db()
    assert (gift.status, gift.refunded_cents, stands(fund)) == ("refunded", 10_000, {})
    in_order()


def test_what_is_not_the_sum_not_ours_or_asked_already_is_refused(
    fund: Fund, three: list[Proposal], one: User, other: User, tmp_path: Path
) -> None:
    bags, bus, back_to_ada = three
    elsewhere = make_fund("Bücher", provider=make_provider("Verein Lesen", iban="DE02120300000000202051"))
    ours = [make_user(Role.TREASURER, elsewhere.provider) for _ in range(2)]
    given(elsewhere, ours[0], 5000, "Cleo Cay")
    theirs = payout(elsewhere, 5000, ours[0], ours[1])
    sent, second = left(tmp_path, fund, "80.00", "A"), left(tmp_path, fund, "50.00", "B")
    for paid, why in (
        ([bags, back_to_ada], "sum"),
        (three, "sum"),
        ([bags, theirs], "gone"),
        ([bags, bags, bus], "gone"),
        ([], "gone"),
    ):
        with pytest.raises(NotTheOrder, match=rf"^{why}$"):
            propose_several_sent(sent, paid, "?", by=one, now=LATER)
    waits = propose_several_sent(sent, [bags, bus], "Beleg", by=one, now=LATER)
    for line_, paid in ((second, [bags, back_to_ada]), (sent, [bags, bus])):
        with pytest.raises(NotTheOrder, match=r"^proposed$"):
            propose_several_sent(line_, paid, "?", by=other, now=LATER)
    with pytest.raises(NotTheOrder, match=r"^proposed$"):
        propose_sent(second, bus, "?", by=other, now=LATER)
    with pytest.raises(SamePerson):
        release(waits.pk, by=one, now=LATER)
    assert decline(waits.pk, by=other, now=LATER)
    instead = propose_sent(second, bus, "doch", by=one, now=LATER)
    assert not take_back_decline(waits.pk, by=other, now=LATER)
    assert decline(instead.pk, by=other, now=LATER)
    assert take_back_decline(waits.pk, by=other, now=LATER)
    assert not take_back_decline(instead.pk, by=other, now=LATER)
    assert stands(fund)["unclear"] == 13_000
    in_order()


def test_a_proposal_lapses_once_one_of_them_is_taken_back_or_paid_by_its_code(
    client: Client, fund: Fund, three: list[Proposal], one: User, other: User, tmp_path: Path
) -> None:
    sent = left(tmp_path, fund, "80.00")
    waits = propose_several_sent(sent, three[:2], "Beleg", by=one, now=LATER)
    take(tmp_path, fund, camt(line("50.00", str(three[1].reference), bank="code", sign="DBIT")))
    said = decide(client, other, waits)
    assert "Was damit bezahlt sein sollte, ist inzwischen bezahlt oder zurückgezogen." in said
    assert Proposal.objects.get(pk=waits.pk).status == "lapsed"
    assert "Was damit bezahlt sein sollte, ist inzwischen" in page(client, other, "coordination_books")
    second = left(tmp_path, fund, "50.00", "B")
    waits = propose_several_sent(second, [three[0], three[2]], "Beleg", by=one, now=LATER)
    assert recall(three[2].pk, by=one, now=LATER)
    assert book_lines(LATER) == 1
    assert Proposal.objects.get(pk=waits.pk).status == "lapsed"
    assert SentPart.objects.exclude(key=None).count() == 0
    in_order()


def test_of_what_was_given_back_otherwise_meanwhile_no_part_is_booked(
    fund: Fund, three: list[Proposal], one: User, other: User, tmp_path: Path
) -> None:
    sent = left(tmp_path, fund, "100.00")
    waits = propose_several_sent(sent, three, "Beleg", by=one, now=LATER)
    before = stands(fund)
    gift = Donation.objects.filter(pk=three[2].donation_id)
    gift.update(refunded_cents=8001)
    with pytest.raises(NotTheOrder, match=r"^gone$"):
        release(waits.pk, by=other, now=LATER)
    assert (stands(fund), Refund.objects.get().status) == (before, "pending")
    assert SentPart.objects.exclude(key=None).count() == 0
    gift.update(refunded_cents=8000)
    assert release(waits.pk, by=other, now=LATER)


@pytest.mark.parametrize(("number", "amount"), [(1, "50.00"), (2, "20.00")])
def test_one_part_that_came_back_is_enough(
    fund: Fund, three: list[Proposal], one: User, other: User, tmp_path: Path, number: int, amount: str
) -> None:
    sent = left(tmp_path, fund, "100.00")
    found(sent, three, one, other)
    take(tmp_path, fund, camt(back(amount, str(three[number].reference), "B")))
    with pytest.raises(NotCorrectable, match=r"^came_back$"):
        propose_correction(fresh(sent), Cents(10_000), None, "falsch", gift=None, by=one, now=LATER)
    in_order()


def test_the_code_of_one_that_left_beside_others_names_no_second_line(
    fund: Fund, three: list[Proposal], one: User, other: User, tmp_path: Path
) -> None:
    found(left(tmp_path, fund, "80.00"), three[:2], one, other)
    take(tmp_path, fund, camt(line("30.00", str(three[0].reference), bank="again", sign="DBIT")))
    assert BankTransaction.objects.latest("pk").is_open_debit
    assert stands(fund) == {"bank": 4000, "fund": -7000, "unclear": 3000}
    in_order()


def test_a_part_that_comes_back_is_recalled_and_then_nothing_is_undone(
    fund: Fund, three: list[Proposal], one: User, other: User, tmp_path: Path
) -> None:
    sent = left(tmp_path, fund, "100.00")
    found(sent, three, one, other)
    take(tmp_path, fund, camt(back("50.00", str(three[1].reference), "B")))
    take(tmp_path, fund, camt(back("20.00", str(three[2].reference), "C")))
    assert statuses(three)[1] == ("recalled", False)
    assert Refund.objects.get().status == "failed"
    assert stands(fund) == {"bank": 12_000, "fund": -12_000}
    with pytest.raises(NotCorrectable, match=r"^came_back$"):
        propose_correction(fresh(sent), Cents(10_000), None, "falsch", gift=None, by=one, now=LATER)
    in_order()


def test_codes_of_several_in_one_text_are_no_refund_of_one_gift(
    fund: Fund, three: list[Proposal], one: User, other: User, tmp_path: Path
) -> None:
    bags, _bus, back_to_ada = three
    said = f"{back_to_ada.reference} {bags.reference}"
    take(tmp_path, fund, camt(line("50.00", said, bank="both", sign="DBIT")))
    sent = BankTransaction.objects.latest("pk")
    assert sent.is_open_debit
    assert Refund.objects.get().status == "pending"
    found(sent, [bags, back_to_ada], one, other)
    assert stands(fund) == {"bank": 10_000, "fund": -5000, "reserved": -5000}
    in_order()


def test_a_row_that_says_otherwise_is_a_fault_the_same_day(
    fund: Fund, three: list[Proposal], one: User, other: User, tmp_path: Path
) -> None:
    sent = left(tmp_path, fund, "100.00")
    by = found(sent, three, one, other)
    check_ledger(LATER)
    part = by.parts.get(order=three[0])
    SentPart.objects.filter(pk=part.pk).update(cents=2999)
    assert row_faults() == [
        f"line {sent.pk}: sent_cents is 10000, expected 9999",
        f"sent part {part.pk} is 2999, expected 3000",
    ]
    with pytest.raises(LedgerFault, match="sent_cents is 10000, expected 9999"):
        check_ledger(LATER)
    SentPart.objects.filter(pk=part.pk).update(cents=3000)
    assert check_ledger(LATER) == 0
    with pytest.raises(IntegrityError, match="bank_line_of_several_means_nothing_else"), transaction.atomic():
        BankTransaction.objects.filter(pk=sent.pk).update(sent_cents=9999)
    with pytest.raises(IntegrityError, match="bank_line_found_is_something"), transaction.atomic():
        BankTransaction.objects.filter(pk=sent.pk).update(sent_cents=None)
    SentPart.objects.filter(proposal=by).update(key=None)
    assert f"line {sent.pk}: sent_cents is 10000, expected 0" in row_faults()


@pytest.mark.django_db(transaction=True)
def test_of_two_treasurers_at_once_one_releases_and_one_order_gets_one_line(
    fund: Fund, three: list[Proposal], one: User, other: User, tmp_path: Path
) -> None:
    """The same release twice; a recall in the same moment; the same payout asked of two lines."""
    bags, bus, back_to_ada = three
    sent, second = left(tmp_path, fund, "80.00", "A"), left(tmp_path, fund, "50.00", "B")

    def ask(line_: BankTransaction, paid: list[Proposal]) -> str:
        try:
            propose_several_sent(line_, paid, "Beleg", by=one, now=LATER)
        except NotTheOrder as refusal:
            return refusal.reason
        return "asked"

    asked = at_once([lambda: ask(sent, [bags, bus]), lambda: ask(second, [back_to_ada, bags])])
    assert sorted(asked) == ["asked", "proposed"]
    waits = Proposal.objects.get(kind="sent")
    third = make_user(Role.TREASURER, fund.provider)

    def let_go(by: User) -> bool | str:
        try:
            return release(waits.pk, by=by, now=LATER)
        except NotTheOrder as refusal:
            return refusal.reason

    done = at_once([lambda: let_go(other), lambda: let_go(third), lambda: recall(bags.pk, by=one, now=LATER)])
    assert done in (
        [True, False, False],
        [False, True, False],
        ["gone", False, True],
        [False, "gone", True],
        ["gone", "gone", True],
    )
    assert (Proposal.objects.get(pk=waits.pk).status == "released") == (True in done[:2])
    assert (Proposal.objects.get(pk=bags.pk).status == "recalled") == done[2]
    assert SentPart.objects.exclude(key=None).count() == (2 if True in done[:2] else 0)
    in_order()
