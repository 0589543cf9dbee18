"""Zuordnung: the youth office says what counts, and sees before what that would change."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from foundation.clock import utc_now
from foundation.times_of_week import WeeklyTime
from programs.models import District, Membership, Opportunity
from tests.factories import (
    make_district,
    make_opportunity,
    make_provider,
    make_shift,
    make_user,
    make_youth_office,
)
from tests.volunteers.pledging import make_group, make_pledge
from tests.volunteers.test_stand_ins import ALWAYS
from volunteers.forms.match_weights import WeightingForm
from volunteers.models import MatchRequest, MatchRun, Offer, Weighting
from volunteers.services.match_runs import run_matching

pytestmark = pytest.mark.django_db

PAGE = "/koordination/zuordnung/"
MONDAY = WeeklyTime(0, 14 * 60, 18 * 60)
SLOT = (0, 900, 960)


@pytest.fixture
def office(client: Client) -> Client:
    client.force_login(make_user(Membership.Role.COORDINATOR, make_youth_office(), email="amt@example.org"))
    return client


@pytest.fixture
def town() -> tuple[Opportunity, Opportunity]:
    """Make one person between two tasks at the same hour: one near, one in a district in need."""
    home = make_district("Mitte", latitude=50.80, longitude=6.48)
    near = make_opportunity("Nebenan", district=home, slots=[SLOT])
    far = make_opportunity(
        "Weiter weg", district=make_district("Rand", latitude=50.82, longitude=6.48), slots=[SLOT]
    )
    make_pledge(utc_now(), first_name="Maria", times=[MONDAY], home_district=home, max_distance_km=10)
    MatchRequest.objects.all().delete()
    return near, far


def answers(**changes: Any) -> dict[str, Any]:
    """Return what the form holds as it is opened."""
    parts = dict.fromkeys(["field", "hours", "near", "need", "district", "waiting"], 100)
    needs = {f"need_{district.pk}": district.need_weight for district in District.objects.all()}
    last = Weighting.objects.first()
    seen = {"follows": last.pk if last else "", "reason": "", "figures_year": "2024"}
    return {**parts, **needs, **seen, **changes}


def far_first(far: Opportunity) -> dict[str, Any]:
    return {"near": 0, "need": 200, f"need_{far.district_id}": 200}


def asked() -> list[str]:
    return list(Offer.objects.filter(status="sent").values_list("opportunity__title", flat=True))


def test_what_is_needed_to_set_it_is_nowhere_called_voluntary(
    office: Client, town: tuple[Opportunity, Opportunity]
) -> None:
    for page in (office.get(PAGE), office.post(PAGE, answers(preview="1"))):
        assert "(freiwillig)" not in page.content.decode()
    refused = office.post(PAGE, answers(set="1", figures_year=""))
    assert refused.status_code == 422
    assert sorted(refused.context["form"].errors) == ["figures_year", "reason"]


@pytest.mark.parametrize(("asking", "is_few"), [(2, False), (7, True)])
def test_the_office_is_told_when_hardly_any_task_is_for_everybody(
    office: Client, town: tuple[Opportunity, Opportunity], asking: int, is_few: bool
) -> None:
    for number in range(asking):
        make_opportunity(skills=["reading"] if number % 2 else [], languages=[] if number % 2 else ["tr"])
    make_opportunity("Voll", places=1, places_taken=1)
    page = " ".join(office.get(PAGE).content.decode().split())
    assert f"Von {asking + 2} Aufgaben, die suchen, brauchen 2 weder Fähigkeit noch Sprache." in page
    assert ("Bitten Sie die Träger um Aufgaben" in page) is is_few


def test_the_look_ahead_names_who_would_be_asked_instead_and_changes_nothing(
    office: Client, town: tuple[Opportunity, Opportunity]
) -> None:
    _near, far = town
    page = office.post(PAGE, answers(preview="1", **far_first(far)))

    assert page.status_code == 200
    preview = page.context["preview"]
    assert (preview.before, preview.after, preview.change_count) == (1, 1, 1)
    assert {(row.name, row.before, row.after) for row in preview.districts} == {
        ("Mitte", 1, 0),
        ("Rand", 0, 1),
    }
    assert "Maria: Weiter weg statt Nebenan" in page.content.decode()
    assert not Weighting.objects.exists()
    assert not Offer.objects.exists()
    assert not MatchRun.objects.exists()
    assert District.objects.get(pk=far.district_id).need_weight == 100
    assert page.context["form"]["near"].value() == "0"


def test_the_look_ahead_counts_all_who_would_be_asked_and_the_places_of_a_group(office: Client) -> None:
    """Where time is short more people are asked than there are places; a group fills several with one yes."""
    now = utc_now()
    home, away = make_district("Mitte"), make_district("Rand", latitude=50.82, longitude=6.48)
    open_to_all = {"clearance_required": False, "contact_with_minors": False}
    fete = make_opportunity("Sommerfest", district=home, places=1, slots=[], **open_to_all)
    make_shift(fete, now + timedelta(days=5), minutes=120)
    make_opportunity("Großputz", district=away, places=3, slots=[SLOT], **open_to_all)
    for number in range(5):
        make_pledge(now, email=f"p{number}@example.org", times=ALWAYS, hours_per_week=1, home_district=home)
    make_group(now, 3, times=[MONDAY], home_district=away)

    page = office.post(PAGE, answers(preview="1"))

    run_matching(now)
    put = list(Offer.objects.filter(status="sent").values_list("opportunity__title", "heads"))
    preview = page.context["preview"]
    assert put.count(("Großputz", 3)) == 1
    assert put.count(("Sommerfest", 1)) == len(put) - 1 > 1
    assert (preview.before, preview.after) == (len(put), len(put))
    assert (preview.places_before, preview.places_after, preview.change_count) == (4, 4, 0)
    assert {(row.name, row.before, row.after) for row in preview.districts} == {
        ("Mitte", 1, 1),
        ("Rand", 3, 3),
    }
    text = " ".join(page.content.decode().split())
    assert f"Anfragen: jetzt {len(put)}, damit {len(put)}." in text
    assert "Plätze, für die sich so jemand findet: jetzt 4, damit 4." in text


def test_without_a_change_nobody_would_be_asked_for_something_else(
    office: Client, town: tuple[Opportunity, Opportunity]
) -> None:
    page = office.post(PAGE, answers(preview="1"))
    assert page.context["preview"].change_count == 0
    assert "Niemand würde anders gefragt." in page.content.decode()


def test_what_is_set_holds_for_the_next_run_and_is_kept_with_its_reason(
    office: Client, town: tuple[Opportunity, Opportunity], run_commits: Any
) -> None:
    _near, far = town
    with run_commits(execute=True):
        answer = office.post(
            PAGE, answers(set="1", reason="Sozialraumbericht: Rand zuerst.", **far_first(far))
        )
    assert (answer.status_code, answer["Location"]) == (303, PAGE)

    row = Weighting.objects.get()
    assert (row.near, row.need, row.field, row.follows, row.figures_year) == (0, 200, 100, None, 2024)
    assert row.needs[far.district.slug] == 200
    assert row.set_by is not None
    assert row.set_by.email == "amt@example.org"
    far.district.refresh_from_db()
    assert far.district.need_weight == 200
    assert MatchRequest.objects.values_list("pledge", "opportunity").get() == (None, None)
    run = run_matching(utc_now())
    assert run is not None
    run.refresh_from_db()
    assert asked() == ["Weiter weg"]
    assert (run.weights["near"], run.weights["need"], run.weights["placed"]) == (0, 200_000, 300_000)
    shown = office.get(PAGE).content.decode()
    assert "Sozialraumbericht: Rand zuerst. (Zahlen von 2024)" in shown


@pytest.mark.parametrize("year", ["", "1989", "2999", "zwanzig"])
def test_it_is_asked_of_which_year_the_figures_are(
    office: Client, town: tuple[Opportunity, Opportunity], year: str
) -> None:
    page = office.post(PAGE, answers(set="1", reason="Rand zuerst.", figures_year=year))
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["figures_year"]
    assert not Weighting.objects.exists()


@pytest.mark.parametrize(("year", "holds"), [("2026", True), ("2027", False)])
def test_figures_of_a_year_to_come_are_none(year: str, holds: bool) -> None:
    form = WeightingForm(
        answers(set="1", reason="Neu.", figures_year=year), current=None, today=date(2026, 12, 31)
    )
    assert form.is_valid() is holds


def test_of_a_weighting_from_before_no_year_is_told(office: Client) -> None:
    Weighting.objects.create(reason="Wie bisher.", set_at=utc_now())
    assert "Wie bisher.</li>" in office.get(PAGE).content.decode()


def test_as_designed_the_near_one_is_asked(town: tuple[Opportunity, Opportunity]) -> None:
    run_matching(utc_now())
    assert asked() == ["Nebenan"]


def test_of_two_who_change_it_at_once_one_is_told(
    office: Client, town: tuple[Opportunity, Opportunity]
) -> None:
    stale = answers(set="1", reason="Zuerst gesehen.", waiting=200)
    assert office.post(PAGE, answers(set="1", reason="Schneller.", near=50)).status_code == 303

    page = office.post(PAGE, stale, follow=True)

    assert "Inzwischen hat jemand anderes die Gewichtung geändert." in page.content.decode()
    assert Weighting.objects.get().reason == "Schneller."


def test_the_database_keeps_one_chain_and_bounded_parts(town: tuple[Opportunity, Opportunity]) -> None:
    first = Weighting.objects.create(reason="a", set_at=utc_now())
    Weighting.objects.create(reason="b", set_at=utc_now(), follows=first)
    for wrong in ({"follows": first}, {"follows": None}, {"follows": Weighting.objects.first(), "near": 201}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Weighting.objects.create(reason="c", set_at=utc_now(), **wrong)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": ""}, "Begründung"),
        ({"reason": "Die kleine Lena Yilmaz aus der 3b braucht es."}, ""),
        ({"reason": "x", "near": 37}, ""),
        ({"reason": "x", "near": "viel"}, ""),
        ({"reason": "x", "need": ""}, ""),
    ],
)
def test_a_wrong_answer_comes_back_filled_and_changes_nothing(
    office: Client, town: tuple[Opportunity, Opportunity], changes: dict[str, Any], words: str
) -> None:
    page = office.post(PAGE, answers(set="1", waiting=150, **changes))
    assert page.status_code == 422
    assert words in page.content.decode()
    assert page.context["form"]["waiting"].value() == "150"
    assert not Weighting.objects.exists()


@pytest.mark.parametrize("weight", ["-1", "201", "1e3", ""])
def test_a_need_out_of_bounds_is_refused(
    office: Client, town: tuple[Opportunity, Opportunity], weight: str
) -> None:
    page = office.post(PAGE, answers(set="1", reason="x", **{f"need_{town[0].district_id}": weight}))
    assert page.status_code == 422
    assert District.objects.get(pk=town[0].district_id).need_weight == 100


def test_a_provider_neither_sees_nor_sets_it(client: Client, town: tuple[Opportunity, Opportunity]) -> None:
    client.force_login(make_user(Membership.Role.COORDINATOR, make_provider()))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, answers(set="1", reason="x")).status_code == 403
    assert not Weighting.objects.exists()


def test_a_town_without_people_can_look_ahead_too(office: Client) -> None:
    make_district("Leer")
    page = office.post(PAGE, answers(preview="1", waiting=0))
    assert page.status_code == 200
    assert (page.context["preview"].before, page.context["preview"].after) == (0, 0)


def test_waiting_people_come_first_where_that_counts_alone(office: Client) -> None:
    """Two people for one place, equal but for the days since they were asked."""
    now = utc_now()
    make_opportunity("Vorlesen", slots=[SLOT])
    make_pledge(now, email="neu@example.org", times=[MONDAY])
    make_pledge(now - timedelta(days=50), email="lange@example.org", times=[MONDAY])
    run_matching(now)
    assert Offer.objects.get(status="sent").pledge.volunteer.email == "lange@example.org"
