"""The matcher's answer to one event: who confirms is asked at once, a free place is offered at once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection

from foundation.actors import system
from foundation.clock import local_day
from foundation.sweeps import run
from foundation.times_of_week import WeeklyTime
from programs.models import District, Opportunity, Provider, Role
from programs.signals import need_changed
from tests.database import database_address
from tests.factories import make_district, make_opportunity, make_provider, occupied
from tests.volunteers.pledging import mails, make_placement, make_pledge, make_sent_offer
from volunteers.matching import NO_PRICE
from volunteers.models import MatchRequest, MatchRun, Offer, TimePledge
from volunteers.services.answers import decline_offer
from volunteers.services.match_plan import proposals_for_pledge
from volunteers.services.match_runs import MATCHING_LOCK
from volunteers.services.placement_endings import stop_placement
from volunteers.services.withdrawals import withdraw_pledge

pytestmark = pytest.mark.django_db

AFTERNOONS = [WeeklyTime(day, 14 * 60, 18 * 60) for day in range(5)]
MONDAY = WeeklyTime(0, 14 * 60, 18 * 60)
MONDAY_SLOT, TUESDAY_SLOT, SUNDAY_SLOT = (0, 900, 960), (1, 900, 960), (6, 900, 960)
Commits = Callable[..., Any]


def answer(now: datetime) -> int | None:
    return run("volunteers.match_wanted", now)


def asked() -> set[tuple[str, str]]:
    """Return (address, title) of every question that was put."""
    put = Offer.objects.filter(sent_at__isnull=False)
    return set(put.values_list("pledge__volunteer__mailbox__email", "opportunity__title"))


def confirmed(now: datetime, name: str = "maria", **wishes: Any) -> TimePledge:
    return make_pledge(now, email=f"{name}@example.org", **{"times": [MONDAY], **wishes})


def changed(*opportunities: Opportunity, now: datetime) -> None:
    need_changed.send(sender=Opportunity, now=now, opportunity_ids=[each.pk for each in opportunities])


def test_who_confirms_is_asked_at_once_without_a_run(now: datetime, run_commits: Commits) -> None:
    make_opportunity("Sonntags", slots=[SUNDAY_SLOT])
    make_opportunity("Voll", slots=[MONDAY_SLOT], places_taken=1)
    make_opportunity("Vorlesen", slots=[MONDAY_SLOT])
    with run_commits(execute=True):
        pledge = confirmed(now)
    assert MatchRequest.objects.values_list("pledge", "opportunity").get() == (pledge.pk, None)

    assert answer(now) == 1

    assert asked() == {("maria@example.org", "Vorlesen")}
    assert occupied(Opportunity.objects.get(title="Vorlesen")) == 1
    assert mails("offer").count() == 1
    assert not MatchRun.objects.exists()
    assert not MatchRequest.objects.exists()
    assert answer(now + timedelta(seconds=30)) == 0
    assert mails("offer").count() == 1


def test_who_confirms_wakes_a_worker_and_a_task_that_may_still_change_does_not(
    now: datetime, run_commits: Commits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the next look, every fifteen seconds, finds both."""
    woken: list[str] = []
    monkeypatch.setattr("volunteers.services.match_requests.nudge_now", woken.append)
    with run_commits(execute=True):
        confirmed(now)
    assert woken == ["volunteers.match_wanted"]
    with run_commits(execute=True):
        changed(make_opportunity("Vorlesen", slots=[MONDAY_SLOT]), now=now)
    assert woken == ["volunteers.match_wanted"]
    assert MatchRequest.objects.count() == 2


def test_the_wished_task_comes_before_what_fits_better(now: datetime, run_commits: Commits) -> None:
    home, far = make_district("Nord", latitude=50.80), make_district("Süd", latitude=50.83)
    make_opportunity("Nebenan", slots=[MONDAY_SLOT], district=home)
    wished = make_opportunity("Gewünscht", slots=[MONDAY_SLOT], district=far)
    with run_commits(execute=True):
        confirmed(now, wanted=wished, home_district=home)

    assert answer(now) == 1

    assert asked() == {("maria@example.org", "Gewünscht")}
    assert Offer.objects.get().reasons[0] == {"code": "wanted", "values": []}


def test_a_task_dearer_than_its_worth_waits_for_the_run(now: datetime, run_commits: Commits) -> None:
    """A high price says that others need this place more; a full task that is free again costs nothing."""
    dear = make_opportunity("Begehrt", slots=[MONDAY_SLOT])
    Role.objects.filter(opportunity=dear).update(matching_price=1_000_000)
    with run_commits(execute=True):
        confirmed(now)
    assert answer(now) == 0
    Role.objects.filter(opportunity=dear).update(matching_price=NO_PRICE)
    with run_commits(execute=True):
        confirmed(now, "jonas")

    assert answer(now) == 1

    assert asked() == {("jonas@example.org", "Begehrt")}


