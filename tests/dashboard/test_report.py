"""Help beside need: exact figures, scopes, and what stays hidden."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from citizens.services.mailboxes import mailbox_for
from donations.models import Donation
from donations.services.gifts.pledging import donor_for
from foundation.clock import local_day, local_moment, utc_now
from programs.models import District, Membership, Provider
from tests.factories import make_district, make_fund, make_opportunity, make_provider, make_user
from volunteers.models import HoursEntry, Placement, TimePledge, Volunteer
from wirbrauchensie.dashboard.filters import Choice, FigureFilter
from wirbrauchensie.dashboard.navigation import pages_for
from wirbrauchensie.dashboard.scope import WHOLE_CITY, Scope
from wirbrauchensie.dashboard.selectors import report
from wirbrauchensie.today.kinds import reader_of
from wirbrauchensie.today.lists import waiting_for

pytestmark = pytest.mark.django_db
YEAR = Choice("", date(2026, 1, 1), date(2026, 12, 31))


def pledge(number: int, district: District, now: datetime, **more: object) -> TimePledge:
    volunteer = Volunteer.objects.create(
        first_name=f"Person {number}",
        mailbox=mailbox_for(f"p{number}@example.org", now),
        created_at=now,
        confirmed_at=now,
    )
    values = {
        "volunteer": volunteer,
        "fields": ["sport"],
        "home_district": district,
        "status": "open",
        "status_changed_at": now,
        "created_at": now,
        "confirmed_at": now,
        "answer_due_at": now + timedelta(days=7),
        **more,
    }
    return TimePledge.objects.create(**values)


def place(number: int, opportunity: object, now: datetime, minutes: int = 120) -> Placement:
    own = pledge(number, opportunity.district, now, status="placed")
    placement = Placement.objects.create(
        volunteer=own.volunteer,
        pledge=own,
        opportunity=opportunity,
        status="active",
        status_changed_at=now,
        created_at=now,
        from_on=now.date(),
        calendar_uid=f"uid-{number}",
    )
    HoursEntry.objects.create(placement=placement, worked_on=now.date(), minutes=minutes, created_at=now)
    return placement


def gift(number: int, fund: object, now: datetime, cents: int, **more: object) -> Donation:
    donor = donor_for(f"d{number}@example.org", now)
    return Donation.objects.create(
        donor=donor,
        fund=fund,
        amount_cents=cents,
        method="transfer",
        purpose_text="p",
        fallback_text="f",
        text_version=1,
        status=more.pop("status", "received"),
        status_changed_at=now,
        pledged_at=now,
        received_at=now,
        **more,
    )


def line(figures: object, name: str) -> dict[str, object]:
    for each in figures.lines:
        if each.district and each.district.name == name:
            return {key: cell.shown for key, cell in each.cells.items()}
    raise AssertionError(name)


def test_each_measure_is_counted_by_its_district(now: datetime) -> None:
    north, south = make_district(name="Nord"), make_district(name="Süd")
    fund = make_fund(district=north)
    task = make_opportunity(district=north, places=20, field="sport", clearance_required=False)
    for number in range(6):
        place(number, task, now, minutes=90)
    for number in range(10, 17):
        pledge(number, south, now)
    for number in range(5):
        gift(number, fund, now, 1000 + number)
    figures = report(WHOLE_CITY, YEAR)
    assert line(figures, "Nord") == {
        "pledged": 6,
        "placed": 6,
        "hours": 9,
        "gifts": 5010,
        "needs": 20 - task.places_taken,
    }
    assert line(figures, "Süd") == {"pledged": 7, "placed": 0, "hours": 0, "gifts": 0, "needs": 0}
    assert {key: cell.shown for key, cell in figures.totals.items()} == {
        "pledged": 13,
        "placed": 6,
        "hours": 9,
        "gifts": 5010,
        "needs": 20 - task.places_taken,
    }


def test_refunds_and_losses_do_not_count(now: datetime) -> None:
    fund = make_fund(district=make_district(name="Nord"))
    for number in range(5):
        gift(number, fund, now, 1000)
    gift(7, fund, now, 5000, status="partly_refunded", refunded_cents=2000)
    gift(8, fund, now, 9900, status="lost")
    gift(9, fund, now, 9900, status="refunded", refunded_cents=9900)
    assert line(report(WHOLE_CITY, YEAR), "Nord")["gifts"] == 8000


def test_a_field_and_a_period_narrow_the_figures(now: datetime) -> None:
    north = make_district(name="Nord")
    for number in range(5):
        pledge(number, north, now)
    for number in range(10, 16):
        pledge(number, north, now, fields=["culture"])
    for number in range(20, 25):
        pledge(number, north, now - timedelta(days=400), fields=["sport"])
    sport = Choice("sport", date(2026, 1, 1), date(2026, 12, 31))
    assert line(report(WHOLE_CITY, YEAR), "Nord")["pledged"] == 11
    assert line(report(WHOLE_CITY, sport), "Nord")["pledged"] == 5


MARCH = Choice("", date(2026, 3, 1), date(2026, 3, 29))  # ends on the night on which the clock goes forward
FIRST = datetime(2026, 2, 28, 23, 0, tzinfo=UTC)
END = datetime(2026, 3, 29, 22, 0, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("moment", "is_counted"),
    [(FIRST - A_MOMENT, False), (FIRST, True), (END - A_MOMENT, True), (END, False)],
    ids=["before", "first moment", "last moment", "after"],
)
def test_a_period_is_whole_days_in_dueren_the_last_included(moment: datetime, is_counted: bool) -> None:
    north = make_district(name="Nord")
    fund = make_fund(district=north)
    for number in range(5):
        gift(number, fund, moment, 1000)
        pledge(number, north, moment)
    counted = line(report(WHOLE_CITY, MARCH), "Nord")
    assert (counted["gifts"], counted["pledged"]) == ((5000, 5) if is_counted else (0, 0))


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 2, 28), 0), (date(2026, 3, 1), 10), (date(2026, 3, 29), 10), (date(2026, 3, 30), 0)],
)
def test_hours_of_the_last_day_count(now: datetime, day: date, hours: int) -> None:
    task = make_opportunity(district=make_district(name="Nord"), places=9, clearance_required=False)
    for number in range(5):
        place(number, task, now)
    HoursEntry.objects.update(worked_on=day)
    assert line(report(WHOLE_CITY, MARCH), "Nord")["hours"] == hours


@pytest.mark.parametrize(
    ("from_on", "until_on", "people"),
    [
        (date(2026, 3, 29), None, 5),
        (date(2026, 3, 30), None, 0),
        (date(2026, 1, 1), date(2026, 3, 1), 5),
        (date(2026, 1, 1), date(2026, 2, 28), 0),
        (date(2026, 1, 1), None, 5),
    ],
)
def test_a_placement_counts_if_a_day_of_it_fell_into_the_period(
    now: datetime, from_on: date, until_on: date | None, people: int
) -> None:
    task = make_opportunity(district=make_district(name="Nord"), places=9, clearance_required=False)
    for number in range(5):
        place(number, task, now)
    Placement.objects.update(from_on=from_on, until_on=until_on)
    assert line(report(WHOLE_CITY, MARCH), "Nord")["placed"] == people


@pytest.mark.parametrize(
    ("ends_on", "places"), [(date(2026, 3, 28), 0), (date(2026, 3, 29), 7), (date(2026, 3, 30), 7), (None, 7)]
)
def test_an_opportunity_ending_today_still_needs_people(ends_on: date | None, places: int) -> None:
    make_opportunity(district=make_district(name="Nord"), places=7, ends_on=ends_on)
    assert line(report(WHOLE_CITY, MARCH), "Nord")["needs"] == places


@pytest.mark.parametrize("period", ["30", "90", "365", "alle"])
def test_what_happened_today_is_on_the_page(client: Client, period: str) -> None:
    north = make_district(name="Nord")
    fund = make_fund(district=north)
    for number in range(5):
        gift(number, fund, utc_now(), 1000)
    page = client.get(f"/wo-wir-stehen/?measure=gifts&period={period}").content.decode()
    assert "Nord: 50\xa0€" in page


@pytest.mark.parametrize(("period", "days"), [("30", 30), ("90", 90), ("365", 365)])
def test_the_first_day_of_a_period_counts_and_the_day_before_does_not(
    client: Client, period: str, days: int
) -> None:
    fund = make_fund(district=make_district(name="Nord"))
    first = local_moment(local_day(utc_now()) - timedelta(days=days - 1), 0)
    for number in range(5):
        gift(number, fund, first, 1000)
        gift(100 + number, fund, first - A_MOMENT, 2000)
    page = client.get(f"/wo-wir-stehen/?measure=gifts&period={period}").content.decode()
    assert "Nord: 50\xa0€" in page


def test_fewer_than_five_people_are_not_shown(now: datetime) -> None:
    north, south = make_district(name="Nord"), make_district(name="Süd")
    for number in range(4):
        pledge(number, north, now)
    for number in range(10, 20):
        pledge(number, south, now)
    figures = report(WHOLE_CITY, YEAR)
    assert line(figures, "Nord")["pledged"] is None
    assert line(figures, "Süd")["pledged"] is None
    assert figures.totals["pledged"].shown == 14


def test_a_scope_counts_only_its_own_providers(now: datetime) -> None:
    north = make_district(name="Nord")
    mine, other = make_provider(name="Eigener"), make_provider(name="Fremder")
    for provider, first in ((mine, 0), (other, 100)):
        task = make_opportunity(
            provider=provider, district=north, places=30, clearance_required=False, field="sport"
        )
        for number in range(5):
            place(first + number, task, now)
    figures = report(Scope(frozenset({mine.pk}), "Eigener"), YEAR)
    assert line(figures, "Nord")["placed"] == 5
    assert line(figures, "Nord")["hours"] == 10


@pytest.mark.parametrize("query", [{}, {"field": "nope", "period": "x", "measure": "'"}, {"period": "\x00"}])
def test_nonsense_falls_back_to_the_defaults(query: dict[str, str]) -> None:
    form = FigureFilter(query)
    assert form.chosen(date(2026, 3, 2)) == Choice("", date(2025, 3, 3), date(2026, 3, 2))
    assert form.map_measure == "needs"


def test_the_public_page_needs_few_queries_whatever_the_number_of_rows(
    client: Client, city: None, now: datetime, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(10):
        assert client.get("/wo-wir-stehen/").status_code == 200
    north = District.objects.get(slug="nord-dueren")
    for number in range(40):
        pledge(number, north, now)
    with django_assert_max_num_queries(10):
        page = client.get("/wo-wir-stehen/?period=alle&measure=pledged").content.decode()
    assert "Nord-Düren: 40" in page


PAGES = ["/koordination/", "/koordination/stadtteile/", "/koordination/nachtwache/"]


@pytest.mark.parametrize(
    ("who", "answers"),
    [
        (None, [302, 302, 302]),
        ("stranger", [403, 403, 403]),
        (Membership.Role.TREASURER, [200, 403, 403]),
        (Membership.Role.SAFEGUARDING_OFFICER, [200, 403, 403]),
        (Membership.Role.COORDINATOR, [200, 200, 403]),
        ("youth office", [200, 200, 200]),
    ],
)
def test_who_may_see_the_coordinators_pages(
    client: Client, city: None, who: str | None, answers: list[int]
) -> None:
    if who == "stranger":
        client.force_login(make_user())
    elif who == "youth office":
        client.force_login(make_user(Membership.Role.COORDINATOR, Provider.objects.get(is_youth_office=True)))
    elif who is not None:
        client.force_login(make_user(Membership.Role(who), make_provider()))
    assert [client.get(page).status_code for page in PAGES] == answers


def test_nobody_is_shown_a_door_that_stays_shut(client: Client, city: None) -> None:
    for role in Membership.Role:
        user = make_user(role, make_provider())
        client.force_login(user)
        for name, _label in pages_for(user):
            assert client.get(reverse(name)).status_code == 200, (role, name)


def test_the_morning_list_counts_what_waits(client: Client, city: None, now: datetime) -> None:
    mine = make_provider()
    task = make_opportunity(provider=mine, places=5, clearance_required=False)
    placement = place(1, task, now)
    Placement.objects.filter(pk=placement.pk).update(status="awaiting_confirmation")
    other = place(2, make_opportunity(places=5, clearance_required=False), now)
    Placement.objects.filter(pk=other.pk).update(status="awaiting_confirmation")
    reader = reader_of(make_user(Membership.Role.COORDINATOR, mine))
    assert {each.kind.slug: each.count for each in waiting_for(reader, now)} == {"zusagen": 1}
