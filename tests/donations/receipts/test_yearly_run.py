"""The yearly run: everybody who wishes one, once, in any number of runs."""

import io
import json
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from donations.models import Dispute, Donation
from donations.receipts.models import Receipt, WishRefusal
from donations.receipts.services.yearly import issue_year
from foundation.sweeps import run
from programs.models import Fund
from tests.donations.gifts import make_donation, make_donor
from tests.donations.receipts.bodies import GIVEN_AT, ISSUED_AT, city, details, make_issuer, wished_gift
from tests.factories import make_fund, make_provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund() -> Fund:
    fund = make_fund("Bücher", provider=make_provider("Verein Lesen", issuer_kind="kstg_5_1_9"))
    make_issuer(fund.provider, details(fund))
    return fund


def said() -> list[tuple[str, str, int]]:
    rows = Receipt.objects.order_by("sequence")
    return [(each.snapshot["donor"]["lines"][0], each.kind, each.total_cents) for each in rows]


def test_each_giver_gets_one_over_all_gifts_of_the_year(fund: Fund) -> None:
    ada, ben = make_donor(), make_donor()
    wished_gift(fund, donor=ada, cents=1000)
    wished_gift(fund, donor=ben, name="Ben", cents=500)
    wished_gift(fund, donor=ada, cents=2000, at=datetime(2026, 12, 31, 22, 59, tzinfo=UTC))
    wished_gift(fund, donor=ada, cents=4000, at=datetime(2026, 12, 31, 23, 0, tzinfo=UTC))
    wished_gift(fund, donor=ada, cents=8000, at=datetime(2025, 12, 31, 22, 59, tzinfo=UTC))
    make_donation(fund, status="received", received_at=GIVEN_AT, donor_name="Ohne Wunsch")
    outcome = issue_year(2026, ISSUED_AT)
    assert (outcome.issued, outcome.left) == (2, {})
    assert said() == [("Ada Kanarienvogel", "collective", 3000), ("Ben", "money", 500)]


def test_two_names_of_one_mailbox_are_two_givers(fund: Fund) -> None:
    shared = make_donor()
    wished_gift(fund, donor=shared, name="Ada")
    wished_gift(fund, donor=shared, name="Eva")
    wished_gift(fund, donor=shared, name="Ada", street="Anderer Weg 2")
    assert issue_year(2026, ISSUED_AT).issued == 3


def test_a_second_run_finds_nothing(fund: Fund) -> None:
    wished_gift(fund)
    assert issue_year(2026, ISSUED_AT).issued == 1
    assert issue_year(2026, ISSUED_AT).issued == 0
    assert Receipt.objects.count() == 1


def test_chunks_leave_nobody_out(fund: Fund) -> None:
    for number in range(5):
        wished_gift(fund, name=f"Person {number}")
    assert issue_year(2026, ISSUED_AT, chunk=2).issued == 5
    assert len({name for name, _kind, _cents in said()}) == 5


def test_what_may_not_be_confirmed_yet_is_left_and_named(fund: Fund) -> None:
    giver = make_donor()
    wished_gift(fund, donor=giver, cents=1000)
    young = wished_gift(fund, donor=giver, method="sepa_debit", at=datetime(2026, 12, 31, 10, tzinfo=UTC))
    wished_gift(fund, name="Bestritten", status="disputed")
    asked = Dispute.objects.create(
        donation=wished_gift(fund, name="Gefragt", method="card"),
        external_id="dp_1",
        amount_cents=2500,
        outcome="asked",
        opened_at=GIVEN_AT,
    )
    wished_gift(fund, name="", status="received")
    wished_gift(fund, name="伊藤")
    outcome = issue_year(2026, datetime(2027, 2, 25, 9, tzinfo=UTC))
    assert outcome.issued == 1
    assert outcome.left == {
        "debit_too_young": 1,
        "disputed": 1,
        "inquired": 1,
        "anonymous": 1,
        "not_displayable": 1,
    }
    Dispute.objects.filter(pk=asked.pk).update(outcome="dropped", closed_at=ISSUED_AT)
    outcome = issue_year(2026, datetime(2027, 2, 26, 9, tzinfo=UTC))
    assert (outcome.issued, Receipt.objects.filter(items__donation=asked.donation_id).count()) == (2, 1)
    assert Receipt.objects.get(items__donation=young).total_cents == 2500


def test_a_wish_that_was_refused_is_left(fund: Fund) -> None:
    gift = wished_gift(fund)
    WishRefusal.objects.create(donation=gift, why="name", refused_at=ISSUED_AT)
    assert issue_year(2026, ISSUED_AT).issued == 0


def test_bodies_that_may_not_issue_are_left_alone(fund: Fund) -> None:
    lapsed = make_fund("Zu alt", provider=make_provider())
    make_issuer(lapsed.provider, details(lapsed, code="ZA", notice_on=GIVEN_AT.date()))
    unasked = make_fund("Nicht eingerichtet", provider=make_provider())
    town = make_fund("Stadt", provider=make_provider())
    make_issuer(town.provider, city(town), approved=False)
    for each in (fund, lapsed, unasked, town):
        wished_gift(each)
    late = datetime(2031, 6, 2, 9, tzinfo=UTC)
    assert issue_year(2026, late).issued == 0
    assert issue_year(2026, ISSUED_AT).issued == 2
    assert set(Receipt.objects.values_list("provider", flat=True)) == {fund.provider_id, lapsed.provider_id}


def test_a_run_that_was_cut_off_goes_on_where_it_was(fund: Fund) -> None:
    for number in range(3):
        wished_gift(fund, name=f"Person {number}")
    later = Donation.objects.order_by("-pk")[0]
    Donation.objects.filter(pk=later.pk).update(status="disputed")
    issue_year(2026, ISSUED_AT)
    Donation.objects.filter(pk=later.pk).update(status="received")
    issue_year(2026, ISSUED_AT)
    assert list(Receipt.objects.order_by("sequence").values_list("sequence", flat=True)) == [1, 2, 3]


@pytest.mark.parametrize(
    ("at", "number"),
    [
        (datetime(2027, 2, 28, 22, 59, tzinfo=UTC), 0),
        (datetime(2027, 2, 28, 23, 0, tzinfo=UTC), 1),
        (datetime(2027, 3, 31, 21, 59, tzinfo=UTC), 1),
        (datetime(2027, 3, 31, 22, 0, tzinfo=UTC), 0),
        (datetime(2028, 3, 1, 9, 0, tzinfo=UTC), 0),
    ],
)
def test_by_itself_it_runs_in_march_for_the_year_before(fund: Fund, at: datetime, number: int) -> None:
    wished_gift(fund)
    assert run("receipts.issue_yearly", at) == number


def test_the_command_tells_what_it_did() -> None:
    fund = make_fund("Stadt", provider=make_provider())
    make_issuer(fund.provider, city(fund))
    wished_gift(fund)
    wished_gift(fund, name="Bestritten", status="disputed")
    out = io.StringIO()
    call_command("issue_receipts", "--year", "2026", stdout=out)
    assert json.loads(out.getvalue()) == {"year": 2026, "issued": 1, "left": {"disputed": 1}}


def test_the_command_refuses_a_year_to_come() -> None:
    with pytest.raises(CommandError):
        call_command("issue_receipts", "--year", "2999")
    assert Receipt.objects.count() == 0
