"""Help beside need: exact figures, scopes, and what stays hidden."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from citizens.services.mailboxes import mailbox_for
from donations.domain.ledger import bank_refund
from donations.models import Donation
from donations.services.books.ledger import post
from donations.services.gifts.pledging import donor_for
from figures.models import Figure
from figures.services.counting import count
from foundation.clock import local_day
from foundation.units import Cents
from programs.models import District, Fund, Membership, Provider, Role
from tests.factories import (
    make_district,
    make_fund,
    make_opportunity,
    make_provider,
    make_user,
    make_youth_office,
    role_of,
)
from tests.figures.nights import book_gift, let_a_night_pass
from volunteers.models import HoursEntry, Placement, TimePledge, Volunteer
from wirbrauchensie.dashboard.filters import Choice, FigureFilter
from wirbrauchensie.dashboard.navigation import pages_for
from wirbrauchensie.dashboard.scope import scope_of
from wirbrauchensie.dashboard.selectors import Report, public_report, staff_report
from wirbrauchensie.today.kinds import reader_of
from wirbrauchensie.today.lists import waiting_for

pytestmark = pytest.mark.django_db
YEAR = Choice("365")


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
        role=role_of(opportunity),
        status="active",
        status_changed_at=now,
        created_at=now,
        from_on=now.date(),
        calendar_uid=f"uid-{number}",
    )
    HoursEntry.objects.create(placement=placement, worked_on=now.date(), minutes=minutes, created_at=now)
    return placement


def gift(number: int, fund: Fund, now: datetime, cents: int) -> Donation:
    return book_gift(fund, cents, now, donor=donor_for(f"d{number}@example.org", now))


def line(figures: Report, name: str) -> dict[str, int | None]:
    for each in figures.lines:
        if each.district and each.district.name == name:
            return {key: cell.shown for key, cell in each.cells.items()}
    raise AssertionError(name)


def test_each_measure_is_counted_by_its_district(now: datetime) -> None:
    north, south = make_district(name="Nord"), make_district(name="Süd")
    fund = make_fund(district=north)
    task = make_opportunity(
        district=north, places=20, places_taken=6, field="sport", clearance_required=False
    )
    for number in range(6):
        place(number, task, now, minutes=90)
    for number in range(10, 17):
        pledge(number, south, now)
    for number in range(5):
        gift(number, fund, now, 1000 + number)
    let_a_night_pass(now)
    for figures, nobody, gap, people, hours in (
        (public_report(YEAR), None, 15, 10, 5),
        (staff_report(YEAR), 0, 14, 10, 5),
    ):
        assert line(figures, "Nord") == {"pledged": 5, "placed": 5, "hours": 5, "gifts": 5000, "needs": gap}
        assert line(figures, "Süd") == {
            "pledged": 5,
            "placed": nobody,
            "hours": nobody,
            "gifts": None,
            "needs": 0,
        }
        assert {key: cell.shown for key, cell in figures.totals.items()} == {
            "pledged": people,
            "placed": 5,
            "hours": hours,
            "gifts": 5000,
            "needs": gap,
        }


def test_money_that_went_back_does_not_count(now: datetime) -> None:
    fund = make_fund(district=make_district(name="Nord"))
    for number in range(4):
        gift(number, fund, now, 1000)
    back = gift(7, fund, now, 5000)
    post(bank_refund("probe", Cents(5000), now, "bank"), back, now)
    let_a_night_pass(now)
    assert line(public_report(YEAR), "Nord")["gifts"] == 4000


def test_a_field_and_a_period_narrow_the_figures(now: datetime) -> None:
    north = make_district(name="Nord")
    for number in range(5):
        pledge(number, north, now)
    for number in range(10, 16):
        pledge(number, north, now, fields=["culture"])
    for number in range(20, 26):
        pledge(number, north, now, fields=[])
    for number in range(30, 35):
        pledge(number, north, now - timedelta(days=400), fields=["sport"])
    let_a_night_pass(now)
    counted = {
        (period, field): line(staff_report(Choice(period, field)), "Nord")["pledged"]
        for period in ("365", "alle")
        for field in ("", "sport", "culture", "health")
    }
    assert counted == {
        ("365", ""): 15,
        ("365", "sport"): 10,
        ("365", "culture"): 10,
        ("365", "health"): 5,
        ("alle", ""): 20,
        ("alle", "sport"): 15,
        ("alle", "culture"): 10,
        ("alle", "health"): 5,
    }


def company(each: TimePledge | Placement, heads: int) -> None:
    Volunteer.objects.filter(pk=each.volunteer_id).update(group_name="Chor", heads=heads)
    if isinstance(each, Placement):
        Placement.objects.filter(pk=each.pk).update(heads=heads)
        HoursEntry.objects.filter(placement=each).update(heads=heads)


def test_of_a_group_all_heads_are_shown_and_its_one_contact_is_behind_them(now: datetime) -> None:
    north, south = make_district(name="Nord"), make_district(name="Süd")
    task = make_opportunity(district=north, places=90, field="sport", clearance_required=False)
    for number in range(5):
        placed = place(number, task, now, minutes=60)
        if number < 2:
            company(placed, 8)
    for number in range(10, 14):
        company(pledge(number, south, now), 12)
    twice = TimePledge.objects.filter(home_district=north).first()
    assert twice is not None
    TimePledge.objects.create(
        volunteer=twice.volunteer,
        fields=["culture"],
        home_district=north,
        status="open",
        status_changed_at=now,
        created_at=now,
        confirmed_at=now,
        answer_due_at=now,
    )
    let_a_night_pass(now)
    for figures, people in ((public_report(YEAR), 15), (staff_report(YEAR), 65)):
        north_line, south_line = line(figures, "Nord"), line(figures, "Süd")
        assert (north_line["pledged"], north_line["placed"], north_line["hours"]) == (15, 15, 15)
        assert (south_line["pledged"], figures.totals["pledged"].shown) == (None, people)
    city = Figure.objects.get(measure="pledged", period="365", provider=None, field="", is_total=True)
    assert (city.value, city.people) == (19 + 48, 9)


A_MOMENT = timedelta(microseconds=1)
NIGHT = datetime(2026, 3, 29, 22, 0, tzinfo=UTC)  # midnight after the night on which the clock goes forward


@pytest.mark.parametrize(
    ("moment", "is_counted"),
    [
        (datetime(2026, 2, 27, 23, 0, tzinfo=UTC) - A_MOMENT, False),
        (datetime(2026, 2, 27, 23, 0, tzinfo=UTC), True),
        (NIGHT - A_MOMENT, True),
        (NIGHT, False),
    ],
    ids=["before", "first moment", "last moment", "after"],
)
def test_a_period_is_whole_days_in_dueren_up_to_last_night(moment: datetime, is_counted: bool) -> None:
    north = make_district(name="Nord")
    fund = make_fund(district=north)
    task = make_opportunity(district=north, places=9, clearance_required=False)
    for number in range(5):
        gift(number, fund, moment, 1000)
        place(number, task, moment)
    count(NIGHT + timedelta(hours=1))
    found = [line(report(Choice("30")), "Nord") for report in (public_report, staff_report)]
    shown = {key: [each[key] for each in found] for key in ("pledged", "placed", "hours", "gifts")}
    public, staff = (5, 5) if is_counted else (None, 0)
    assert (shown["pledged"], shown["placed"]) == ([public, staff], [public, staff])
    assert shown["hours"] == ([10, 10] if is_counted else [None, 0])
    assert shown["gifts"] == ([5000, 5000] if is_counted else [None, None])


def test_nothing_changes_during_the_day(client: Client, now: datetime) -> None:
    north = make_district(name="Nord")
    fund = make_fund(slug="zweck", district=north, target_cents=900_000)
    task = make_opportunity(district=north, places=9, clearance_required=False)
    for number in range(6):
        place(number, task, now)
        gift(number, fund, now, 1000)
    let_a_night_pass(now)
    pages = ["/wo-wir-stehen/?period=alle", "/spendenzweck/zweck/", "/api/funds/", task.get_absolute_url()]
    pages += ["/zeit/", "/api/opportunities/"]
    before = [stable(client, address) for address in pages]
    tomorrow = now + timedelta(days=1)
    for number in range(10, 30):
        place(number, task, tomorrow)
        gift(number, fund, tomorrow, 1000)
    Role.objects.filter(opportunity=task).update(places_taken=7)
    assert [stable(client, address) for address in pages] == before
    let_a_night_pass(tomorrow)
    after = [stable(client, address) for address in pages]
    assert [one != other for one, other in zip(before, after, strict=True)] == [True] * 3 + [False] * 3


def stable(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    body = answer.content.decode()
    return re.sub(r'(name="(visit|csrfmiddlewaretoken)" value=|nonce=)"[^"]*"', "", body)


def test_fewer_than_five_people_are_shown_to_nobody(now: datetime) -> None:
    north, south = make_district(name="Nord"), make_district(name="Süd")
    for number in range(4):
        pledge(number, north, now)
    for number in range(10, 20):
        pledge(number, south, now)
    let_a_night_pass(now)
    for figures in (public_report(YEAR), staff_report(YEAR)):
        assert line(figures, "Nord")["pledged"] is None
        assert line(figures, "Süd")["pledged"] == 10
        assert figures.totals["pledged"].shown == 10


def test_a_scope_counts_only_its_own_provider(now: datetime) -> None:
    north = make_district(name="Nord")
    mine, other = make_provider(name="Eigener"), make_provider(name="Fremder")
    for provider, first in ((mine, 0), (other, 100)):
        task = make_opportunity(
            provider=provider, district=north, places=30, field="sport", clearance_required=False
        )
        for number in range(5):
            place(first + number, task, now)
    let_a_night_pass(now)
    own = line(staff_report(Choice("365", provider_id=mine.pk)), "Nord")
    assert (own["placed"], own["hours"], own["needs"]) == (5, 10, 30)
    city = line(staff_report(YEAR), "Nord")
    assert (city["placed"], city["hours"], city["needs"]) == (10, 20, 60)


def test_the_period_before_stands_beside(now: datetime) -> None:
    north = make_district(name="Nord")
    for number in range(16):
        pledge(number, north, now)
    for number in range(20, 31):
        pledge(number, north, now - timedelta(days=30))
    let_a_night_pass(now)
    for report in (public_report, staff_report):
        (figures,) = [each for each in report(Choice("30")).lines if each.district]
        assert (figures.cells["pledged"].shown, figures.cells["pledged"].before) == (15, 10)
        assert figures.cells["pledged"].change == 5
        (ever,) = [each for each in report(Choice("alle")).lines if each.district]
        assert (ever.cells["pledged"].shown, ever.cells["pledged"].change) == (25, None)


@pytest.mark.parametrize("query", [{}, {"field": "nope", "period": "x", "measure": "'"}, {"period": "\x00"}])
def test_nonsense_falls_back_to_the_defaults(query: dict[str, str]) -> None:
    form = FigureFilter(query)
    assert form.choice == Choice("365", "", None)
    assert form.map_measure == "needs"


def test_who_coordinates_two_providers_chooses_one_of_them_and_no_other() -> None:
    one, two, other = make_provider("Eins"), make_provider("Zwei"), make_provider("Drei")
    user = make_user(Membership.Role.COORDINATOR, one)
    Membership.objects.create(user=user, provider=two, role=Membership.Role.COORDINATOR)
    scope = scope_of(user)
    asked = {"": one.pk, str(two.pk): two.pk, str(other.pk): one.pk, "0": one.pk, "alle": one.pk}
    assert {key: FigureFilter({"provider": key}, scope).choice.provider_id for key in asked} == asked
    office = scope_of(make_user(Membership.Role.COORDINATOR, make_youth_office()))
    assert FigureFilter({"provider": str(other.pk)}, office).choice.provider_id == other.pk
    assert FigureFilter({"provider": "0"}, office).choice.provider_id is None


def test_the_pages_need_few_queries_whatever_the_number_of_rows(
    client: Client, city: None, now: datetime, django_assert_max_num_queries: Any
) -> None:
    north = District.objects.get(slug="nord-dueren")
    for number in range(40):
        pledge(number, north, now)
    let_a_night_pass(now)
    with django_assert_max_num_queries(10):
        page = client.get("/wo-wir-stehen/?period=alle&measure=pledged").content.decode()
    assert "Nord-Düren: 40" in page


def test_a_report_with_its_districts_is_one_question(
    city: None, now: datetime, django_assert_num_queries: Any
) -> None:
    let_a_night_pass(now)
    for number, report in enumerate((public_report, staff_report), start=1):
        report(YEAR)
        north = District.objects.get(slug="nord-dueren")
        year, people = 2030 + number, Decimal(f"812.5{number}")
        north.figures.create(kind="population", value=people, year=year, source="Stadt")
        with django_assert_num_queries(1):
            lines = report(YEAR).lines
        assert [
            line.district.pk for line in lines if line.district and line.population == (people, year, "")
        ] == [north.pk]
        told = [line.district for line in lines]
        assert {each.pk: columns(each) for each in told if each} == {
            each.pk: columns(each) for each in District.objects.all()
        }


def columns(district: District) -> dict[str, object]:
    return {name: value for name, value in vars(district).items() if name not in ("_state", "loaded_values")}


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
    reader = reader_of(make_user(Membership.Role.COORDINATOR, mine), local_day(now))
    assert {each.kind.slug: each.count for each in waiting_for(reader, now)} == {"zusagen": 1}