@pytest.mark.parametrize(("north", "east"), [(4.9, 0), (-4.9, 0), (0, 4.9), (0, -4.9), (3.4, -3.4)])
@pytest.mark.parametrize("latitude", [47.5, 54.9])
def test_what_is_just_within_the_way_is_found_in_every_direction(
    now: datetime, run_commits: Commits, north: float, east: float, latitude: float
) -> None:
    """4.9 km of at most 5; a degree of longitude is 75 km in the south of Germany and 64 in the north."""
    per_degree = 75.3 if latitude < 50 else 64.0
    home = make_district("Mitte", latitude=latitude, longitude=10.0)
    make_opportunity(
        "Am Rand",
        slots=[MONDAY_SLOT],
        latitude=latitude + north / 111.2,
        longitude=10.0 + east / per_degree,
    )
    make_opportunity("Zu weit", slots=[TUESDAY_SLOT], latitude=latitude + 0.1, longitude=10.0)
    with run_commits(execute=True):
        confirmed(now, home_district=home, max_distance_km=5, times=AFTERNOONS)

    assert answer(now) == 1

    assert asked() == {("maria@example.org", "Am Rand")}


@pytest.mark.parametrize(
    ("slots", "asks"),
    [
        ([(0, 840, 1080)], 1),
        ([(0, 840, 855)], 1),
        ([(0, 1065, 1080)], 1),
        ([], 1),
        ([MONDAY_SLOT, (2, 600, 660)], 1),
        ([(0, 1080, 1140)], 0),
        ([(0, 780, 840)], 0),
        ([(0, 825, 900)], 0),
        ([TUESDAY_SLOT], 0),
        ([MONDAY_SLOT, TUESDAY_SLOT], 0),
    ],
)
def test_who_confirms_is_asked_for_what_lies_within_their_times_or_has_none(
    now: datetime, run_commits: Commits, slots: list[tuple[int, int, int]], asks: int
) -> None:
    make_opportunity("Vorlesen", slots=slots)
    with run_commits(execute=True):
        confirmed(now, times=[MONDAY, WeeklyTime(2, 600, 660)], hours_per_week=9)

    assert answer(now) == asks


def test_who_confirms_is_not_asked_for_what_is_over_hidden_or_of_a_provider_not_verified(
    now: datetime, run_commits: Commits
) -> None:
    today = local_day(now)
    make_opportunity("Vorbei", slots=[MONDAY_SLOT], ends_on=today - timedelta(days=1))
    make_opportunity("Ruht", slots=[MONDAY_SLOT], status="paused")
    doubted = make_opportunity("Ungeprüft", slots=[MONDAY_SLOT], provider=make_provider("Neu"))
    Provider.objects.filter(pk=doubted.provider_id).update(is_verified=False)
    with run_commits(execute=True):
        confirmed(now)
    assert answer(now) == 0
    make_opportunity("Heute zuletzt", slots=[MONDAY_SLOT], ends_on=today)
    with run_commits(execute=True):
        confirmed(now, "jonas")

    assert answer(now) == 1

    assert asked() == {("jonas@example.org", "Heute zuletzt")}


@pytest.mark.parametrize("slot", [(0, 1380, 1440), (1, 0, 60), (1, 60, 120)])
def test_whose_time_goes_on_past_midnight_is_asked_for_both_sides_of_it(
    now: datetime, run_commits: Commits, slot: tuple[int, int, int]
) -> None:
    make_opportunity("Nachtwache", slots=[slot])
    with run_commits(execute=True):
        confirmed(now, times=[WeeklyTime(0, 22 * 60, 24 * 60), WeeklyTime(1, 0, 120)])

    assert answer(now) == 1


