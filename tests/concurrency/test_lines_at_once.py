"""The same line of the bank typed, and told by a statement, at the same moment: booked once."""

from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from threading import Event, Timer

import pytest
from django.db import transaction

from donations.models import BankTransaction, Donation, Donor, LedgerEntry
from donations.services.bank.statements import importing
from donations.services.bank.transfers import Credit, record_bank_transfer
from donations.services.bank.unpromised import Giver, gift_from_line
from foundation.units import Cents
from programs.models import Fund, Membership
from tests.concurrency.test_last_place import all_at_once
from tests.donations.statements.written import IBAN, camt, entry, item, text
from tests.factories import make_fund, make_provider, make_user

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def fund(db: None) -> Fund:
    body = make_provider("Stadt", slug="stadt", kind="city", iban=IBAN, account_holder_name="Stadt")
    return make_fund(provider=body)


def typed(fund: Fund, name: str) -> BankTransaction:
    credit = Credit(date(2026, 3, 2), Cents(2500), name, "Spende")
    return record_bank_transfer(fund.provider, credit, recorded_by=None, now=NOW)[0]


def on_the_account() -> int:
    return sum(LedgerEntry.objects.filter(account__kind="bank").values_list("amount_cents", flat=True))


def test_a_line_typed_by_several_with_and_without_a_name(fund: Fund) -> None:
    done = all_at_once([partial(typed, fund, name) for name in ("Ada", "", "Ada Beispiel", "")])
    assert len(set(done)) == 1
    assert on_the_account() == 2500


def test_a_line_typed_while_its_statement_is_about_to_end(tmp_path: Path, fund: Fund) -> None:
    party = "<RltdPties><Dbtr><Pty><Nm>Ada</Nm></Pty></Dbtr></RltdPties>"
    path = tmp_path / "auszug"
    path.write_text(camt(entry("25.00", "CRDT", item(party, text("Spende")))))
    stored, waits = Event(), Event()

    def take() -> None:
        with transaction.atomic():
            for _step in importing(fund.provider, path, imported_by=None, now=NOW):
                pass
            stored.set()
            waits.wait(timeout=60)

    def type_it() -> None:
        stored.wait(timeout=60)
        Timer(0.5, waits.set).start()
        typed(fund, "Ada")

    all_at_once([take, type_it])
    assert on_the_account() == 2500


def test_what_several_take_for_gifts_of_nobody_known_has_one_giver(fund: Fund) -> None:
    cents = [Cents(100 * number) for number in range(1, 7)]
    treasurer = make_user(Membership.Role.TREASURER, fund.provider)
    made = [
        record_bank_transfer(
            fund.provider, Credit(date(2026, 3, 2), each, "", ""), recorded_by=None, now=NOW
        )[0]
        for each in cents
    ]
    all_at_once(
        [
            partial(gift_from_line, line.pk, fund, each, Giver(), by=treasurer, now=NOW)
            for line, each in zip(made, cents, strict=True)
        ]
    )
    assert (Donation.objects.count(), Donor.objects.count()) == (6, 1)
