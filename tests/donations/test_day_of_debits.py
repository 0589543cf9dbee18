"""A direct debit counts for the year in which it was taken from the account, whenever its money was here."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pypdf import PdfReader

from donations.domain.debits import debited_on
from donations.models import Donation, Payment, ReceiptAddress
from donations.receipts.models import ReceiptItem
from donations.receipts.services.issuing import IssueRefused, issue
from donations.receipts.services.slips import slip_of
from donations.receipts.services.withdrawal import withdraw_untrue
from donations.receipts.services.yearly import issue_year
from donations.selectors.ledger import faults
from donations.selectors.row_faults import row_faults
from donations.services.personal_data import stored_about
from foundation.actors import system
from foundation.clock import LOCAL_ZONE
from programs.models import Fund, Provider
from tests.donations.canned_stripe import Said, event, intent, speaking
from tests.donations.conftest import configure
from tests.donations.deliveries import deliver
from tests.donations.gifts import make_donation, make_donor
from tests.donations.receipts.bodies import details, make_issuer

MARCH = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)
NEW_YEARS_EVE = (2026, 12, 31, 23, 30)


@pytest.fixture
def said(settings: Any) -> Iterator[Said]:
    words: Said = {}
    with speaking(words) as address:
        configure(settings, address)
        yield words


@pytest.fixture
def body(fund: Fund) -> Fund:
    Provider.objects.filter(pk=fund.provider_id).update(issuer_kind="kstg_5_1_9")
    fund.refresh_from_db()
    make_issuer(fund.provider, details(fund), at=MARCH)
    return fund


def second(*local: int) -> int:
    return int(datetime(*local, tzinfo=LOCAL_ZONE).timestamp())  # type: ignore[arg-type]


def debit(
    fund: Fund,
    said: Said,
    *,
    asked: tuple[int, ...],
    taken: str | None,
    here: tuple[int, ...],
    number: int = 1,
    **values: Any,
) -> Donation:
    """A debit of 25 € of somebody who wishes a receipt, told by a webhook."""
    gift = make_donation(
        fund, method="sepa_debit", donor_name="Ada Kanarienvogel", wants_receipt=True, **values
    )
    ReceiptAddress.objects.create(donation=gift, street="Weg 1", postcode="52349", town="Düren")
    named = {"id": f"pi_{number}", "object": "payment_intent", "payment_intent": f"pi_{number}"}
    booked = {"object": "balance_transaction", "id": f"txn_{number}", "fee": 35, "created": second(*here)}
    method = {"type": "sepa_debit", "sepa_debit": {"country": "DE", "mandate": "mandate_1"}}
    if taken is not None:
        method["sepa_debit"]["expected_debit_date"] = taken  # type: ignore[index]
    said[f"payment_intents/pi_{number}"] = intent(
        str(gift.public_id),
        created=second(*asked),
        balance_transaction=booked,
        payment_method_details=method,
    ) | {"id": f"pi_{number}"}
    told = event(number=number)
    told["data"] = {"object": named}
    deliver([told])
    gift.refresh_from_db()
    assert [*faults(), *row_faults()] == []
    return gift


@pytest.mark.parametrize(
    ("asked", "taken", "here", "day"),
    [
        ((2026, 12, 28, 10, 0), "2026-12-30", (2027, 1, 5, 9, 0), date(2026, 12, 30)),
        ((2026, 12, 28, 10, 0), "2026-12-31", (2027, 1, 5, 9, 0), date(2026, 12, 31)),
        (NEW_YEARS_EVE, "2027-01-04", (2027, 1, 8, 9, 0), date(2027, 1, 4)),
        (NEW_YEARS_EVE, "2026-12-31", (2027, 1, 8, 9, 0), date(2026, 12, 31)),
        (NEW_YEARS_EVE, "2026-12-30", (2027, 1, 8, 9, 0), date(2026, 12, 31)),
        ((2026, 12, 28, 10, 0), "2027-01-02", NEW_YEARS_EVE, date(2026, 12, 31)),
        ((2026, 12, 28, 10, 0), None, NEW_YEARS_EVE, date(2026, 12, 31)),
        ((2026, 12, 28, 10, 0), None, (2027, 1, 1, 0, 30), date(2027, 1, 1)),
        ((2026, 12, 28, 10, 0), "bald", (2027, 1, 5, 9, 0), date(2027, 1, 5)),
    ],
)
def test_counts_on_the_day_it_was_taken_and_where_nobody_says_it_on_the_day_it_was_here(
    body: Fund, said: Said, asked: tuple[int, ...], taken: str | None, here: tuple[int, ...], day: date
) -> None:
    gift = debit(body, said, asked=asked, taken=taken, here=here)
    assert gift.given_on == day
    came_at = datetime(*here, tzinfo=LOCAL_ZONE)  # type: ignore[arg-type]
    assert (gift.received_at, Payment.objects.get().received_at) == (came_at, came_at)
    issued = issue([gift.pk], actor=system("test"), now=datetime(2027, 3, 10, 9, 0, tzinfo=UTC))
    assert list(issued.items.values_list("given_on", flat=True)) == [day]
    assert withdraw_untrue(MARCH) == 0


def test_a_debit_of_december_is_on_the_receipt_of_its_year_though_it_came_in_january(
    body: Fund, said: Said
) -> None:
    giver = make_donor()
    old = debit(
        body, said, asked=(2026, 12, 28, 10, 0), taken="2026-12-30", here=(2027, 1, 5, 9, 0), donor=giver
    )
    new = debit(
        body, said, asked=NEW_YEARS_EVE, taken="2027-01-04", here=(2027, 1, 8, 9, 0), donor=giver, number=2
    )
    assert issue_year(2026, MARCH).issued == 1
    assert list(ReceiptItem.objects.values_list("donation", "given_on")) == [(old.pk, date(2026, 12, 30))]
    assert (new.given_on, issue_year(2026, MARCH).issued) == (date(2027, 1, 4), 0)


def test_two_of_one_year_are_one_receipt_in_the_order_in_which_they_were_taken(
    body: Fund, said: Said
) -> None:
    giver = make_donor()
    late = debit(
        body, said, asked=(2026, 12, 22, 10, 0), taken="2026-12-29", here=(2027, 1, 5, 9, 0), donor=giver
    )
    soon = debit(
        body, said, asked=(2026, 12, 23, 10, 0), taken="2026-12-28", here=(2027, 1, 7, 9, 0), donor=giver,
        number=2,
    )  # fmt: skip
    assert issue_year(2026, MARCH).issued == 1
    items = ReceiptItem.objects.order_by("pk").values_list("donation", "given_on")
    assert list(items) == [(soon.pk, date(2026, 12, 28)), (late.pk, date(2026, 12, 29))]


def test_the_eight_weeks_begin_on_the_day_it_was_taken(body: Fund, said: Said) -> None:
    gift = debit(body, said, asked=(2026, 12, 28, 10, 0), taken="2026-12-30", here=(2027, 1, 5, 9, 0))
    with pytest.raises(IssueRefused):
        issue([gift.pk], actor=system("test"), now=datetime(2027, 2, 24, 22, 59, tzinfo=UTC))
    receipt = issue([gift.pk], actor=system("test"), now=datetime(2027, 2, 24, 23, 0, tzinfo=UTC))
    assert receipt.items.get().given_on == date(2026, 12, 30)


def test_the_slip_for_a_small_gift_names_the_day_it_was_taken(body: Fund, said: Said) -> None:
    gift = debit(body, said, asked=(2026, 12, 28, 10, 0), taken="2026-12-30", here=(2027, 1, 5, 9, 0))
    made = slip_of(gift, MARCH)
    assert made is not None
    text = " ".join(PdfReader(io.BytesIO(made)).pages[0].extract_text().split())
    assert "30.12.2026" in text
    assert "05.01.2027" not in text


def test_only_a_debit_that_came_has_a_day_on_which_it_was_taken(fund: Fund) -> None:
    days = [debited_on(said, asked_on=date(2026, 3, 2), here_on=date(2026, 3, 9)) for said in (None, 5, "")]
    assert days == [None, None, None]
    gift = make_donation(fund, method="card", status="received", received_at=MARCH)
    gift.refresh_from_db()
    assert (gift.debited_on, gift.given_on) == (None, date(2027, 3, 3))


def test_the_giver_takes_both_days_along(body: Fund, said: Said) -> None:
    gift = debit(body, said, asked=(2026, 12, 28, 10, 0), taken="2026-12-30", here=(2027, 1, 5, 9, 0))
    assert gift.donor.mailbox is not None
    (told,) = stored_about(gift.donor.mailbox)["spenden"]
    assert (told["abgebucht"], told["tag_der_zuwendung"]) == (date(2026, 12, 30), date(2026, 12, 30))
