"""A gift came on the day that the bank says: gift, payment and receipt follow when that day changes."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from donations.models import BankTransaction, Donation, Payment, ReceiptAddress
from donations.receipts.models import Receipt
from donations.receipts.services.issuing import issue
from donations.receipts.services.withdrawal import withdraw_untrue
from donations.selectors.ledger import faults
from donations.selectors.row_faults import row_faults
from donations.services.bank.statements import import_statement
from donations.services.bank.transfers import Credit, assign_transfer, record_bank_transfer
from donations.services.treasury.proposals import propose_correction, release
from foundation.actors import system
from foundation.clock import local_day
from foundation.units import Cents
from programs.models import Fund, Membership, Provider
from tests.donations.receipts.bodies import city, make_issuer, valid_receipts
from tests.donations.statements.test_import import reference
from tests.donations.statements.written import camt, entry, item, text
from tests.donations.visits import give, newest
from tests.factories import make_user

AT = datetime(2027, 1, 20, 9, 0, tzinfo=UTC)
LATE, NEW_YEAR = date(2026, 12, 31), date(2027, 1, 2)
WISH: dict[str, Any] = {
    "wants_receipt": "on",
    "name": "Ada Kanarienvogel",
    "street": "Weg 1",
    "postcode": "52349",
}
ABROAD = "<RltdPties><DbtrAcct><Id><IBAN>NL91ABNA0417164300</IBAN></Id></DbtrAcct></RltdPties>"


@pytest.fixture
def one(fund: Fund) -> User:
    return make_user(Membership.Role.TREASURER, fund.provider)


@pytest.fixture
def other(fund: Fund) -> User:
    return make_user(Membership.Role.TREASURER, fund.provider)


@pytest.fixture
def gift(browser: Client, fund: Fund) -> Donation:
    """25 € promised by transfer, with the wish for a receipt, to a body that issues them."""
    make_issuer(fund.provider, city(fund), at=AT)
    give(browser, method="transfer", town="Düren", **WISH)
    return newest()


def typed(fund: Fund, cents: int, said: str, on: date) -> BankTransaction:
    credit = Credit(on, Cents(cents), "", said)
    return record_bank_transfer(fund.provider, credit, recorded_by=None, now=AT)[0]


def receipted(gift: Donation) -> Receipt:
    return issue([gift.pk], actor=system("test"), now=AT)


def told(gift: Donation) -> tuple[date, date]:
    """On which day the gift came, as the gift says and as its payment says; the books are in order."""
    gift.refresh_from_db()
    assert [*faults(), *row_faults()] == []
    assert gift.received_at is not None
    return local_day(gift.received_at), local_day(Payment.objects.get(donation=gift).received_at)


def by_bank(folder: Path, fund: Fund, said: str, on: date, amount: str = "25.00", party: str = "") -> None:
    booked = f"<BookgDt><Dt>{on}</Dt></BookgDt>"
    path = folder / "auszug"
    path.write_text(camt(entry(amount, "CRDT", item(party, text(said)), booked=booked, value="")))
    import_statement(fund.provider, path, imported_by=None, now=AT)


def days_of(receipt: Receipt) -> list[date]:
    return list(receipt.items.values_list("given_on", flat=True))


def test_the_day_of_the_bank_counts_and_not_the_one_that_was_typed(
    gift: Donation, fund: Fund, tmp_path: Path
) -> None:
    typed(fund, 2500, reference(gift), NEW_YEAR)
    assert told(gift) == (NEW_YEAR, NEW_YEAR)
    first = receipted(gift)
    assert withdraw_untrue(AT) == 0
    by_bank(tmp_path, fund, reference(gift), LATE)
    assert BankTransaction.objects.get().booked_on == LATE
    assert told(gift) == (LATE, LATE)
    assert withdraw_untrue(AT) == 1
    first.refresh_from_db()
    (second,) = valid_receipts(gift)
    assert (first.status, first.withdrawn_for, second.replaces) == ("withdrawn", "correction", first)
    assert (days_of(first), days_of(second)) == ([NEW_YEAR], [LATE])
    assert withdraw_untrue(AT) == 0


def test_what_is_left_came_on_the_day_of_what_is_left(
    gift: Donation, fund: Fund, one: User, other: User
) -> None:
    first, last = date(2026, 3, 2), date(2026, 3, 9)
    typed(fund, 1500, reference(gift), first)
    line = typed(fund, 1000, reference(gift), last)
    assert told(gift) == (last, last)
    proposal = propose_correction(line, Cents(1000), None, "vertippt", gift=gift, by=one, now=AT)
    assert release(proposal.pk, by=other, now=AT)
    assert told(gift) == (first, first)
    assert gift.amount_cents == 1500


def test_a_receipt_over_money_of_another_day_is_replaced(
    gift: Donation, fund: Fund, one: User, other: User
) -> None:
    wrong = typed(fund, 2500, reference(gift), LATE)
    first = receipted(gift)
    proposal = propose_correction(wrong, Cents(2500), None, "vertippt", gift=gift, by=one, now=AT)
    assert release(proposal.pk, by=other, now=AT)
    right = typed(fund, 2500, "Spende", NEW_YEAR)
    assign_transfer(right.pk, gift.pk, assigned_by=one, now=AT)
    assert told(gift) == (NEW_YEAR, NEW_YEAR)
    assert withdraw_untrue(AT) == 1
    (second,) = valid_receipts(gift)
    assert (second.replaces, days_of(second)) == (first, [NEW_YEAR])


def test_much_from_abroad_is_looked_at_when_the_bank_tells_of_it(
    browser: Client, fund: Fund, town: Provider, tmp_path: Path
) -> None:
    Provider.objects.filter(pk=town.pk).update(kind=Provider.Kind.CHURCH)
    give(browser, method="transfer", name="Ada Kanarienvogel")
    gift = newest()
    typed(fund, 150_000, reference(gift), LATE)
    gift.refresh_from_db()
    assert gift.acceptance == "not_needed"
    by_bank(tmp_path, fund, reference(gift), LATE, "1500.00", ABROAD)
    assert told(gift) == (LATE, LATE)
    assert gift.acceptance == "awaiting"


def test_an_earlier_gift_is_not_asked_about_because_of_a_later_one(
    browser: Client, fund: Fund, settings: Any, tmp_path: Path
) -> None:
    settings.ACCEPTANCE_FROM_CENTS = 100_000
    give(browser, method="transfer", name="Ada Kanarienvogel")
    gift = newest()
    typed(fund, 60_000, reference(gift), date(2026, 3, 2))
    typed(fund, 60_000, reference(gift), date(2026, 6, 2))
    by_bank(tmp_path, fund, reference(gift), date(2026, 3, 3), "600.00")
    later = gift.repeated_by.get()
    assert told(gift) == (date(2026, 3, 3), date(2026, 3, 3))
    assert (gift.acceptance, later.acceptance) == ("not_needed", "awaiting")


def test_an_address_gets_the_blanks_that_were_left_out(browser: Client, fund: Fund) -> None:
    make_issuer(fund.provider, city(fund), at=AT)
    written = {**WISH, "name": "Dr.Ada Kanarienvogel", "town": "St.Vith"}
    assert give(browser, method="transfer", **written).status_code == 303
    address = ReceiptAddress.objects.get()
    assert (newest().donor_name, address.town) == ("Dr. Ada Kanarienvogel", "St. Vith")
