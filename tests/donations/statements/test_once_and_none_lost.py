"""Movements that are typed, told in parts of a day, again or otherwise: booked once, and none lost."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from donations.models import BankTransaction, Donation, Proposal
from donations.selectors.balances import gaps, is_too_much
from donations.selectors.ledger import faults
from donations.selectors.reconciliation import bank_differences, bookings_without_row
from donations.selectors.row_faults import row_faults
from donations.services.bank.corrections import NotCorrectable
from donations.services.bank.transfers import Credit, assign_transfer, is_recorded, record_bank_transfer
from donations.services.bank.unpromised import Giver, gift_from_line
from donations.services.books.reconciliation import NotReconciled, check_night, reconcile
from donations.services.personal_data import erase_giver
from donations.services.treasury.proposals import propose_correction, release
from foundation.units import Cents
from outbox.models import Message
from programs.models import Fund, Membership, Provider
from tests.donations.statements.test_import import line
from tests.donations.statements.test_other_forms import (
    NOW,
    balances,
    batch,
    came,
    lines,
    money,
    older,
    take,
)
from tests.donations.statements.test_replaced_account import NEW, change_to
from tests.donations.statements.written import IBAN as OLD
from tests.donations.statements.written import camt, entry, item, mt940, text
from tests.donations.visits import give, newest
from tests.factories import make_fund, make_provider, make_user

DAY = date(2026, 3, 2)
LATER = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)


@pytest.fixture
def promised(browser: Client, fund: Fund) -> Donation:
    """25 € promised by transfer."""
    give(browser, method="transfer")
    return newest()


@pytest.fixture
def treasurers(fund: Fund) -> tuple[User, User]:
    role = Membership.Role.TREASURER
    return make_user(role, fund.provider), make_user(role, fund.provider)


def assert_right(cents: int) -> None:
    """On the account is what moved, and every way of looking at the books says the same."""
    assert money().get("bank", 0) == cents, lines()
    assert (faults(), row_faults(), bookings_without_row()) == ([], [], [])
    assert bank_differences(None, LATER) == []
    assert gaps(list(Provider.objects.values_list("pk", flat=True)), DAY) == []


def thanked() -> int:
    return Message.objects.filter(template="gift_thanks").count()


def typed(fund: Fund, cents: int, name: str = "", said: str = "") -> BankTransaction:
    credit = Credit(DAY, Cents(cents), name, said)
    return record_bank_transfer(fund.provider, credit, recorded_by=None, now=NOW)[0]


def part(*moved: list[str], opening: str, closing: str) -> str:
    """A part of 2 March in MT940, between two balances in euro."""
    pieces = [piece for each in moved for piece in each]
    return mt940(*pieces, opening=f"C260302EUR{opening},00", closing=f"C260302EUR{closing},00")


ADA = older("10.00", "Ada", "Spende")


def test_equal_gifts_in_parts_of_a_day_are_as_many_as_the_balances_tell(tmp_path: Path, fund: Fund) -> None:
    morning, noon = part(ADA, opening="100", closing="110"), part(ADA, opening="110", closing="120")
    evening = part(ADA, ADA, opening="150", closing="170")
    whole = part(ADA, ADA, older("30.00", "Bea", "x"), ADA, ADA, opening="100", closing="170")
    assert [take(tmp_path, fund, each)[1] for each in (noon, morning, evening)] == [1, 1, 2]
    assert [take(tmp_path, fund, each)[1] for each in (morning, noon, evening)] == [0, 0, 0]
    assert take(tmp_path, fund, whole) == (5, 1)
    assert_right(7000)


def test_equal_gifts_in_two_parts_of_one_file_are_two(tmp_path: Path, fund: Fund) -> None:
    both = part(ADA, opening="100", closing="110") + part(ADA, opening="110", closing="120")
    assert take(tmp_path, fund, both) == (2, 2)
    assert take(tmp_path, fund, both) == (2, 0)
    assert take(tmp_path, fund, part(ADA, opening="110", closing="120")) == (1, 0)
    assert take(tmp_path, fund, part(ADA, ADA, opening="100", closing="120")) == (2, 0)
    assert_right(2000)


@pytest.mark.parametrize("afternoon", ["whole", "itemised"])
def test_equal_collections_in_parts_of_a_day_are_two(tmp_path: Path, fund: Fund, afternoon: str) -> None:
    def told(opening: str, closing: str, *, itemised: bool) -> str:
        each = batch("25.00", "7.50", itemised=itemised)
        return camt(each, balances=balances(opening, closing))

    take(tmp_path, fund, told("100.00", "132.50", itemised=afternoon == "whole"))
    second = told("132.50", "165.00", itemised=afternoon == "itemised")
    take(tmp_path, fund, second)
    assert_right(6500)
    assert take(tmp_path, fund, second)[1] == 0
    both = camt(batch("25.00", "7.50", itemised=False), batch("25.00", "7.50", itemised=False))
    assert take(tmp_path, fund, both) == (2, 0)
    assert_right(6500)


def test_a_day_on_which_nothing_remained_may_be_told_in_parts(
    tmp_path: Path, promised: Donation, fund: Fund
) -> None:
    """The balances of both parts are the same though they have nothing in common: the words decide."""
    power = entry("25.00", "DBIT", item(text("Strom")))
    take(tmp_path, fund, camt(came("25.00", "Bea", "Miete"), power, balances=balances("100.00", "100.00")))
    code = promised.transfer_reference.reference
    water = older("25.00", "", "WASSER", sign="D")
    told = part(older("25.00", "ADA", code), water, opening="100", closing="100")
    assert take(tmp_path, fund, told) == (2, 2)
    promised.refresh_from_db()
    assert promised.status == "received"
    assert take(tmp_path, fund, told) == (2, 0)
    assert_right(0)


def test_the_same_form_told_again_with_references_of_the_bank(
    tmp_path: Path, promised: Donation, fund: Fund
) -> None:
    code = promised.transfer_reference.reference
    between = balances("100.00", "134.00")
    before = camt(
        came("25.00", "Ada Beispiel", code), came("9.00", "Bea", "Fest"), balances=between, version="02"
    )
    after = camt(
        came("25.00", "Ada Beispiel", code, bank="B1"),
        came("9.00", "Bea", "Fest", bank="B2"),
        balances=between,
    )
    assert [take(tmp_path, fund, each) for each in (before, after, after, before)] == [
        (2, 2), (2, 0), (2, 0), (2, 0),
    ]  # fmt: skip
    assert_right(3400)
    assert thanked() == 1


def test_where_a_bank_tells_no_balances_the_second_of_two_equal_gifts_is_typed_by_hand(
    tmp_path: Path, fund: Fund
) -> None:
    """In two files without a reference of the bank they are one; no file takes the typed one away again."""
    morning = camt(line("10.00", "Spende"), line("7.00", "Markt", sign="DBIT"))
    evening = camt(line("10.00", "Spende"), line("3.00", "Porto", sign="DBIT"))
    assert [take(tmp_path, fund, each)[1] for each in (morning, evening)] == [2, 1]
    assert_right(0)
    second = Credit(DAY, Cents(1000), "Ada Beispiel", "Spende", occurrence=2)
    assert record_bank_transfer(fund.provider, second, recorded_by=None, now=NOW)[1]
    assert [take(tmp_path, fund, each)[1] for each in (evening, morning)] == [0, 0]
    assert_right(1000)


def test_letters_that_a_bank_drops_make_no_other_movement(tmp_path: Path, fund: Fund) -> None:
    take(tmp_path, fund, camt(came("10.00", "Jörg Müller", "Spende für Düren", bank="B1")))
    dropped = part(older("10.00", "J RG M LLER", "SPENDE F R D REN"), opening="100", closing="110")
    assert take(tmp_path, fund, dropped) == (1, 0)
    other = part(older("10.00", "B RG M LLER", "SPENDE F R D REN"), opening="110", closing="120")
    assert take(tmp_path, fund, other) == (1, 1)
    assert_right(2000)


def test_a_code_that_only_the_other_form_tells_leads_to_its_gift(
    tmp_path: Path, promised: Donation, fund: Fund
) -> None:
    take(tmp_path, fund, part(older("25.00", "ADA", "SPENDE"), opening="100", closing="125"))
    told = came("25.00", "Ada", f"Spende {promised.transfer_reference.reference}", bank="B1")
    assert take(tmp_path, fund, camt(told, balances=balances("100.00", "125.00"))) == (1, 0)
    promised.refresh_from_db()
    assert (promised.status, thanked()) == ("received", 1)
    assert_right(2500)


def test_codes_of_several_days_that_only_the_other_form_tells_all_lead_to_their_gifts(
    tmp_path: Path, browser: Client, fund: Fund
) -> None:
    gifts = []
    for email in ("ada@example.org", "bea@example.org"):
        give(browser, method="transfer", email=email)
        gifts.append(newest())
    moved = [*older("25.00", "ADA", "SPENDE"), *older("25.00", "BEA", "SPENDE", day="260303")]
    take(tmp_path, fund, mt940(*moved, opening="C260301EUR100,00", closing="C260303EUR150,00"))
    told = [
        entry(
            "25.00",
            "CRDT",
            item(
                f"<RltdPties><Dbtr><Pty><Nm>{name}</Nm></Pty></Dbtr></RltdPties>",
                text(f"Spende {gift.transfer_reference.reference}"),
            ),
            booked=f"<BookgDt><Dt>{day}</Dt></BookgDt>",
            reference=f"<AcctSvcrRef>{name}</AcctSvcrRef>",
        )
        for name, day, gift in zip(("Ada", "Bea"), ("2026-03-02", "2026-03-03"), gifts, strict=True)
    ]
    assert take(tmp_path, fund, camt(*told, balances=balances("100.00", "150.00"))) == (2, 0)
    for gift in gifts:
        gift.refresh_from_db()
    assert [gift.status for gift in gifts] == ["received", "received"]
    assert_right(5000)


def test_a_country_that_only_the_other_form_tells_asks_for_the_second_look(tmp_path: Path, db: None) -> None:
    fund = make_fund(provider=make_provider("Verein", kind="club", iban=OLD))
    treasurer = make_user(Membership.Role.TREASURER, fund.provider)
    take(tmp_path, fund, part(older("1200.00", "ADA", "x"), opening="100", closing="1300"))
    line = BankTransaction.objects.get()
    gift = gift_from_line(line.pk, fund, Cents(120_000), Giver("Ada"), by=treasurer, now=NOW)
    assert gift.acceptance == "not_needed"
    abroad = (
        "<RltdPties><Dbtr><Pty><Nm>Ada</Nm></Pty></Dbtr>"
        "<DbtrAcct><Id><IBAN>AT611904300234573201</IBAN></Id></DbtrAcct></RltdPties>"
    )
    assert take(tmp_path, fund, camt(entry("1200.00", "CRDT", item(abroad, text("x"))))) == (1, 0)
    gift.refresh_from_db()
    assert gift.acceptance == "awaiting"
    assert BankTransaction.objects.get().counterparty_country == "AT"
    assert_right(120_000)


def test_the_line_of_a_forgotten_giver_is_known_by_the_code_of_the_gift(
    tmp_path: Path, promised: Donation, fund: Fund
) -> None:
    code = promised.transfer_reference.reference
    take(tmp_path, fund, part(older("25.00", "ADA", code), opening="100", closing="125"))
    promised.refresh_from_db()
    assert promised.donor is not None
    assert promised.donor.mailbox is not None
    erase_giver(promised.donor.mailbox, NOW)
    told = camt(came("25.00", "Bea", "y", bank="B2"), came("25.00", "Ada Beispiel", code, bank="B1"))
    assert take(tmp_path, fund, told) == (2, 1)
    assert (lines(), thanked()) == ([(2500, ""), (2500, "Bea")], 1)
    assert_right(5000)


@pytest.mark.parametrize("iban", [OLD, NEW])
def test_a_collection_typed_whole_gives_way_to_its_items(
    tmp_path: Path, fund: Fund, treasurers: tuple[User, User], iban: str
) -> None:
    """Also of the account that was replaced before somebody typed it."""
    if iban == NEW:
        change_to(NEW, fund, treasurers)
    typed(fund, 3250, "", "Sammler")
    assert take(tmp_path, fund, camt(batch("25.00", "7.50", bank="B1"))) == (2, 2)
    assert_right(3250)
    typed(fund, 3250, "", "Sammler")
    whole = part(older("32.50", "", "SAMMLER"), opening="100", closing="132,5")
    assert take(tmp_path, fund, whole.replace("132,5,00", "132,50")) == (1, 0)
    assert_right(3250)


@pytest.mark.parametrize("iban", [OLD, NEW])
def test_a_collection_typed_whole_and_given_to_a_gift_has_its_items(
    tmp_path: Path, promised: Donation, fund: Fund, treasurers: tuple[User, User], iban: str
) -> None:
    if iban == NEW:
        change_to(NEW, fund, treasurers)
    line = typed(fund, 3250, "", "Sammler")
    assign_transfer(line.pk, promised.pk, cents=Cents(2500), assigned_by=treasurers[0], now=NOW)
    for itemised in (True, False, True):
        told = camt(batch("25.00", "7.50", itemised=itemised, bank="B1"))
        assert take(tmp_path, fund, told)[1] == 0
    assert thanked() == 1
    assert_right(3250)


def test_what_was_typed_of_somebody_by_name_is_no_collection_of_that_sum(tmp_path: Path, fund: Fund) -> None:
    typed(fund, 3250, "Bea", "")
    assert take(tmp_path, fund, camt(batch("25.00", "7.50"))) == (2, 2)
    assert [cents for cents, _name in lines()] == [750, 2500, 3250]
    assert_right(6500)


@pytest.mark.parametrize(
    ("on", "new"),
    [
        (date(2026, 1, 27), 2),
        (date(2026, 1, 28), 1),
        (date(2026, 3, 7), 1),
        (date(2026, 3, 8), 2),
    ],
)
def test_what_was_typed_is_met_from_five_days_before_the_first_line_to_five_after_the_last(
    tmp_path: Path, fund: Fund, on: date, new: int
) -> None:
    record_bank_transfer(fund.provider, Credit(on, Cents(1000), "Ada", "Spende"), recorded_by=None, now=LATER)
    february = "<BookgDt><Dt>2026-02-02</Dt></BookgDt>"
    ada = item("<RltdPties><Dbtr><Pty><Nm>Ada</Nm></Pty></Dbtr></RltdPties>", text("Spende"))
    told = camt(entry("10.00", "CRDT", ada, booked=february), entry("10.00", "CRDT", ada))
    assert take(tmp_path, fund, told) == (2, new)
    assert money() == {"bank": 1000 * (1 + new), "unclear": -1000 * (1 + new)}


def test_what_another_body_typed_of_its_own_account_is_another_line(tmp_path: Path, fund: Fund) -> None:
    club = make_fund(provider=make_provider("Verein", kind="club", iban=NEW))
    typed(club, 1000, "Ada", "Spende")
    assert not is_recorded(fund.provider, Credit(DAY, Cents(1000), "Ada", "Spende"))
    assert take(tmp_path, fund, camt(came("10.00", "Ada", "Spende"))) == (1, 1)
    whose = BankTransaction.objects.order_by("pk").values_list("provider", "amount_cents")
    assert list(whose) == [(club.provider_id, 1000), (fund.provider_id, 1000)]


def test_what_is_typed_and_listed_beside_a_collection_of_that_sum_is_no_collection(
    tmp_path: Path, fund: Fund
) -> None:
    typed(fund, 3250, "", "Spende")
    told = camt(batch("25.00", "7.50"), came("32.50", "Bea", "Spende"))
    assert take(tmp_path, fund, told) == (3, 2)
    assert_right(6500)


def test_a_collection_in_the_books_by_its_items_is_known_to_who_types_it_whole(
    tmp_path: Path, fund: Fund
) -> None:
    take(tmp_path, fund, camt(batch("25.00", "7.50", bank="B1")))
    assert is_recorded(fund.provider, Credit(DAY, Cents(3250), "", "Sammler"))
    assert not is_recorded(fund.provider, Credit(DAY, Cents(3250), "Bea", ""))
    assert not is_recorded(fund.provider, Credit(DAY, Cents(3250), "", "", occurrence=2))
    typed(fund, 3250, "", "Sammler")
    assert_right(3250)


def test_all_that_was_typed_of_a_day_may_come_as_one_collection(tmp_path: Path, fund: Fund) -> None:
    typed(fund, 2500, "Person 0", "")
    typed(fund, 750, "Person 1", "")
    assert take(tmp_path, fund, camt(batch("25.00", "7.50", itemised=False, bank="B1"))) == (1, 0)
    assert take(tmp_path, fund, camt(batch("25.00", "7.50", bank="B1"))) == (2, 0)
    assert take(tmp_path, fund, camt(batch("25.00", "7.50", itemised=False, bank="B1"))) == (1, 0)
    assert_right(3250)


def test_late_lines_typed_for_a_replaced_account_are_known_in_both_forms(
    tmp_path: Path, promised: Donation, fund: Fund, treasurers: tuple[User, User]
) -> None:
    change_to(NEW, fund, treasurers)
    code = promised.transfer_reference.reference
    typed(fund, 2500, "Ada Beispiel", code)
    typed(fund, 900, "Bea", "Fest")
    told = camt(came("25.00", "Ada Beispiel", code, bank="B1"), came("9.00", "Bea", "Fest", bank="B2"))
    assert take(tmp_path, fund, told) == (2, 0)
    older_form = part(
        older("25.00", "ADA BEISPIEL", code), older("9.00", "BEA", "FEST"), opening="100", closing="134"
    )
    assert take(tmp_path, fund, older_form) == (2, 0)
    assert thanked() == 1
    assert_right(3400)


def gaps_now(fund: Fund) -> list[tuple[date, int | None, int]]:
    return [(gap.day, gap.says, gap.books) for gap in gaps([fund.provider_id], DAY)]


def test_what_nothing_tells_apart_is_asked(tmp_path: Path, fund: Fund, treasurers: tuple[User, User]) -> None:
    """One of two typed parts of a collection, with the collection: the day has more than the bank tells."""
    typed(fund, 2500, "Ada", "x")
    take(tmp_path, fund, camt(batch("25.00", "7.50", itemised=False), balances=balances("100.00", "132.50")))
    assert gaps_now(fund) == []
    later = older("1.00", "Bea", "y", day="260303")
    take(tmp_path, fund, mt940(*later, opening="C260303EUR132,50", closing="C260303EUR133,50"))
    assert gaps_now(fund) == [(DAY, 3250, 5750)]
    assert [each for each in reconcile(NOW) if each["where"] == "bank"] == [
        {"where": "bank", "what": f"balance:{OLD}:2026-03-02", "says": 3250, "books": 5750}
    ]
    assert [each for each in reconcile(NOW, day=date(2026, 3, 3)) if each["where"] == "bank"] == []
    line = BankTransaction.objects.get(counterparty_name="Ada")
    propose_correction(line, None, None, "steht im Sammler", gift=None, by=treasurers[0], now=NOW)
    assert release(Proposal.objects.get().pk, by=treasurers[1], now=NOW)
    assert gaps_now(fund) == []


def test_what_is_missing_of_a_day_is_asked(tmp_path: Path, fund: Fund) -> None:
    """Money came and left, so that the balances of two parts do not tell that the equal gifts are two."""
    rent, bea = older("30.00", "", "Miete", sign="D"), older("5.00", "Bea", "y")
    take(tmp_path, fund, part(ADA, rent, opening="100", closing="80"))
    assert take(tmp_path, fund, part(ADA, opening="85", closing="95")) == (1, 0)
    assert gaps_now(fund) == []
    take(tmp_path, fund, part(bea, opening="80", closing="85"))
    assert gaps_now(fund) == [(DAY, -500, -1500)]
    assert take(tmp_path, fund, part(ADA, rent, bea, ADA, opening="100", closing="95")) == (4, 1)
    assert_right(-500)


def test_a_booked_line_that_names_no_account_is_named_and_ends_no_comparison(
    tmp_path: Path, fund: Fund
) -> None:
    """Somebody took the account from a row; another row of the day names it still."""
    both = [came("25.00", "Ada", "x", bank="B1"), came("7.50", "Bea", "y", bank="B2")]
    take(tmp_path, fund, camt(*both, balances=balances("100.00", "132.50")))
    assert gaps_now(fund) == []
    BankTransaction.objects.filter(counterparty_name="Ada").update(account=None)
    assert gaps_now(fund) == [(DAY, None, 2500), (DAY, 3250, 750)]
    expected = [
        {"where": "bank", "what": "balance:no account:2026-03-02", "says": None, "books": 2500},
        {"where": "bank", "what": f"balance:{OLD}:2026-03-02", "says": 3250, "books": 750},
    ]
    assert [each for each in reconcile(NOW) if each["where"] == "bank"] == expected
    with pytest.raises(NotReconciled, match="balance:no account:2026-03-02: None, books 2500"):
        check_night(NOW)
    bea = BankTransaction.objects.get(counterparty_name="Bea")
    assert not is_too_much(bea)
    BankTransaction.objects.update(account=None)
    assert gaps_now(fund) == [(DAY, None, 3250)]
    BankTransaction.objects.update(booked_at=None)
    assert gaps_now(fund) == []


SMALL, LARGE = ["10.00", "25.00"], ["5.00", "25.00", "25.00"]
WHOLE_DAY = balances("100.00", "190.00")


@pytest.mark.parametrize("again", [[True, False], [False, True], [True, True], [False, False]])
@pytest.mark.parametrize("first", [[True, False], [False, True], [True, True], [False, False]])
def test_a_day_told_again_between_the_same_balances_brings_nothing_new(
    tmp_path: Path, fund: Fund, first: list[bool], again: list[bool]
) -> None:
    """Two collections share an amount, and each time another one may come with its items."""
    for told in (first, again, first):
        small, large = (batch(*each, itemised=way) for each, way in zip((SMALL, LARGE), told, strict=True))
        take(tmp_path, fund, camt(small, large, balances=WHOLE_DAY))
    assert_right(9000)


class TestALineThatStandsTwice:
    """The same two movements, told again by parts of the day in other words: one is there once too often."""

    ONCE = camt(
        came("10.00", "Ada", "Spende", bank="A1"),
        entry("30.00", "DBIT", item(text("Miete")), reference="<AcctSvcrRef>M1</AcctSvcrRef>"),
        balances=balances("100.00", "80.00"),
    )
    CAME = part(older("10.00", "Q. Zabel", "Nikolaus"), opening="100", closing="110")
    LEFT = part(older("30.00", "", "Miete", sign="D"), opening="110", closing="80")
    LEFT_OTHERWISE = part(older("30.00", "Q. Zabel", "Strom", sign="D"), opening="110", closing="80")

    def double(self, cents: int) -> BankTransaction:
        return BankTransaction.objects.get(counterparty_name="Q. Zabel", amount_cents=cents)

    def test_goes_by_two_people_as_soon_as_the_balances_say_so_and_never_comes_back(
        self, tmp_path: Path, fund: Fund, treasurers: tuple[User, User]
    ) -> None:
        one, other = treasurers
        take(tmp_path, fund, self.ONCE)
        assert take(tmp_path, fund, self.CAME) == (1, 1)
        double = self.double(1000)
        with pytest.raises(NotCorrectable, match=r"^said_by_bank$"):
            propose_correction(double, None, None, "doppelt", gift=None, by=one, now=NOW)
        assert take(tmp_path, fund, self.LEFT) == (1, 0)
        assert gaps_now(fund) == [(DAY, -2000, -1000)]
        with pytest.raises(NotCorrectable, match=r"^said_by_bank$"):
            propose_correction(double, Cents(900), None, "falsch", gift=None, by=one, now=NOW)
        twins = [
            propose_correction(each, None, None, "doppelt", gift=None, by=one, now=NOW)
            for each in all_of(1000)
        ]
        assert len(twins) == 2
        assert release(twins[1].pk, by=other, now=NOW)
        with pytest.raises(NotCorrectable, match=r"^said_by_bank$"):
            release(twins[0].pk, by=other, now=NOW)
        assert lines() == [(-3000, ""), (1000, "Ada")]
        for told, count in ((self.ONCE, 2), (self.CAME, 1), (self.LEFT, 1)):
            assert take(tmp_path, fund, told) == (count, 0)
        assert_right(-2000)

    def test_may_be_money_that_left(self, tmp_path: Path, fund: Fund, treasurers: tuple[User, User]) -> None:
        one, other = treasurers
        take(tmp_path, fund, self.ONCE)
        take(tmp_path, fund, part(ADA, opening="100", closing="110"))
        assert take(tmp_path, fund, self.LEFT_OTHERWISE) == (1, 1)
        assert gaps_now(fund) == [(DAY, -2000, -5000)]
        (credit,) = all_of(1000)
        with pytest.raises(NotCorrectable, match=r"^said_by_bank$"):
            propose_correction(credit, None, None, "doppelt", gift=None, by=one, now=NOW)
        double = self.double(-3000)
        with pytest.raises(NotCorrectable, match=r"^no_credit$"):
            propose_correction(double, Cents(2000), None, "falsch", gift=None, by=one, now=NOW)
        proposal = propose_correction(double, None, None, "doppelt", gift=None, by=one, now=NOW)
        assert release(proposal.pk, by=other, now=NOW)
        assert take(tmp_path, fund, self.LEFT_OTHERWISE) == (1, 0)
        assert_right(-2000)

    def test_is_cancelled_from_the_list_of_its_day(
        self, client: Client, tmp_path: Path, fund: Fund, treasurers: tuple[User, User]
    ) -> None:
        take(tmp_path, fund, self.ONCE)
        take(tmp_path, fund, part(ADA, opening="100", closing="110"))
        take(tmp_path, fund, self.LEFT_OTHERWISE)
        client.force_login(treasurers[0])
        address = reverse("coordination_correction_new", args=[self.double(-3000).pk])
        listed = client.get(reverse("coordination_lines"), {"stand": "alle", "tag": "2026-03-02"})
        assert f'href="{address}"' in listed.content.decode()
        page = client.get(address).content.decode()
        assert "Diese Bewegung steht doppelt in den Büchern" in page
        assert "Der Betrag ist falsch erfasst" not in page
        assert 'name="amount"' not in page
        refused = client.post(address, {"fault": "betrag", "amount": "20", "reason": "falsch"})
        assert (refused.status_code, Proposal.objects.count()) == (422, 0)
        assert client.post(address, {"fault": "storno", "reason": "doppelt"}).status_code == 303
        client.force_login(treasurers[1])
        said = client.get(reverse("coordination_books")).content.decode().replace("\xa0", " ")
        assert "Der Abgang vom 02.03.2026 über 30,00 €" in said
        assert "wird storniert: Er steht doppelt." in said
        decide = reverse("coordination_proposal", args=[Proposal.objects.get().pk])
        assert client.post(decide, {"entscheidung": "freigeben"}).status_code == 303
        assert_right(-2000)

    def test_that_somebody_had_typed_stays_known_by_its_key(
        self, tmp_path: Path, fund: Fund, treasurers: tuple[User, User]
    ) -> None:
        one, other = treasurers
        typed(fund, 1000, "Q. Zabel", "Nikolaus")
        take(tmp_path, fund, self.ONCE)
        assert take(tmp_path, fund, self.CAME) == (1, 0)
        take(tmp_path, fund, self.LEFT)
        proposal = propose_correction(self.double(1000), None, None, "doppelt", gift=None, by=one, now=NOW)
        assert release(proposal.pk, by=other, now=NOW)
        assert take(tmp_path, fund, self.CAME) == (1, 0)
        assert_right(-2000)

    def test_that_made_a_gift_takes_it_along_and_says_so(
        self, tmp_path: Path, promised: Donation, fund: Fund, treasurers: tuple[User, User]
    ) -> None:
        one, other = treasurers
        take(tmp_path, fund, self.ONCE)
        take(tmp_path, fund, self.CAME)
        take(tmp_path, fund, self.LEFT)
        double = self.double(1000)
        assign_transfer(double.pk, promised.pk, assigned_by=one, now=NOW)
        proposal = propose_correction(double, None, None, "doppelt", gift=promised, by=one, now=NOW)
        assert release(proposal.pk, by=other, now=NOW)
        promised.refresh_from_db()
        assert promised.status == "pledged"
        assert Message.objects.filter(template="gift_corrected").count() == 1
        assert_right(-2000)


def all_of(cents: int) -> list[BankTransaction]:
    return list(BankTransaction.objects.filter(amount_cents=cents).order_by("pk"))
