"""Boxes of cash: two people count the same sum, it is booked, and the bank takes it out of the till."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from accounts.models import User
from donations.domain.cash import PIECES, total
from donations.models import BankTransaction, CashCount, LedgerEntry, Proposal
from donations.selectors.ledger import faults
from donations.selectors.row_faults import row_faults
from donations.services.bank.corrections import NotCorrectable
from donations.services.bank.paying_in import pay_in
from donations.services.bank.transfers import Credit, record_bank_transfer
from donations.services.books.deposits import NotTheSum
from donations.services.books.reconciliation import reconcile
from donations.services.cash.counts import Counted, CountRefused, confirm, drop, undo, write_down
from donations.services.treasury.proposals import (
    propose_correction,
    propose_payout,
    release,
)
from foundation.history import lines_of
from foundation.money import NotCents
from foundation.units import Cents
from programs.models import Fund, Membership
from tests.donations.statements.test_import import line as in_statement
from tests.donations.statements.test_import import take
from tests.donations.statements.written import camt
from tests.donations.visits import text
from tests.factories import make_fund, make_provider, make_user

NOW = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)
HERE = "/koordination/spenden/boxen/"
Role = Membership.Role


@pytest.fixture
def one(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


@pytest.fixture
def other(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def counted(
    fund: Fund, one: User, other: User, cents: int = 5055, box: str = "Box im Bürgerbüro"
) -> CashCount:
    count = write_down(fund, Counted(box, DAY, Cents(cents)), by=one, now=NOW)
    return confirm(count.pk, Cents(cents), by=other, now=NOW)


def stands(fund: Fund) -> dict[str, int]:
    """What is on each account, in cents."""
    sums: dict[str, int] = {}
    for entry in LedgerEntry.objects.filter(account__provider=fund.provider).select_related("account"):
        sums[entry.account.kind] = sums.get(entry.account.kind, 0) + entry.amount_cents
    return {kind: cents for kind, cents in sums.items() if cents}


def came(fund: Fund, cents: int, said: str, by: User | None = None) -> BankTransaction:
    credit = Credit(date(2026, 3, 5), Cents(cents), "Bareinzahlung", said)
    return record_bank_transfer(fund.provider, credit, recorded_by=by, now=NOW)[0]


def in_order() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert [*faults(), *row_faults()] == []
    assert reconcile(NOW.replace(hour=20)) == []


def test_pieces_are_worth_what_they_say() -> None:
    assert total(dict.fromkeys(PIECES, 1)) == 88_888
    assert total({5000: 1, 50: 1, 5: 1}) == 5055
    assert total({}) == 0
    with pytest.raises(KeyError):
        total({300: 1})


class TestTwoPeople:
    def test_both_count_and_only_then_it_is_booked(self, fund: Fund, one: User, other: User) -> None:
        first, second = signed_in(one), signed_in(other)
        said = {"fund": fund.pk, "box": "Box im Bürgerbüro", "counted_on": "2026-03-02"}
        pieces = {"piece_2000": "2", "piece_1000": "1", "piece_50": "1", "piece_5": "1"}
        page = text(first.post(f"{HERE}neu/", {**said, **pieces}, follow=True))
        assert "50,55 €" in page
        assert "2 × 20 Euro" in page
        count = CashCount.objects.get()
        assert count.pieces == {"2000": 2, "1000": 1, "50": 1, "5": 1}
        assert stands(fund) == {}
        here = f"{HERE}{count.pk}/"
        assert "So habe ich gezählt" not in text(first.get(here))
        refused = first.post(here, {"amount": "50,55"})
        assert refused.status_code == 422
        assert "zählt jemand anders nach" in text(refused)
        for place in (here, HERE, "/koordination/?art=boxen"):
            page = text(second.get(place))
            assert "Box im Bürgerbüro" in page
            assert "50,55" not in page
            assert "20 Euro" not in page
        for wrong in ("50,54", "5055", "", "0", "viel"):
            refused = second.post(here, {"amount": wrong})
            assert refused.status_code == 422
            assert "50,55" not in text(refused).replace("50,555", "")
        assert stands(fund) == {}
        assert "Gezählt und gebucht" in text(second.post(here, {"amount": "50,55"}, follow=True))
        assert stands(fund) == {"cash": 5055, "fund": -5055}
        fund.refresh_from_db()
        assert (fund.balance_cents, fund.received_cents, fund.gift_count) == (5055, 5055, 0)
        assert "schon entschieden" in text(second.post(here, {"amount": "50,55"}))
        moves = lines_of(count).values_list("from_status", "to_status", "actor_user").order_by("pk")
        assert list(moves) == [("", "proposed", one.pk), ("proposed", "confirmed", other.pk)]
        page = text(second.get(HERE))
        assert f">{count.grouped_reference}<" in page
        in_order()

    def test_the_database_refuses_one_person_alone(self, fund: Fund, one: User, other: User) -> None:
        count = write_down(fund, Counted("Box", DAY, Cents(100)), by=one, now=NOW)
        for wrong in ({"decided_by": one}, {}, {"decided_by": other, "status": "undone"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                CashCount.objects.filter(pk=count.pk).update(**{"status": "confirmed", **wrong})
        for row in ({"amount_cents": 99}, {"pieces": {"1": 99}}, {"fund": make_fund("Anders")}, {"box": "x"}):
            with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
                CashCount.objects.filter(pk=count.pk).update(**row)
        with pytest.raises(DatabaseError, match="has to be kept"), transaction.atomic():
            count.delete()

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"counted_on": "2999-01-01"}, "zwischen 2000 und 2099"),
            ({"counted_on": "2099-01-01"}, "liegt in der Zukunft"),
            ({"counted_on": "0001-01-01"}, "zwischen 2000 und 2099"),
            ({"amount": ""}, "wie viel gezählt wurde"),
            ({"amount": "0"}, "einen Betrag in Euro"),
            ({"amount": "5", "piece_500": "2"}, "Scheine und Münzen ergeben 10,00 €"),
            ({"piece_500": "-1"}, "5 Euro: Bitte mindestens 0."),
            *(
                ({"piece_500": typed}, "eine ganze Zahl")
                for typed in ("1,5", "1.0", "10.000000", "1_0", "٣", "+1")
            ),
            ({"box": ""}, "die Box oder den Anlass"),
        ],
    )
    def test_what_makes_no_sense_is_refused(
        self, fund: Fund, one: User, wrong: dict[str, str], said: str
    ) -> None:
        right = {"fund": str(fund.pk), "box": "Box", "counted_on": "2026-03-02", "amount": "5"}
        refused = signed_in(one).post(f"{HERE}neu/", {**right, **wrong})
        assert refused.status_code == 422
        assert said in text(refused)
        assert not CashCount.objects.exists()

    @pytest.mark.parametrize("typed", ["1000", "1.000", " 1 000 ", "1\u00a0000", "1'000"])
    def test_a_thousand_coins_are_a_thousand(self, fund: Fund, one: User, typed: str) -> None:
        said = {"fund": fund.pk, "box": "Box", "counted_on": "2026-03-02", "piece_1": typed}
        assert signed_in(one).post(f"{HERE}neu/", said).status_code == 303
        count = CashCount.objects.get()
        assert (count.pieces, count.amount_cents) == ({"1": 1000}, 1000)

    @pytest.mark.parametrize("number", [2.5, True, "3"])
    def test_half_a_coin_is_no_coin(self, fund: Fund, one: User, number: Any) -> None:
        with pytest.raises(NotCents):
            write_down(fund, Counted("Box", DAY, Cents(250), {100: number}), by=one, now=NOW)
        assert not CashCount.objects.exists()

    @pytest.mark.parametrize(
        ("cents", "pieces", "reason"),
        [
            (0, {}, "nothing"),
            (-1, {}, "nothing"),
            (0, {100: 0}, "nothing"),
            (1, {2: 1}, "another_sum"),
            (101, {100: 1}, "another_sum"),
            (100, {100: 2, 50: -2}, "another_sum"),
        ],
    )
    def test_the_sum_is_more_than_nothing_and_what_the_pieces_are_worth(
        self, fund: Fund, one: User, cents: int, pieces: dict[int, int], reason: str
    ) -> None:
        with pytest.raises(CountRefused, match=rf"^{reason}$"):
            write_down(fund, Counted("Box", DAY, Cents(cents), pieces), by=one, now=NOW)
        assert not CashCount.objects.exists()
        count = write_down(fund, Counted("Box", DAY, Cents(1), {1: 1, 2: 0}), by=one, now=NOW)
        assert (count.amount_cents, count.pieces) == (1, {"1": 1})

    def test_each_hand_is_a_treasurers_and_has_its_moment(self, fund: Fund, one: User, other: User) -> None:
        later = NOW.replace(hour=10)
        dropped = write_down(fund, Counted("Box", DAY, Cents(100)), by=one, now=NOW)
        assert drop(dropped, by=other, now=later) is True
        count = counted(fund, one, other)
        undo(count.pk, "verzählt", by=other, now=later)
        hands = ("to_status", "actor_user", "actor_role", "at")
        assert [list(lines_of(each).order_by("pk").values_list(*hands)) for each in (dropped, count)] == [
            [("proposed", one.pk, "treasurer", NOW), ("dropped", other.pk, "treasurer", later)],
            [
                ("proposed", one.pk, "treasurer", NOW),
                ("confirmed", other.pk, "treasurer", NOW),
                ("undone", other.pk, "treasurer", later),
            ],
        ]

    def test_a_purpose_of_another_body_is_not_offered(self, fund: Fund, one: User) -> None:
        foreign = make_fund("Fremd", provider=make_provider("Verein"))
        said = {"fund": foreign.pk, "box": "Box", "counted_on": "2026-03-02", "amount": "5"}
        assert signed_in(one).post(f"{HERE}neu/", said).status_code == 422
        assert not CashCount.objects.exists()

    def test_a_count_is_dropped_before_and_undone_after(self, fund: Fund, one: User, other: User) -> None:
        first, second = signed_in(one), signed_in(other)
        dropped = write_down(fund, Counted("Box", DAY, Cents(100)), by=one, now=NOW)
        assert "Verworfen" in text(first.post(f"{HERE}{dropped.pk}/verwerfen/", follow=True))
        assert "schon entschieden" in text(second.post(f"{HERE}{dropped.pk}/verwerfen/", follow=True))
        assert second.post(f"{HERE}{dropped.pk}/", {"amount": "1"}).status_code == 422
        count = counted(fund, one, other)
        place = f"{HERE}{count.pk}/rueckgaengig/"
        assert "zählt jemand anders nach" in text(first.post(place, {"reason": "falsch"}, follow=True))
        second.post(place, {"reason": ""})
        assert stands(fund) == {"cash": 5055, "fund": -5055}
        assert "Rückgängig gemacht" in text(second.post(place, {"reason": "eine Münze zu viel"}, follow=True))
        assert stands(fund) == {}
        fund.refresh_from_db()
        assert (fund.balance_cents, fund.received_cents, fund.gift_count) == (0, 0, 0)
        with pytest.raises(CountRefused, match=r"^no_longer_open$"):
            undo(count.pk, "noch einmal", by=other, now=NOW)
        in_order()

    def test_what_was_paid_out_meanwhile_is_missing_when_a_count_is_undone(
        self, fund: Fund, one: User, other: User
    ) -> None:
        count = counted(fund, one, other)
        proposal = propose_payout(fund, Cents(5000), "Ranzen", by=one, now=NOW)
        assert release(proposal.pk, by=other, now=NOW) is True
        undo(count.pk, "verzählt", by=other, now=NOW)
        assert stands(fund) == {"reserved": -5000, "shortfall": 5000}
        in_order()


class TestAtTheBank:
    def test_the_code_leads_the_line_to_the_cash(self, fund: Fund, one: User, other: User) -> None:
        count = counted(fund, one, other)
        line = came(fund, 5055, f"Box {count.grouped_reference}")
        count.refresh_from_db()
        assert (count.line, line.cash_cents, line.open_cents) == (line, 5055, 0)
        assert stands(fund) == {"bank": 5055, "fund": -5055}
        in_order()
        page = text(signed_in(one).get(HERE))
        assert "Es liegt kein gezähltes Bargeld mehr da" in page
        assert "auf dem Konto seit 05.03.2026" in page
        assert "Bareinzahlung" in text(signed_in(one).get("/koordination/spenden/bewegungen/?stand=alle"))
        assert "Bareinzahlung" not in text(signed_in(one).get("/koordination/spenden/bewegungen/"))
        with pytest.raises(CountRefused, match=r"^paid_in$"):
            undo(count.pk, "verzählt", by=other, now=NOW)

    def test_a_statement_meets_two_boxes_with_one_line_once(
        self, fund: Fund, one: User, other: User, tmp_path: Path
    ) -> None:
        boxes = [counted(fund, one, other, cents) for cents in (1000, 234)]
        codes = " ".join(box.reference for box in boxes)
        for _again in range(2):
            take(tmp_path, fund, camt(in_statement("12.34", codes)))
        assert stands(fund) == {"bank": 1234, "fund": -1234}
        assert CashCount.objects.filter(line__isnull=False).count() == 2
        in_order()

    @pytest.mark.parametrize("cents", [5054, 5056])
    def test_another_sum_stays_unclear(self, fund: Fund, one: User, other: User, cents: int) -> None:
        count = counted(fund, one, other)
        line = came(fund, cents, count.reference)
        assert line.open_cents == cents
        assert stands(fund) == {"bank": cents, "cash": 5055, "fund": -5055, "unclear": -cents}
        with pytest.raises(NotTheSum):
            pay_in(line.pk, [count.pk], now=NOW)
        in_order()

    def test_a_line_without_code_is_given_to_the_cash_by_hand(
        self, fund: Fund, one: User, other: User
    ) -> None:
        boxes = [counted(fund, one, other, cents) for cents in (1000, 234, 1)]
        waits = write_down(fund, Counted("Box", DAY, Cents(1234)), by=one, now=NOW)
        line, client = came(fund, 1234, "Einzahlung Automat"), signed_in(other)
        place = f"/koordination/spenden/eingang/{line.pk}/bargeld/"
        assert place in text(client.get(f"/koordination/spenden/eingang/{line.pk}/"))
        for wrong in ([boxes[0].pk], [box.pk for box in boxes], [waits.pk], []):
            assert client.post(place, {"counts": wrong}).status_code == 422
        chosen = {"counts": [box.pk for box in boxes[:2]]}
        assert "Als Einzahlung gebucht" in text(client.post(place, chosen, follow=True))
        assert stands(fund) == {"bank": 1234, "cash": 1, "fund": -1235}
        in_order()
        with pytest.raises(NotTheSum):
            pay_in(line.pk, [box.pk for box in boxes[:2]], now=NOW)

    def test_a_line_that_was_given_wrongly_is_freed_by_two_and_given_again(
        self, fund: Fund, one: User, other: User
    ) -> None:
        count = counted(fund, one, other, 1000)
        wrong, right = came(fund, 1000, "Ada"), came(fund, 1000, "Einzahlung")
        pay_in(wrong.pk, [count.pk], now=NOW)
        wrong.refresh_from_db()
        with pytest.raises(NotCorrectable, match=r"^cash$"):
            propose_correction(wrong, Cents(5), None, "vertippt", gift=None, by=one, now=NOW)
        proposal = propose_correction(wrong, Cents(1000), None, "Ada war es", gift=None, by=one, now=NOW)
        assert release(proposal.pk, by=other, now=NOW) is True
        wrong.refresh_from_db()
        assert (wrong.cash_cents, wrong.open_cents) == (0, 1000)
        assert stands(fund) == {"bank": 2000, "cash": 1000, "fund": -1000, "unclear": -2000}
        in_order()
        for line in (right, wrong):
            pay_in(line.pk, [count.pk], now=NOW)
            in_order()
            line.refresh_from_db()
            back = propose_correction(line, Cents(1000), None, "doch nicht", gift=None, by=one, now=NOW)
            assert release(back.pk, by=other, now=NOW) is True
            in_order()
        assert Proposal.objects.filter(status="released").count() == 3

    def test_the_cash_of_another_body_is_not_this_line(self, fund: Fund, one: User, other: User) -> None:
        foreign = make_fund("Fremd", provider=make_provider("Verein", iban="DE89370400440532013000"))
        theirs = counted(
            foreign, *(make_user(Role.TREASURER, foreign.provider) for _ in range(2)), cents=1000
        )
        line = came(fund, 1000, theirs.reference)
        assert line.open_cents == 1000
        with pytest.raises(NotTheSum):
            pay_in(line.pk, [theirs.pk], now=NOW)
        assert signed_in(one).get(f"{HERE}{theirs.pk}/").status_code == 404
        in_order()

    def test_a_line_typed_before_its_box_was_counted_is_found_with_the_statement(
        self, fund: Fund, one: User, other: User, tmp_path: Path
    ) -> None:
        count = write_down(fund, Counted("Box", DAY, Cents(1234)), by=one, now=NOW)
        came(fund, 1234, count.reference)
        confirm(count.pk, Cents(1234), by=other, now=NOW)
        assert stands(fund)["cash"] == 1234
        take(tmp_path, fund, camt(in_statement("12.34", count.reference)))
        assert stands(fund) == {"bank": 1234, "fund": -1234}
        in_order()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("donations_cashcount SET line_id = NULL", "cash_cents is 1234, expected 0"),
        ("donations_cashcount SET status = 'undone', undone_by_id = decided_by_id, undone_for = 'x',"
         " line_id = NULL", "is 0, expected 1234"),
        ("donations_banktransaction SET cash_cents = 0", "cash_cents is 0, expected 1234"),
        ("donations_cashcount SET amount_cents = 1", "is 1, expected 1234"),
        ("donations_cashcount SET pieces = '{\"100\": 1}'", "amount_cents is 1234, expected 100"),
    ],
)  # fmt: skip
def test_what_is_changed_by_hand_is_named(fund: Fund, one: User, other: User, change: str, said: str) -> None:
    came(fund, 1234, counted(fund, one, other, 1234).reference)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE donations_cashcount DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE {change}")
        cursor.execute("ALTER TABLE donations_cashcount ENABLE TRIGGER USER")
    assert any(said in fault for fault in row_faults()), row_faults()


def test_a_booking_without_its_count_is_named(fund: Fund, one: User, other: User) -> None:
    count = counted(fund, one, other)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE donations_cashcount DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM donations_cashcount")
        cursor.execute("ALTER TABLE donations_cashcount ENABLE TRIGGER USER")
    found: list[dict[str, Any]] = reconcile(NOW.replace(hour=20))
    assert {"where": "rows", "what": f"cash:{count.pk}", "says": None, "books": 5055} in found
