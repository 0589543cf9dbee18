"""The plan of a week: who comes on Wednesday, who does not, and where somebody is missing."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from foundation.clock import local_day
from programs.models import Declaration, Opportunity, Shift
from tests.factories import (
    make_activity,
    make_coordinator,
    make_declaration,
    make_opportunity,
    make_provider,
    make_shift,
    make_youth_office,
    role_of,
)
from tests.volunteers.pledging import make_placement, make_pledge
from volunteers.domain.gate import Need
from volunteers.models import Assignment, Clearance, MeaslesProof, SelfCommitment
from volunteers.selectors.gate import gate_without_placement, gates_without_placement, site_key
from volunteers.selectors.roster import roster_of_week

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime(2026, 3, 4, 14, tzinfo=UTC)
PLAN = "/koordination/plan/"


@pytest.fixture
def task() -> Opportunity:
    return make_opportunity("Vorlesen", places=3, clearance_required=False)


def expected(shift: Shift, name: str, status: str = "confirmed") -> Assignment:
    pledge = make_pledge(shift.starts_at, email=f"{name.lower()}@example.org", first_name=name)
    placement = make_placement(
        pledge, shift.opportunity, shift.starts_at, "active", from_on=local_day(shift.starts_at)
    )
    return Assignment.objects.create(
        placement=placement, shift=shift, status=status, status_changed_at=shift.starts_at
    )


def page(user: User, query: str = "tag=2026-03-04") -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(f"{PLAN}?{query}")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def cells(html: str) -> list[list[str]]:
    """Return the cells of each date, as text."""
    rows = re.findall(r"<tr> (<th scope=\"row\">.*?)</tr>", html)
    return [
        [re.sub(r"<[^>]+>", " ", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in rows
    ]


def test_a_date_names_who_comes_who_does_not_and_what_is_missing(task: Opportunity) -> None:
    shift = make_shift(task, WEDNESDAY)
    for name, status in (
        ("Ada", "confirmed"),
        ("Bülent", "excused"),
        ("Carla", "on_hold"),
    ):
        expected(shift, name, status)
    html = page(make_coordinator(task.provider))
    assert "Mittwoch, 4. März 2026" in html
    ((when, coming, away, free),) = cells(html)
    assert when.endswith("Vorlesen")
    assert coming == "Ada"
    assert away == "Bülent (entschuldigt) Carla (macht Pause bis zur Einsichtnahme)"
    assert free == "2"


def test_the_week_is_monday_to_sunday_in_dueren(task: Opportunity) -> None:
    monday, sunday = datetime(2026, 3, 1, 23, tzinfo=UTC), datetime(2026, 3, 8, 22, 59, tzinfo=UTC)
    for moment in (monday - timedelta(minutes=1), monday, sunday, sunday + timedelta(minutes=1)):
        make_shift(task, moment)
    html = page(make_coordinator(task.provider), "tag=2026-03-08")
    assert re.findall(r'id="tag-([\d-]+)"', html) == ["2026-03-02", "2026-03-08"]
    assert 'href="/koordination/plan/?tag=2026-02-23"' in html
    assert 'href="/koordination/plan/?tag=2026-03-09"' in html


def test_a_cancelled_date_says_so_and_misses_nobody(task: Opportunity) -> None:
    expected(make_shift(task, WEDNESDAY, is_cancelled=True), "Ada")
    ((when, coming, _away, free),) = cells(page(make_coordinator(task.provider)))
    assert "fällt aus" in when
    assert (coming, free) == ("–", "0")


def test_only_ones_own_houses_and_the_task_that_is_asked_for(task: Opportunity) -> None:
    second = make_opportunity("Kochen", provider=task.provider, clearance_required=False)
    foreign = make_opportunity("Fremd", provider=make_provider(), clearance_required=False)
    for each, name in ((task, "Ada"), (second, "Berta"), (foreign, "Carla")):
        expected(make_shift(each, WEDNESDAY), name)
    user = make_coordinator(task.provider)
    make_coordinator(foreign.provider)
    both = page(user)
    assert [name in both for name in ("Ada", "Berta", "Carla")] == [True, True, False]
    one = page(user, f"tag=2026-03-04&angebot={second.pk}")
    assert [name in one for name in ("Ada", "Berta", "Carla")] == [False, True, False]
    client = Client()
    client.force_login(user)
    assert client.get(f"{PLAN}?angebot={foreign.pk}").status_code == 404
    office = make_coordinator(make_youth_office())
    assert "Ada" not in page(office)
    assert "Carla" in page(office, f"tag=2026-03-04&angebot={foreign.pk}")


@pytest.mark.parametrize(
    "query", ["", "tag=morgen", "tag=2026-13-01", "angebot=abc&tag=2026-03-04", "tag=0001-01-01"]
)
def test_what_is_not_understood_shows_a_week_all_the_same(task: Opportunity, query: str) -> None:
    assert "Wochenplan" in page(make_coordinator(task.provider), query)


def test_the_page_of_a_task_shows_its_people_dates_and_ways_on(task: Opportunity) -> None:
    soon = datetime.now(UTC) + timedelta(days=2)
    expected(make_shift(task, soon), "Ada")
    client = Client()
    client.force_login(make_coordinator(task.provider))
    html = " ".join(client.get(f"/koordination/angebote/{task.pk}/").content.decode().split())
    section = html[html.index('id="menschen"') :]
    assert "Ada</a> · im Einsatz" in section
    assert "1 von 3" in section
    assert f'href="/koordination/plan/?angebot={task.pk}"' in section
    assert f'href="/koordination/angebote/{task.pk}/bearbeiten/"' in section
    assert 'href="#ausfall"' in section


def test_a_week_takes_few_reads_however_many_come(task: Opportunity, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for hour in range(3):
        shift = make_shift(task, WEDNESDAY + timedelta(hours=2 * hour))
        expected(shift, f"Gast{hour}")
    client = Client()
    client.force_login(make_coordinator(task.provider))
    with django_assert_max_num_queries(14):
        client.get(f"{PLAN}?tag=2026-03-04")


@pytest.fixture
def kita() -> Opportunity:
    """A task that asks for a certificate, a signature and the protection against measles."""
    make_declaration(text="Ich achte jedes Kind.")
    strict = make_activity(self_commitment=True, measles_sites=["kita"])
    return make_opportunity("Vorlesen", activity=strict, site_kind="kita", places=9)


def stands_in(shift: Shift, name: str) -> Assignment:
    """Somebody with all papers who comes for this date alone."""
    task = shift.opportunity
    person = make_pledge(shift.starts_at, email=f"{name.lower()}@example.org", first_name=name).volunteer
    Clearance.objects.create(volunteer=person, opportunity=task, certificate_on=date(2026, 1, 10))
    SelfCommitment.objects.create(
        volunteer=person, declaration=Declaration.objects.get(), signed_on=date(2026, 1, 10)
    )
    MeaslesProof.objects.create(volunteer=person, site_key=site_key(task))
    return Assignment.objects.create(
        volunteer=person, role=role_of(task), shift=shift, status_changed_at=shift.starts_at
    )


def test_who_stands_in_is_let_in_as_when_each_is_asked_alone(kita: Opportunity) -> None:
    shift = make_shift(kita, WEDNESDAY)
    ada, ben, cem, dora = (stands_in(shift, name) for name in ("Ada", "Ben", "Cem", "Dora"))
    Clearance.objects.filter(volunteer=ben.volunteer).delete()
    SelfCommitment.objects.filter(volunteer=cem.volunteer).delete()
    MeaslesProof.objects.filter(volunteer=dora.volunteer).delete()
    gates = gates_without_placement(Assignment.objects.all())
    day = local_day(WEDNESDAY)
    assert {pk: gate.missing(day) for pk, gate in gates.items()} == {
        ada.pk: [],
        ben.pk: [Need.CERTIFICATE],
        cem.pk: [Need.SELF_COMMITMENT],
        dora.pk: [Need.MEASLES],
    }
    alone = {each.pk: gate_without_placement(each.volunteer, each.role) for each in (ada, ben, cem, dora)}
    assert gates == alone


def test_the_plan_asks_as_often_for_many_who_stand_in_as_for_one(kita: Opportunity) -> None:
    asked, day = [], local_day(WEDNESDAY)
    for number in range(3):
        shift = make_shift(kita, WEDNESDAY + timedelta(hours=3 * number))
        for person in range(2 * number + 1):
            stands_in(shift, f"Ada{number}{person}")
        with CaptureQueriesContext(connection) as caught:
            days, _more = roster_of_week(Opportunity.objects.all(), day, day)
        asked.append(len(caught))
    assert [each.status for planned in days[0].dates for each in planned.coming] == ["confirmed"] * 9
    assert asked == [asked[0]] * 3
