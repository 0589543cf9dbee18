"""The demo's story: invented, through the services, the same for the same seed."""

from collections import Counter
from datetime import UTC, datetime
from io import StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Sum

from citizens.services.mailboxes import mailbox_for
from donations.models import Donation, Donor, LedgerEntry
from donations.receipts.models import Contribution, Issuer, Receipt
from donations.receipts.selectors.gifts import open_wishes
from donations.receipts.services.slips import slip_of
from donations.selectors.receipting import are_issued_for
from foundation.clock import local_day
from foundation.models import Event
from programs.models import Fund, Opportunity
from volunteers.models import HoursEntry, Offer, TimePledge, Volunteer
from workshop.demo.accounts import make_accounts
from workshop.demo.people import pledge_time
from workshop.demo.receipts import show_receipts
from workshop.demo.story import Size, tell

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 11, tzinfo=UTC)


@pytest.fixture
def demo_city(db: None) -> None:
    call_command("load_city", "dueren", "--demo-values", verbosity=0)
    make_accounts()


def told(volunteers: int, seed: int) -> dict[str, object]:
    """Tell a story and sum up what it left, without keys."""
    tell(Size(volunteers), seed, now=NOW, say=lambda _line: None)
    return {
        "people": sorted(Volunteer.objects.values_list("mailbox__email", "first_name")),
        "pledges": Counter(TimePledge.objects.values_list("status", flat=True)),
        "offers": sorted(
            Offer.objects.values_list("pledge__volunteer__mailbox__email", "opportunity__slug", "status")
        ),
        "minutes": HoursEntry.objects.aggregate(total=Sum("minutes"))["total"],
        "gifts": sorted(Donation.objects.values_list("donor__mailbox__email", "amount_cents", "status")),
        "funds": sorted(Fund.objects.values_list("slug", "received_cents", "balance_cents")),
    }


def test_everybody_and_everything_is_plainly_invented(demo_city: None) -> None:
    told(12, 7)
    assert Volunteer.objects.count() == 12
    assert not Volunteer.objects.exclude(mailbox__email__endswith="@demo.example").exists()
    assert not Volunteer.objects.exclude(is_demo=True).exists()
    assert not Donor.objects.exclude(mailbox__email__endswith="@demo.example").exists()
    assert not Opportunity.objects.exclude(title__endswith="(Beispiel)").exists()
    assert not Opportunity.objects.exclude(task__contains="frei erfunden").exists()


def test_the_story_goes_through_the_services(demo_city: None) -> None:
    told(12, 7)
    released = Event.objects.filter(model="opportunity", to_status="published")
    assert released.count() == Opportunity.objects.filter(status="published").count() == 12
    received = Donation.objects.filter(status="received").aggregate(total=Sum("amount_cents"))["total"]
    assert received > 0
    assert LedgerEntry.objects.aggregate(total=Sum("amount_cents"))["total"] == 0
    assert Fund.objects.aggregate(total=Sum("received_cents"))["total"] == received


def test_most_people_leave_out_whatever_they_may_leave_out(demo_city: None) -> None:
    draw = Random(7)
    for number in range(40):
        pledge_time(7, number, draw, now=NOW)
    silent = TimePledge.objects.filter(skills=[], languages=[])
    assert (silent.count(), TimePledge.objects.filter(wanted_role=None).count()) == (28, 40)


def test_the_same_seed_tells_the_same_story_in_another_database(demo_city: None) -> None:
    class TakeBack(Exception):
        pass

    first: dict[str, object] = {}
    try:
        with transaction.atomic():
            first = told(9, 3)
            raise TakeBack
    except TakeBack:
        pass
    assert Volunteer.objects.count() == 0
    assert told(9, 3) == first


def test_production_has_no_invented_people(settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="haben im Betrieb nichts zu suchen"):
        call_command("demo_people", volunteers=1)
    assert Volunteer.objects.count() == 0


@pytest.mark.parametrize("size", [0, -1, 100_001])
def test_a_size_out_of_bounds_is_refused(demo_city: None, size: int) -> None:
    with pytest.raises(CommandError, match="zwischen 1 und 100000"):
        call_command("demo_people", volunteers=size)


def test_without_a_city_nothing_is_invented() -> None:
    with pytest.raises(CommandError, match="Zuerst eine Stadt laden"):
        call_command("demo_people", volunteers=3)


@pytest.mark.parametrize("command", ["demo_logins", "demo_seed"])
def test_logins_exist_only_in_the_demo(command: str, settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command(command)


def test_a_demo_that_holds_people_is_left_alone(demo_city: None, settings) -> None:
    settings.DEMO = True
    mailbox = mailbox_for("ada@example.org", NOW)
    Volunteer.objects.create(first_name="Ada", mailbox=mailbox, created_at=NOW)
    call_command("demo_seed", "--if-empty", verbosity=0)
    assert Volunteer.objects.count() == 1


def test_the_logins_are_printed_with_what_they_may_do(demo_city: None, settings) -> None:
    settings.DEMO = True
    out = StringIO()
    call_command("demo_logins", stdout=out)
    assert "jugendamt@demo.example" in out.getvalue()
    assert "Koordination" in out.getvalue()


def test_one_body_shows_the_road_to_a_receipt_and_says_that_it_is_invented(demo_city: None) -> None:
    show_receipts(Random(7), now=NOW)
    issuer = Issuer.objects.get(status="confirmed")
    assert (issuer.provider.source_key, issuer.town, issuer.tax_office) == (
        "freiwilligenzentrum",
        "Musterstadt",
        "Musterstadt",
    )
    assert "frei erfunden" in issuer.name
    receipt = Receipt.objects.get()
    assert (receipt.status, receipt.total_cents, receipt.snapshot["signature"]["is_machine"]) == (
        "issued",
        5000,
        True,
    )
    assert receipt.snapshot["issuer"]["lines"][0] == issuer.name
    assert list(open_wishes().values_list("amount_cents", flat=True)) == [12_500, 20_000]
    assert Contribution.objects.get().status == "proposed"
    slip = slip_of(Donation.objects.get(amount_cents=12_500, wants_receipt=True), NOW)
    assert slip is not None
    assert slip.startswith(b"%PDF")
    promised = {fund.source_key for fund in Fund.objects.all() if are_issued_for(fund, local_day(NOW))}
    assert promised == {"duerener-ranzen"}
