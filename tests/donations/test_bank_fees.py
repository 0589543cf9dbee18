"""What left and names nothing of ours waits in every list until two people say that the bank took it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from donations.domain.facts import TransitFacts
from donations.models import BankTransaction, Donation, LedgerTransaction, Proposal
from donations.selectors.ledger import canonical_lines, uncovered_fees
from donations.selectors.row_faults import row_faults
from donations.services.bank import booking
from donations.services.bank.bank_fees import NotAFee
from donations.services.bank.booking import book_waiting
from donations.services.bank.corrections import NotCorrectable
from donations.services.bank.lines import moment_of
from donations.services.bank.transfers import AlreadyAssigned, Credit, assign_transfer, record_bank_transfer
from donations.services.books import transits
from donations.services.books.checks import LedgerFault
from donations.services.books.reconciliation import reconcile
from donations.services.treasury.proposals import (
    SamePerson,
    decline,
    propose_bank_fee,
    propose_correction,
    propose_fee_cover,
    release,
)
from donations.tasks import book_lines, check_ledger
from foundation.history import lines_of
from foundation.units import Cents
from outbox.models import Message
from programs.models import Fund, Membership, Provider
from tests.donations.gifts import make_donation
from tests.donations.statements.test_import import line, reference, take
from tests.donations.statements.written import camt, entry, item, text
from tests.donations.test_lines_that_come_back import stands
from tests.donations.visits import give, newest
from tests.factories import make_provider, make_user

AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=3)
Role = Membership.Role
CHARGE = line("12.50", "Kontoführung 1. Quartal", bank="F", name="Sparkasse", sign="DBIT")


@pytest.fixture
def one(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


@pytest.fixture
def other(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


@pytest.fixture
def charge(fund: Fund, tmp_path: Path) -> BankTransaction:
    """12.50 € that the bank took, as its statement tells it."""
    return taken(tmp_path, fund, CHARGE)


def taken(folder: Path, fund: Fund, written: str) -> BankTransaction:
    take(folder, fund, camt(written))
    return BankTransaction.objects.latest("pk")


def fresh(row: BankTransaction) -> BankTransaction:
    return BankTransaction.objects.get(pk=row.pk)


def booked(charge: BankTransaction, one: User, other: User) -> Proposal:
    proposal = propose_bank_fee(charge, "Kontoführung", by=one, now=AT)
    assert release(proposal.pk, by=other, now=LATER)
    return Proposal.objects.get(pk=proposal.pk)


def in_order() -> None:
    assert row_faults() == []
    assert check_ledger(LATER) == 0
    assert reconcile(LATER + timedelta(hours=2)) == []


def page(client: Client, user: User, name: str, *args: int, **asked: str) -> str:
    client.force_login(user)
    answer = client.get(reverse(name, args=args), asked)
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " ")


def listed(client: Client, user: User, **asked: str) -> bool:
    """Whether the charge stands in the list of lines so filtered."""
    return "Kontoführung 1. Quartal" in page(client, user, "coordination_lines", **asked)


def waits_today(client: Client, user: User) -> bool:
    said = page(client, user, "coordination")
    return "Kontobewegungen klären" in said and "an Sparkasse" in said


def address(charge: BankTransaction) -> str:
    return reverse("coordination_bank_fee_new", args=[charge.pk])


def test_it_is_open_in_every_list_until_two_people_have_booked_it(
    client: Client, charge: BankTransaction, fund: Fund, one: User, other: User
) -> None:
    assert stands(fund) == {"bank": -1250, "unclear": 1250}
    assert waits_today(client, one)
    assert (listed(client, one), listed(client, one, stand="erledigt")) == (True, False)
    for name in ("coordination_lines", "coordination_donations"):
        said = page(client, one, name)
        assert f'href="{address(charge)}">−12,50 € klären</a>' in said
    assert charge.state_text == "offen"

    reason = {"reason": "Kontoführung im 1. Quartal"}
    assert client.post(address(charge), reason).status_code == 303
    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.amount_cents, proposal.provider) == ("bank_fee", 1250, fund.provider)
    assert (proposal.reason, proposal.line, proposal.status) == (reason["reason"], charge, "proposed")
    assert stands(fund) == {"bank": -1250, "unclear": 1250}
    assert not waits_today(client, one)
    assert listed(client, one)

    said = page(client, other, "coordination_books")
    assert f"Gebühr der Bank: 12,50 € – {fund.provider}" in said
    assert "Abgang vom 02.03.2026: Sparkasse, Kontoführung 1. Quartal" in said
    decide = reverse("coordination_proposal", args=[proposal.pk])
    client.post(decide, {"entscheidung": "freigeben"})
    assert stands(fund) == {"bank": -1250, "fees": 1250}
    assert fresh(charge).state_text == "Gebühr der Bank"
    assert (listed(client, one), listed(client, one, stand="erledigt")) == (False, True)
    assert not waits_today(client, other)
    fund.refresh_from_db()
    assert (fund.balance_cents, fund.received_cents) == (0, 0)
    in_order()


def test_the_books_say_what_it_was(charge: BankTransaction, one: User, other: User) -> None:
    before = set(canonical_lines())
    proposal = booked(charge, one, other)
    entry = LedgerTransaction.objects.get(kind="fee")
    assert (entry.key, entry.donation) == (f"bank_fee:{proposal.pk}", None)
    assert entry.happened_at == datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
    assert before < set(canonical_lines())
    assert not proposal.is_recallable


def test_until_it_is_declined_it_waits_for_the_second_person(
    client: Client, charge: BankTransaction, one: User, other: User
) -> None:
    proposal = propose_bank_fee(charge, "Kontoführung", by=one, now=AT)
    with pytest.raises(SamePerson):
        release(proposal.pk, by=one, now=LATER)
    assert fresh(charge).fee is None
    assert decline(proposal.pk, by=other, now=LATER)
    assert waits_today(client, one)
    booked(charge, one, other)
    assert fresh(charge).state_text == "Gebühr der Bank"
    in_order()


def test_only_one_proposal_waits(client: Client, charge: BankTransaction, one: User, other: User) -> None:
    propose_bank_fee(charge, "Kontoführung", by=one, now=AT)
    client.force_login(other)
    answer = client.post(address(charge), {"reason": "Kontoführung"})
    assert answer.status_code == 422
    assert "Das hat schon jemand vorgeschlagen." in answer.content.decode()
    assert Proposal.objects.count() == 1
    copy = Proposal.objects.get()
    copy.pk = None
    with pytest.raises(IntegrityError, match="proposal_one_meaning_of_line"), transaction.atomic():
        copy.save()


def test_without_saying_what_for_nothing_is_proposed(
    client: Client, charge: BankTransaction, one: User
) -> None:
    client.force_login(one)
    answer = client.post(address(charge), {"reason": " "})
    assert (answer.status_code, Proposal.objects.count()) == (422, 0)
    assert "Bitte schreiben Sie, wofür." in answer.content.decode()


def test_what_is_booked_already_is_no_fee(
    client: Client, fund: Fund, charge: BankTransaction, one: User, other: User
) -> None:
    booked(charge, one, other)
    client.force_login(one)
    answer = client.post(address(charge), {"reason": "noch einmal"})
    assert answer.status_code == 422
    assert "Diese Kontobewegung ist schon gebucht." in answer.content.decode()
    assert (Proposal.objects.count(), stands(fund)) == (1, {"bank": -1250, "fees": 1250})


def test_a_refund_is_no_fee(client: Client, browser: Client, fund: Fund, one: User, tmp_path: Path) -> None:
    give(browser, method="transfer", email="ada@example.org")
    code = reference(newest())
    take(tmp_path, fund, camt(line("25.00", code, bank="A")))
    sent = taken(tmp_path, fund, camt_debit("25.00", code))
    with pytest.raises(NotAFee, match="changed"):
        propose_bank_fee(sent, "Kontoführung", by=one, now=AT)
    assert stands(fund) == {}


def camt_debit(amount: str, said: str) -> str:
    return line(amount, said, bank=f"out {amount}", sign="DBIT")


def test_what_became_something_else_meanwhile_is_not_released(
    client: Client, browser: Client, fund: Fund, one: User, other: User, tmp_path: Path
) -> None:
    """More left than the gift had; it comes in full later, and what left was its refund after all."""
    give(browser, method="transfer", email="ada@example.org")
    code = reference(newest())
    take(tmp_path, fund, camt(line("20.00", code, bank="A")))
    sent = taken(tmp_path, fund, camt_debit("25.00", code))
    assert (sent.is_open_debit, stands(fund)) == (True, {"bank": -500, "fund": -2000, "unclear": 2500})
    assert waits(client, one, sent)
    proposal = propose_bank_fee(sent, "Gebühr", by=one, now=AT)
    take(tmp_path, fund, camt(line("5.00", code, bank="B")))
    book_waiting(LATER)
    assert fresh(sent).refund is not None
    client.force_login(other)
    decide = reverse("coordination_proposal", args=[proposal.pk])
    answer = client.post(decide, {"entscheidung": "freigeben"}, follow=True)
    assert "Diese Kontobewegung ist schon gebucht." in answer.content.decode()
    assert Proposal.objects.get().status == "lapsed"
    assert (Donation.objects.get().status, stands(fund)) == ("refunded", {})
    in_order()


def waits(client: Client, user: User, line: BankTransaction) -> bool:
    return f'id="eingaenge-{line.pk}"' in page(client, user, "coordination")


def test_a_line_of_another_body_is_not_there(
    client: Client, charge: BankTransaction, one: User, town: Provider
) -> None:
    foreign = make_user(Role.TREASURER, make_provider())
    assert not waits_today(client, foreign)
    for answer in (client.get(address(charge)), client.post(address(charge), {"reason": "Kontoführung"})):
        assert answer.status_code == 404
    assert Proposal.objects.count() == 0
    proposal = propose_bank_fee(charge, "Kontoführung", by=one, now=AT)
    decide = reverse("coordination_proposal", args=[proposal.pk])
    assert client.post(decide, {"entscheidung": "freigeben"}).status_code == 404
    assert fresh(charge).fee is None


def test_a_fee_that_was_none_is_open_again_and_can_be_one_after_all(
    client: Client, charge: BankTransaction, fund: Fund, one: User, other: User
) -> None:
    booked(charge, one, other)
    before = set(canonical_lines())
    correct = reverse("coordination_correction_new", args=[charge.pk])
    said = page(client, one, "coordination_correction_new", charge.pk)
    assert "Der Abgang ist keine Gebühr der Bank" in said
    assert client.post(correct, {"fault": "gebuehr", "reason": "war ein Einzug"}).status_code == 303
    assert (
        "12,50 € (Sparkasse, Kontoführung 1. Quartal) ist keine Gebühr der Bank und wieder ungeklärt."
        in page(client, other, "coordination_books")
    )
    decide = reverse("coordination_proposal", args=[Proposal.objects.latest("pk").pk])
    client.post(decide, {"entscheidung": "freigeben"})
    assert (fresh(charge).fee, stands(fund)) == (None, {"bank": -1250, "unclear": 1250})
    assert before < set(canonical_lines())
    assert Message.objects.filter(template="gift_corrected").count() == 0
    assert waits_today(client, one)
    in_order()
    booked(charge, one, other)
    assert stands(fund) == {"bank": -1250, "fees": 1250}
    in_order()


def test_what_left_cannot_become_a_gift_or_another_sum(
    charge: BankTransaction, fund: Fund, one: User, other: User
) -> None:
    gift = make_donation(fund, method="transfer")

    def refused(cents: int | None, target: Donation | None) -> str:
        right = None if cents is None else Cents(cents)
        with pytest.raises(NotCorrectable) as refusal:
            propose_correction(fresh(charge), right, target, "falsch", gift=None, by=one, now=AT)
        return refusal.value.reason

    assert refused(1250, None) == "no_credit"
    booked(charge, one, other)
    assert refused(1250, gift) == "no_credit"
    assert refused(1000, None) == "said_by_bank"
    assert refused(None, None) == "said_by_bank"
    assert stands(fund) == {"bank": -1250, "fees": 1250}


def test_the_same_statement_again_brings_no_second_one(
    charge: BankTransaction, fund: Fund, one: User, other: User, tmp_path: Path
) -> None:
    booked(charge, one, other)
    take(tmp_path, fund, camt(CHARGE))
    assert book_waiting(LATER) == 0
    assert (BankTransaction.objects.count(), stands(fund)) == (1, {"bank": -1250, "fees": 1250})


def test_a_fee_stays_one_whatever_comes_later_for_the_gift_that_it_names(
    browser: Client, fund: Fund, one: User, other: User, tmp_path: Path
) -> None:
    give(browser, method="transfer", email="ada@example.org")
    code = reference(newest())
    take(tmp_path, fund, camt(line("20.00", code, bank="A")))
    fee = taken(tmp_path, fund, line("25.00", f"Gebühr {code}", bank="F", sign="DBIT"))
    booked(fee, one, other)
    take(tmp_path, fund, camt(line("5.00", code, bank="B")))
    assert (fresh(fee).refund, Donation.objects.get().status) == (None, "received")
    assert stands(fund) == {"fees": 2500, "fund": -2500}
    in_order()


def test_a_fee_stays_one_when_stripe_tells_of_as_much_later(
    fund: Fund, one: User, other: User, tmp_path: Path
) -> None:
    fee = taken(tmp_path, fund, line("12.50", "Entgelt", bank="F", name="Stripe", sign="DBIT"))
    booked(fee, one, other)
    transits.record(TransitFacts("po_1", Cents(-1250), moment_of(fee), fee.booked_on), AT)
    assert booking.meet_transits(AT) == 0
    assert (fresh(fee).transit, stands(fund)["fees"]) == (None, 1250)


def test_a_collection_that_is_a_fee_stays_whole_when_its_items_come(
    fund: Fund, one: User, other: User, tmp_path: Path
) -> None:
    own, remark = "<AcctSvcrRef>B1</AcctSvcrRef>", "<AddtlNtryInf>ENTGELTE</AddtlNtryInf>"
    fee = taken(tmp_path, fund, entry("12.50", "DBIT", reference=own, remark=remark))
    booked(fee, one, other)
    items = [item(f'<Amt Ccy="EUR">{each}</Amt>', text(f"Posten {each}")) for each in ("10.00", "2.50")]
    done = take(tmp_path, fund, camt(entry("12.50", "DBIT", *items, reference=own, remark=remark)))
    assert (done.lines, done.new_lines) == (2, 0)
    assert (BankTransaction.objects.count(), stands(fund)) == (1, {"bank": -1250, "fees": 1250})
    in_order()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("donations_banktransaction SET fee_id = NULL", "bank fee {pk} is 0, expected 1250"),
        ("donations_proposal SET status = 'declined'", "line {line}: fee_id is {pk}, expected None"),
    ],
)
def test_the_check_names_a_row_that_was_changed(
    charge: BankTransaction, one: User, other: User, change: str, told: str
) -> None:
    pk = booked(charge, one, other).pk
    assert check_ledger(LATER) == 0
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {change}")
    expected = told.format(pk=pk, line=charge.pk)
    assert row_faults() == [expected]
    with pytest.raises(LedgerFault, match=expected):
        check_ledger(LATER + timedelta(days=1))


def test_the_night_names_a_fee_without_its_release(charge: BankTransaction, one: User, other: User) -> None:
    pk = booked(charge, one, other).pk
    with connection.cursor() as cursor:
        cursor.execute("UPDATE donations_banktransaction SET fee_id = NULL")
        cursor.execute("DELETE FROM donations_proposal")
    (found,) = reconcile(LATER + timedelta(hours=2))
    assert f"bank_fee:{pk}" in str(found)


BACK = line("4.50", "Rückbuchung Entgelt", bank="R", name="Sparkasse")


def came_back(folder: Path, fund: Fund) -> BankTransaction:
    """4.50 € of its fees that the bank gives back."""
    return taken(folder, fund, BACK)


@pytest.mark.parametrize("also", ["allocated_cents", "cash_cents"])
def test_the_database_refuses_a_fee_that_is_something_else_too(
    fund: Fund, one: User, other: User, tmp_path: Path, also: str
) -> None:
    proposal = booked(came_back(tmp_path, fund), one, other)
    with pytest.raises(IntegrityError, match="bank_line_of_fee_means_nothing_else"), transaction.atomic():
        BankTransaction.objects.filter(fee=proposal).update(**{also: 450})


def test_a_fee_that_the_bank_gives_back_is_booked_by_two(
    client: Client, charge: BankTransaction, fund: Fund, one: User, other: User, tmp_path: Path
) -> None:
    booked(charge, one, other)
    back = came_back(tmp_path, fund)
    assert stands(fund) == {"bank": -800, "fees": 1250, "unclear": -450}
    assert f'href="{address(back)}"' in page(client, one, "coordination_credit", back.pk)
    said = page(client, one, "coordination_bank_fee_new", back.pk)
    assert "Die Bank gibt eine Gebühr zurück" in said
    assert "An Gebühren ist noch nicht mit eigenem Geld ausgeglichen: 12,50 €." in said
    said = client.post(address(back), {"reason": "Kontoführung Februar"}).content.decode()
    assert "Bitte wählen Sie, was der Eingang ist." in said
    answers = {"what": "zurueck", "reason": "Kontoführung Februar"}
    assert client.post(address(back), answers).status_code == 303
    assert "von Sparkasse" not in page(client, one, "coordination")
    proposal = Proposal.objects.latest("pk")
    assert (proposal.kind, proposal.amount_cents) == ("bank_fee", 450)
    said = page(client, other, "coordination_books")
    assert f"Gebühr der Bank zurück: 4,50 € – {fund.provider}" in said
    assert "Eingang vom 02.03.2026: Sparkasse, Rückbuchung Entgelt" in said
    decide = reverse("coordination_proposal", args=[proposal.pk])
    client.post(decide, {"entscheidung": "freigeben"})
    assert stands(fund) == {"bank": -800, "fees": 800}
    assert (fresh(back).state_text, fresh(back).open_cents) == ("Gebühr der Bank zurück", 0)
    assert (Donation.objects.count(), Message.objects.count()) == (0, 0)
    fund.refresh_from_db()
    assert (fund.balance_cents, fund.received_cents, fund.gift_count) == (0, 0, 0)
    in_order()


def test_what_came_back_is_no_gift_any_more_until_it_is_no_fee(
    client: Client, fund: Fund, one: User, other: User, tmp_path: Path
) -> None:
    back = came_back(tmp_path, fund)
    booked(back, one, other)
    promise = make_donation(fund, method="transfer", amount_cents=450)
    with pytest.raises(AlreadyAssigned):
        assign_transfer(back.pk, promise.pk, assigned_by=one, now=LATER)
    said = page(client, one, "coordination_correction_new", back.pk)
    assert "Der Eingang hat nichts mit Gebühren zu tun" in said
    correct = reverse("coordination_correction_new", args=[back.pk])
    assert client.post(correct, {"fault": "gebuehr", "reason": "war eine Spende"}).status_code == 303
    said = page(client, other, "coordination_books")
    told = "Der Eingang vom 02.03.2026 über 4,50 € (Sparkasse, Rückbuchung Entgelt) hat nichts mit Gebühren "
    assert f"{told}zu tun und ist wieder ungeklärt." in said
    decide = reverse("coordination_proposal", args=[Proposal.objects.latest("pk").pk])
    client.post(decide, {"entscheidung": "freigeben"})
    assert stands(fund) == {"bank": 450, "unclear": -450}
    assign_transfer(back.pk, promise.pk, assigned_by=one, now=LATER)
    assert stands(fund) == {"bank": 450, "fund": -450}
    assert fresh(back).state_text == "zugeordnet"
    in_order()


def test_what_is_a_gift_in_part_is_no_fee(
    client: Client, fund: Fund, one: User, other: User, tmp_path: Path
) -> None:
    back = came_back(tmp_path, fund)
    proposal = propose_bank_fee(back, "Entgelt", by=one, now=AT)
    promise = make_donation(fund, method="transfer", amount_cents=100)
    assign_transfer(back.pk, promise.pk, cents=Cents(100), assigned_by=one, now=AT)
    with pytest.raises(NotAFee, match="changed"):
        release(proposal.pk, by=other, now=LATER)
    assert Proposal.objects.get().status == "lapsed"
    assert stands(fund) == {"bank": 450, "fund": -100, "unclear": -350}
    with pytest.raises(NotAFee, match="changed"):
        propose_bank_fee(fresh(back), "Entgelt", by=one, now=AT)
    in_order()


def test_what_became_something_else_falls_away_by_itself_with_its_reason(
    client: Client, browser: Client, fund: Fund, one: User, other: User, tmp_path: Path
) -> None:
    """Nobody has to decline it; what can still be released stays."""
    give(browser, method="transfer", email="ada@example.org")
    code = reference(newest())
    take(tmp_path, fund, camt(line("20.00", code, bank="A")))
    sent = taken(tmp_path, fund, camt_debit("25.00", code))
    charge = taken(tmp_path, fund, CHARGE)
    gone = propose_bank_fee(sent, "Gebühr", by=one, now=AT)
    stays = propose_bank_fee(charge, "Kontoführung", by=one, now=AT)
    take(tmp_path, fund, camt(line("5.00", code, bank="B")))
    assert book_lines(LATER) == 1
    assert [Proposal.objects.get(pk=each.pk).status for each in (gone, stays)] == ["lapsed", "proposed"]
    said = page(client, other, "coordination_books")
    assert "Hinfällig seit 10.03.2026." in said
    assert "Nichts zu tun: Die Kontobewegung ist inzwischen anders gebucht (Erstattung)." in said
    assert lines_of(gone).get(to_status="lapsed").reason == "changed"
    assert book_lines(LATER) == 0
    assert not release(gone.pk, by=other, now=LATER)
    assert not decline(gone.pk, by=other, now=LATER)
    in_order()


def test_a_correction_of_a_line_that_is_no_more_falls_away(
    fund: Fund, one: User, other: User, tmp_path: Path
) -> None:
    credit = Credit(date(2026, 3, 2), Cents(2500), "Ada", "ohne")
    typed, _is_new = record_bank_transfer(fund.provider, credit, recorded_by=one, now=AT)
    first, second = (
        propose_correction(typed, None, None, "gibt es nicht", gift=None, by=one, now=AT) for _ in range(2)
    )
    assert release(first.pk, by=other, now=LATER)
    assert Proposal.objects.get(pk=second.pk).status == "lapsed"
    assert stands(fund) == {}
    in_order()


def test_what_a_body_pays_in_for_its_fees_covers_them_and_is_no_gift(
    client: Client, charge: BankTransaction, fund: Fund, one: User, other: User, tmp_path: Path
) -> None:
    booked(charge, one, other)
    own = taken(tmp_path, fund, line("10.00", "Ausgleich Gebühren", bank="O", name="Stadtkasse"))
    answers = {"what": "eigenes", "reason": "Gebühren im 1. Quartal"}
    client.force_login(one)
    assert client.post(address(own), answers).status_code == 303
    proposal = Proposal.objects.latest("pk")
    assert (proposal.kind, proposal.amount_cents, proposal.line) == ("fee_cover", 1000, own)
    assert stands(fund) == {"bank": -250, "fees": 1250, "unclear": -1000}
    said = page(client, other, "coordination_books")
    assert f"Eigenes Geld für Gebühren: 10,00 € – {fund.provider}" in said
    assert "Eingang vom 02.03.2026: Stadtkasse, Ausgleich Gebühren" in said
    decide = reverse("coordination_proposal", args=[proposal.pk])
    client.post(decide, {"entscheidung": "freigeben"})
    assert stands(fund) == {"bank": -250, "fees": 1250, "fee_cover": -1000}
    assert (uncovered_fees(fund.provider_id), fresh(own).open_cents) == (250, 0)
    assert fresh(own).state_text == "Eigenes Geld für Gebühren"
    assert "aus eigenen Mitteln getragene Gebühren" in page(client, other, "coordination_books")
    fund.refresh_from_db()
    assert (fund.balance_cents, fund.received_cents, fund.gift_count) == (0, 0, 0)
    assert (Donation.objects.count(), Message.objects.count()) == (0, 0)
    entry = LedgerTransaction.objects.get(kind="fee_cover")
    assert (entry.key, entry.donation) == (f"fee_cover:{proposal.pk}", None)
    in_order()
    undoing = propose_correction(fresh(own), Cents(1000), None, "Spende", gift=None, by=one, now=LATER)
    assert release(undoing.pk, by=other, now=LATER)
    assert stands(fund) == {"bank": -250, "fees": 1250, "unclear": -1000}
    assert fresh(own).state_text == "offen"
    in_order()


def test_what_left_covers_no_fees(charge: BankTransaction, fund: Fund, one: User) -> None:
    with pytest.raises(NotAFee, match="debit"):
        propose_fee_cover(charge, "Gebühren", by=one, now=AT)
    assert (Proposal.objects.count(), stands(fund)) == (0, {"bank": -1250, "unclear": 1250})


def test_a_cover_that_its_rows_do_not_say_is_a_fault(
    fund: Fund, one: User, other: User, tmp_path: Path
) -> None:
    own = taken(tmp_path, fund, line("10.00", "Ausgleich", bank="O"))
    proposal = propose_fee_cover(own, "Gebühren", by=one, now=AT)
    assert release(proposal.pk, by=other, now=LATER)
    check_ledger(LATER)
    BankTransaction.objects.filter(pk=own.pk).update(fee=None)
    assert row_faults() == [f"fee cover {proposal.pk} is 0, expected -1000"]
    with pytest.raises(LedgerFault, match="fee cover"):
        check_ledger(LATER)


def test_the_second_of_two_corrections_of_one_fee_falls_away(
    charge: BankTransaction, fund: Fund, one: User, other: User
) -> None:
    booked(charge, one, other)
    first, second = (
        propose_correction(fresh(charge), Cents(1250), None, "war keine", gift=None, by=one, now=AT)
        for _ in range(2)
    )
    assert release(first.pk, by=other, now=LATER)
    assert Proposal.objects.get(pk=second.pk).status == "lapsed"
    assert stands(fund) == {"bank": -1250, "unclear": 1250}
    in_order()


def test_nothing_is_left_to_cover_where_all_is_covered(
    client: Client, fund: Fund, one: User, tmp_path: Path
) -> None:
    said = page(client, one, "coordination_bank_fee_new", came_back(tmp_path, fund).pk)
    assert "Alle Gebühren, die gebucht sind, sind ausgeglichen." in said
