"""How much one payment takes is data with a day and a source; form, service and Dauerspende follow it."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from donations.models import Donation, MethodLimit
from donations.selectors.method_limits import most_cents
from donations.services.gifts.pledging import PledgeRefused, Refusal
from foundation.clock import local_day, utc_now
from foundation.history import lines_of
from foundation.units import Cents
from programs.models import Fund
from tests.donations.conftest import configure
from tests.donations.stripe_process import StripeProcess
from tests.donations.test_pledging import AT, promise
from tests.donations.test_recurring_changes import Giver
from tests.donations.visits import details_address

ADD = "/verwaltung/donations/methodlimit/add/"
SOURCE = "Stripe, Grenze je Einzug, gelesen am 3. März 2026"

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("verwaltung@example.org"))
    return client


def say(
    office: Client, cents: int, *, days: int = 0, method: str = "sepa_debit", source: str = SOURCE
) -> int:
    day = local_day(utc_now()) + timedelta(days=days)
    said = {"method": method, "most_cents": cents, "valid_from": f"{day:%d.%m.%Y}", "source": source}
    return office.post(ADD, said).status_code


def offered(browser: Client, cents: int) -> list[str]:
    euro, rest = divmod(cents, 100)
    what = {"betrag": "own", "eigener_betrag": f"{euro},{rest:02}"}
    form = browser.get(details_address(**what)).context["form"]
    return [key for key, _tile in form.fields["method"].choices]


@pytest.fixture
def _online(settings: object) -> None:
    configure(settings, "http://127.0.0.1:9")


@pytest.mark.usefixtures("fund", "_online")
def test_the_newest_that_is_valid_counts_and_before_it_what_stripe_takes(
    browser: Client, office: Client
) -> None:
    every, no_debit = ["transfer", "sepa_debit", "paypal", "card"], ["transfer", "paypal", "card"]
    assert (offered(browser, 1_000_000), offered(browser, 1_000_001)) == (every, no_debit)
    assert say(office, 5_000_000, days=1) == 302
    assert offered(browser, 1_000_001) == no_debit
    assert say(office, 1_500_000) == 302
    assert (offered(browser, 1_500_000), offered(browser, 1_500_001)) == (every, no_debit)
    assert say(office, 300_000, days=-1) == 302
    assert offered(browser, 1_500_000) == every
    assert say(office, 200_000, method="card") == 302
    assert offered(browser, 200_001) == ["transfer", "sepa_debit", "paypal"]
    tomorrow = local_day(utc_now()) + timedelta(days=1)
    assert most_cents(tomorrow) == {"sepa_debit": 5_000_000, "card": 200_000}


@pytest.mark.usefixtures("_online")
def test_the_service_follows_it_whoever_asks(fund: Fund) -> None:
    today = local_day(AT)
    for day, cents in ((today, 300_000), (today + timedelta(days=1), 200_000)):
        MethodLimit.objects.create(method="sepa_debit", most_cents=cents, valid_from=day, source=SOURCE)
    said = {"method": "sepa_debit", "is_of_age": True}
    with pytest.raises(PledgeRefused) as refused:
        promise(fund, amount_cents=Cents(300_001), **said)
    assert refused.value.reason is Refusal.METHOD_NOT_OFFERED
    assert not Donation.objects.exists()
    assert promise(fund, amount_cents=Cents(300_000), **said).amount_cents == 300_000


@pytest.mark.usefixtures("fund")
def test_so_does_what_a_giver_changes(browser: Client, office: Client, stripe: StripeProcess) -> None:
    giver = Giver(browser, stripe, "sepa_debit")
    assert say(office, 3000) == 302
    assert giver.change("betrag", amount="30,01", rhythm="month").status_code == 422
    assert giver.change("betrag", amount="30", rhythm="month").status_code == 303
    assert giver.row.amount_cents == 3000
    assert say(office, 2000, days=-1) == 302
    MethodLimit.objects.filter(most_cents=3000).update(most_cents=2999)
    assert giver.change("weg", method="sepa_debit").status_code == 422


def test_it_says_since_when_and_where_from_and_the_history_who(office: Client) -> None:
    assert say(office, 1_500_000, source="") == 200
    assert say(office, 0) == 200
    assert not MethodLimit.objects.exists()
    assert say(office, 1_500_000) == 302
    assert say(office, 1_600_000) == 200
    row = MethodLimit.objects.get()
    assert (row.most_cents, row.source) == (1_500_000, SOURCE)
    (line,) = lines_of(row)
    assert (line.kind, line.actor_user) == ("created", User.objects.get().pk)
    change = ADD.replace("add", f"{row.pk}/change")
    assert office.post(ADD.replace("add", f"{row.pk}/delete"), {"post": "yes"}).status_code == 403
    day = f"{row.valid_from:%d.%m.%Y}"
    said = {"method": "sepa_debit", "most_cents": 1_200_000, "valid_from": day, "source": SOURCE}
    assert office.post(change, said).status_code == 302
    assert lines_of(row).filter(kind="changed").get().changes["most_cents"] == [1_500_000, 1_200_000]