@pytest.mark.parametrize("tasks", [1, 12])
def test_one_person_is_answered_in_six_queries_whatever_there_is_to_do(
    now: datetime, tasks: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(tasks):
        make_opportunity(f"Vorlesen {number}", slots=[MONDAY_SLOT])
    pledge = confirmed(now)
    with django_assert_num_queries(6):
        assert len(proposals_for_pledge(pledge.pk, now)) == 1
    TimePledge.objects.filter(pk=pledge.pk).update(status=TimePledge.Status.WITHDRAWN)
    with django_assert_num_queries(2):
        assert proposals_for_pledge(pledge.pk, now) == []


def test_a_changed_task_settles_and_asks_its_wishers_then_the_best(
    now: datetime, run_commits: Commits
) -> None:
    task = make_opportunity("Vorlesen", slots=[MONDAY_SLOT], places=3, status="paused")
    near, far = task.district, make_district("Süd", latitude=task.district.latitude + 0.03)
    confirmed(now, "sonntag", times=[WeeklyTime(6, 14 * 60, 18 * 60)])
    confirmed(now - timedelta(days=9), "lange-weit", home_district=far)
    confirmed(now - timedelta(days=2), "kurz-nah", home_district=near)
    confirmed(now - timedelta(days=5), "lang-nah", home_district=near)
    confirmed(now, "wunsch", wanted=task, home_district=far)
    MatchRequest.objects.all().delete()
    Opportunity.objects.filter(pk=task.pk).update(status="published")
    with run_commits(execute=True):
        changed(task, now=now)
    with run_commits(execute=True):
        changed(task, now=now + timedelta(seconds=5))

    assert answer(now + timedelta(seconds=9)) == 0
    assert answer(now + timedelta(seconds=10)) == 3

    assert {email for email, _title in asked()} == {
        "wunsch@example.org",
        "lang-nah@example.org",
        "kurz-nah@example.org",
    }
    task.refresh_from_db()
    assert occupied(task) == 3
    assert not MatchRun.objects.exists()


def test_a_declined_place_goes_to_somebody_else_and_never_back(now: datetime, run_commits: Commits) -> None:
    task = make_opportunity("Vorlesen", slots=[MONDAY_SLOT])
    offer = make_sent_offer(confirmed(now), task, now)
    confirmed(now, "jonas")
    with run_commits(execute=True):
        decline_offer(offer, reason="time", now=now)

    assert answer(now + timedelta(seconds=10)) == 1

    assert asked() == {("maria@example.org", "Vorlesen"), ("jonas@example.org", "Vorlesen")}
    assert Offer.objects.filter(pledge=offer.pledge).count() == 1


def test_an_ended_placement_frees_place_and_person(now: datetime, run_commits: Commits) -> None:
    task = make_opportunity("Vorlesen", slots=[MONDAY_SLOT])
    other = make_opportunity("Backen", slots=[MONDAY_SLOT])
    placement = make_placement(confirmed(now), task, now, "awaiting_confirmation")
    TimePledge.objects.update(status="placed")
    confirmed(now, "jonas", max_distance_km=5)
    Role.objects.filter(opportunity=other).update(matching_price=0)
    with run_commits(execute=True):
        stop_placement(placement, reason="not_fitting", actor=system("test"), now=now)

    assert answer(now + timedelta(seconds=10)) == 2

    assert asked() == {("maria@example.org", "Backen"), ("jonas@example.org", "Vorlesen")}


@pytest.mark.parametrize("people", [0, 26])
def test_much_at_once_or_a_change_for_all_is_answered_by_one_run(
    now: datetime, run_commits: Commits, people: int
) -> None:
    make_opportunity("Vorlesen", slots=[MONDAY_SLOT], places=30)
    with run_commits(execute=True):
        for number in range(people):
            confirmed(now, f"person-{number}")
        if not people:
            need_changed.send(sender=District, now=now - timedelta(seconds=10), opportunity_ids=[])

    assert answer(now) == people

    assert MatchRun.objects.count() == 1
    assert len(asked()) == people
    assert not MatchRequest.objects.exists()


def test_nothing_is_answered_while_a_run_is_under_way_and_nothing_lost(
    now: datetime, run_commits: Commits
) -> None:
    make_opportunity("Vorlesen", slots=[MONDAY_SLOT])
    with run_commits(execute=True):
        confirmed(now)
    with psycopg.connect(database_address(connection.settings_dict["NAME"])) as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", MATCHING_LOCK)
        assert answer(now) == 0
        other.execute("SELECT pg_advisory_unlock(%s, %s)", MATCHING_LOCK)  # else only when its server ends
    assert MatchRequest.objects.count() == 1

    assert answer(now + timedelta(seconds=15)) == 1


def test_who_left_or_finds_nothing_is_not_asked(now: datetime, run_commits: Commits) -> None:
    with run_commits(execute=True):
        confirmed(now, "vergeblich")
        gone = confirmed(now, "weg")
    assert answer(now) == 0
    with run_commits(execute=True):
        withdraw_pledge(gone, now=now)
    make_opportunity("Vorlesen", slots=[MONDAY_SLOT])

    assert answer(now + timedelta(seconds=20)) == 0

    assert asked() == set()
    assert not MatchRequest.objects.exists()


def test_a_task_nobody_is_free_for_asks_nobody(now: datetime, run_commits: Commits) -> None:
    task = make_opportunity("Sonntags", slots=[SUNDAY_SLOT])
    confirmed(now)
    MatchRequest.objects.all().delete()
    with run_commits(execute=True):
        changed(task, now=now)

    assert answer(now + timedelta(seconds=10)) == 0

    assert not MatchRequest.objects.exists()
    assert asked() == set()
