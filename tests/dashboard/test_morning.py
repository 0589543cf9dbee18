"""What waits this morning: each number is what the page behind it lists; nobody is told of others' work."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from donations.models import BankTransaction
from donations.services.bank.transfers import Credit, record_bank_transfer
from foundation import sweeps
from foundation.clock import local_day, utc_now
from foundation.models import SweepRun
from outbox.models import Message
from programs.models import Membership, Opportunity, Provider
from tests.factories import make_opportunity, make_provider, make_shift, make_user, make_youth_office
from tests.volunteers.pledging import make_placement, make_pledge
from volunteers.models import Assignment, TimePledge

pytestmark = pytest.mark.django_db
Role = Membership.Role
DAY = timedelta(days=1)


@pytest.fixture
def mine() -> Provider:
    return make_provider("Eigener")


@pytest.fixture
def other() -> Provider:
    return make_provider("Fremder")


@pytest.fixture
def office() -> Provider:
    return make_youth_office()


@pytest.fixture(autouse=True)
def _jobs_ran() -> None:
    for each in sweeps.all_sweeps():
        SweepRun.objects.update_or_create(
            name=each.name, defaults={"started_at": utc_now(), "finished_at": utc_now()}
        )


def morning(user: User) -> dict[str, tuple[int, str]]:
    """Return what the page shows: number and address by title."""
    client = Client()
    client.force_login(user)
    html = client.get("/koordination/").content.decode()
    card = r'<h2 class="card__title"><a href="([^"]+)">([^<]+)</a></h2>.*?kern-badge[^>]*>\s*(\d+)'
    cards = re.findall(card, html, re.DOTALL)
    return {title: (int(count), address.replace("&amp;", "&")) for address, title, count in cards}


def listed(user: User, address: str) -> int:
    """Return how many rows the page behind a number lists, on all its pages together."""
    client = Client()
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == 200
    return int(answer.context["page"].paginator.count)


def wait_for(provider: Provider, status: str, number: int, **task: Any) -> None:
    """Make that many placements of `status` at one task of `provider`."""
    opportunity = make_opportunity(
        provider=provider, places=number + 1, **{"clearance_required": False, **task}
    )
    for each in range(number):
        pledge = make_pledge(utc_now(), email=f"{status}-{provider.pk}-{each}@example.org")
        start = {"from_on": local_day(utc_now())} if status == "active" else {}
        make_placement(pledge, opportunity, utc_now(), status, **start)


def test_nothing_waiting_is_said_kindly(mine: Provider) -> None:
    user = make_user(Role.COORDINATOR, mine)
    assert morning(user) == {}
    client = Client()
    client.force_login(user)
    assert "Alles erledigt." in client.get("/koordination/").content.decode()


def test_answers_to_confirm_are_those_of_the_list(mine: Provider, other: Provider, office: Provider) -> None:
    wait_for(mine, "awaiting_confirmation", 2)
    wait_for(other, "awaiting_confirmation", 3)
    wait_for(mine, "active", 1)
    title = "Zusagen bestätigen"
    for home, number in ((mine, 2), (other, 3), (office, 5)):
        user = make_user(Role.COORDINATOR, home)
        count, address = morning(user)[title]
        assert address == "/koordination/einsaetze/?status=awaiting_confirmation"
        assert (count, listed(user, address)) == (number, number)


def test_clearances_are_told_to_the_officer_of_that_provider_alone(
    mine: Provider, other: Provider, office: Provider
) -> None:
    wait_for(mine, "awaiting_clearance", 2, clearance_required=True)
    wait_for(other, "awaiting_clearance", 1, clearance_required=True)
    title = "Führungszeugnis ansehen"
    for home, number in ((mine, 2), (other, 1)):
        user = make_user(Role.SAFEGUARDING_OFFICER, home)
        count, address = morning(user)[title]
        assert (count, listed(user, address)) == (number, number)
    assert title not in morning(make_user(Role.SAFEGUARDING_OFFICER, office))
    for role in (Role.COORDINATOR, Role.TREASURER):
        assert title not in morning(make_user(role, mine))
    assert title not in morning(make_user(Role.COORDINATOR, office))


def test_transfers_without_a_gift_are_those_the_treasurer_can_assign(
    mine: Provider, other: Provider, now: datetime
) -> None:
    for number, cents in enumerate((2500, 1000, -300)):
        record_bank_transfer(
            mine, Credit(date(2026, 3, 2), cents, "", f"{number}"), recorded_by=None, now=now
        )
    record_bank_transfer(other, Credit(date(2026, 3, 2), 700, "", "x"), recorded_by=None, now=now)
    treasurer = make_user(Role.TREASURER, mine)
    count, address = morning(treasurer)["Überweisungen zuordnen"]
    client = Client()
    client.force_login(treasurer)
    rows = client.get(address).context["open_lines"].rows
    assert (count, address) == (2, reverse("coordination_donations"))
    assert sorted(line.amount_cents for line in rows) == [1000, 2500]
    assert BankTransaction.objects.count() == 4
    assert "Überweisungen zuordnen" not in morning(make_user(Role.COORDINATOR, mine))


def test_texts_to_release_are_those_of_the_list(mine: Provider, other: Provider, office: Provider) -> None:
    for provider, number in ((mine, 1), (other, 2)):
        for _ in range(number):
            make_opportunity(provider=provider, status=Opportunity.Status.IN_REVIEW)
    make_opportunity(provider=mine, status=Opportunity.Status.DRAFT)
    for home, number in ((mine, 1), (other, 2), (office, 3)):
        user = make_user(Role.COORDINATOR, home)
        count, address = morning(user)["Engagementangebote freigeben"]
        assert (count, listed(user, address)) == (number, number)


EMPTY = "Termine ohne Freiwillige"


@pytest.mark.parametrize(
    ("starts_in", "changes", "is_empty"),
    [
        (timedelta(hours=1), {}, True),
        (7 * DAY - timedelta(minutes=5), {}, True),
        (7 * DAY + timedelta(minutes=5), {}, False),
        (-timedelta(minutes=1), {}, False),
        (DAY, {"is_cancelled": True}, False),
    ],
)
def test_a_date_of_the_next_seven_days_without_anybody_is_told(
    mine: Provider, starts_in: timedelta, changes: dict[str, Any], is_empty: bool
) -> None:
    task = make_opportunity(provider=mine, places=2)
    make_shift(task, utc_now() + starts_in, **changes)
    assert (EMPTY in morning(make_user(Role.COORDINATOR, mine))) is is_empty


@pytest.mark.parametrize(("status", "is_empty"), [("confirmed", False), ("cancelled", True)])
def test_somebody_who_cancelled_is_nobody(mine: Provider, status: str, is_empty: bool) -> None:
    task = make_opportunity(provider=mine, places=2, clearance_required=False)
    shift = make_shift(task, utc_now() + DAY)
    placement = make_placement(
        make_pledge(utc_now()), task, utc_now(), "active", from_on=local_day(utc_now())
    )
    Assignment.objects.create(
        shift=shift,
        placement=placement,
        status=status,
        status_changed_at=utc_now(),
    )
    assert (EMPTY in morning(make_user(Role.COORDINATOR, mine))) is is_empty


def test_dates_of_others_and_of_drafts_are_not_told(mine: Provider, other: Provider) -> None:
    make_shift(make_opportunity(provider=other, places=2), utc_now() + DAY)
    make_shift(make_opportunity(provider=mine, places=2, status=Opportunity.Status.DRAFT), utc_now() + DAY)
    assert morning(make_user(Role.COORDINATOR, mine)) == {}


@pytest.mark.parametrize(
    ("due_in", "status", "is_told"),
    [(-DAY, "open", True), (DAY, "open", False), (-DAY, "ended", False)],
)
def test_people_left_without_an_answer_are_told_to_the_youth_office(
    mine: Provider, office: Provider, due_in: timedelta, status: str, is_told: bool
) -> None:
    pledge = make_pledge(utc_now())
    TimePledge.objects.filter(pk=pledge.pk).update(answer_due_at=utc_now() + due_in, status=status)
    title = "Zeitzusagen ohne Antwort"
    assert (title in morning(make_user(Role.COORDINATOR, office))) is is_told
    assert title not in morning(make_user(Role.COORDINATOR, mine))


def message(status: str, key: str) -> None:
    Message.objects.create(
        key=key,
        template="contact_message",
        to_email="a@example.org",
        subject="s",
        body_text="t",
        body_html="h",
        status=status,
        queued_at=utc_now(),
        due_at=utc_now(),
        claimed_at=utc_now(),
        sent_at=utc_now(),
    )


def test_only_mails_whose_fate_is_unknown_are_to_be_looked_at(mine: Provider, office: Provider) -> None:
    for status in Message.Status.values:
        message(status, f"key-{status}")
    count, address = morning(make_user(Role.COORDINATOR, office))["Nachrichten prüfen"]
    assert (count, address) == (2, reverse("admin:outbox_message_changelist"))
    assert "Nachrichten prüfen" not in morning(make_user(Role.COORDINATOR, mine))


def test_a_late_job_is_told_and_named_by_the_night_watch(mine: Provider, office: Provider) -> None:
    SweepRun.objects.filter(name="donations.check_ledger").update(finished_at=utc_now() - DAY)
    user = make_user(Role.COORDINATOR, office)
    count, address = morning(user)["Nachtwache: etwas läuft nicht"]
    client = Client()
    client.force_login(user)
    jobs = client.get(address).context["jobs"]
    assert (count, address) == (1, "/koordination/nachtwache/")
    assert [job.name for job in jobs if job.state != "fine"] == ["donations.check_ledger"]
    assert "Nachtwache: etwas läuft nicht" not in morning(make_user(Role.COORDINATOR, mine))


def test_several_roles_see_the_work_of_each(mine: Provider, other: Provider, now: datetime) -> None:
    wait_for(mine, "awaiting_confirmation", 1)
    wait_for(other, "awaiting_clearance", 1, clearance_required=True)
    record_bank_transfer(mine, Credit(date(2026, 3, 2), 700, "", "x"), recorded_by=None, now=now)
    user = make_user(Role.COORDINATOR, mine)
    for provider, role in ((mine, Role.TREASURER), (other, Role.SAFEGUARDING_OFFICER)):
        Membership.objects.create(user=user, provider=provider, role=role)
    assert {title: count for title, (count, _address) in morning(user).items()} == {
        "Zusagen bestätigen": 1,
        "Führungszeugnis ansehen": 1,
        "Überweisungen zuordnen": 1,
    }


@pytest.mark.parametrize("many", [1, 12])
def test_the_morning_takes_few_queries_whatever_waits(
    client: Client, office: Provider, mine: Provider, many: int, django_assert_max_num_queries: Any
) -> None:
    wait_for(mine, "awaiting_confirmation", many)
    client.force_login(make_user(Role.COORDINATOR, office))
    with django_assert_max_num_queries(16):
        client.get("/koordination/")
