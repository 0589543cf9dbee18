"""Asking by hand: a question like the matcher's; hard gates hold, soft ones are opened by name and noted."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from foundation.clock import local_day, utc_now
from foundation.history import lines_of
from foundation.times_of_week import WeeklyTime
from foundation.units import MinuteOfDay
from programs.access import actor_of
from programs.models import Opportunity, Role
from tests.factories import (
    make_coordinator,
    make_district,
    make_opportunity,
    make_youth_office,
    occupied,
    role_of,
)
from tests.volunteers.pledging import mails, make_placement, make_pledge, make_sent_offer
from volunteers.models import Offer, TimePledge, Volunteer
from volunteers.services.answers import accept_offer
from volunteers.services.asking import AskOutcome, ask_by_hand
from volunteers.services.match_runs import alone
from volunteers.services.misfits import withdraw_misfits
from volunteers.services.suggestions import people_for, tasks_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return utc_now()


@pytest.fixture
def office() -> User:
    return make_coordinator(make_youth_office())


def make_task(title: str = "Lesecafé", **values: Any) -> Opportunity:
    return make_opportunity(title, **{"places": 2, "clearance_required": False, **values})


def asked(pledge: TimePledge, task: Opportunity, office: User, now: datetime, *codes: str) -> str:
    return ask_by_hand(pledge, role_of(task), in_spite_of=codes, actor=actor_of(office), now=now).outcome


def left_alone(task: Opportunity, before: int = 0, offers: int = 0) -> None:
    task.refresh_from_db()
    assert (occupied(task), Offer.objects.count(), mails("offer").count()) == (before, offers, 0)


def test_a_question_by_hand_is_one_like_any_other(office: User, now: datetime) -> None:
    pledge, task = make_pledge(now), make_task()
    assert asked(pledge, task, office, now) == AskOutcome.SENT
    offer = Offer.objects.get()
    task.refresh_from_db()
    assert (offer.status, offer.sent_at, occupied(task)) == ("sent", now, 1)
    assert (offer.is_by_hand, offer.in_spite_of) == (True, set())
    assert "dienstags frei" in offer.reason_texts
    assert mails("offer").get().to_email == "maria@example.org"
    assert Volunteer.objects.get().last_asked_at == now
    noted = lines_of(offer).get(changes__has_key="asked_by_hand")
    assert (noted.actor_user, noted.actor_role) == (office.pk, "youth_office")
    accept_offer(offer, now=now)
    assert pledge.placements.get().status == "awaiting_confirmation"


def test_nobody_is_asked_the_same_twice(office: User, now: datetime) -> None:
    pledge, task = make_pledge(now, hours_per_week=9), make_task()
    TimePledge.objects.update(placements_wanted=3)
    assert asked(pledge, task, office, now) == AskOutcome.SENT
    assert asked(pledge, task, office, now) == AskOutcome.IN_THE_WAY
    assert Offer.objects.count() == mails("offer").count() == 1


SATURDAY = (5, 9 * 60, 10 * 60)


def morning(weekday: int) -> WeeklyTime:
    return WeeklyTime(weekday, MinuteOfDay(8 * 60), MinuteOfDay(12 * 60))


def _away(pledge: TimePledge, task: Opportunity, now: datetime) -> None:
    pledge.exceptions.create(from_on=local_day(now), until_on=local_day(now))


def _paused(pledge: TimePledge, task: Opportunity, now: datetime) -> None:
    TimePledge.objects.update(status="paused", paused_until=local_day(now) + timedelta(days=9))


def _withdrawn(pledge: TimePledge, task: Opportunity, now: datetime) -> None:
    TimePledge.objects.update(status="withdrawn")


def _asked_enough(pledge: TimePledge, task: Opportunity, now: datetime) -> None:
    for day in range(6):
        offer = make_sent_offer(pledge, make_opportunity(slots=[(day, 60, 120)]), now - timedelta(hours=1))
        Offer.objects.filter(pk=offer.pk).update(status="declined", answered_at=now)


def _full(pledge: TimePledge, task: Opportunity, now: datetime) -> None:
    Role.objects.filter(opportunity=task).update(places_taken=2)


def _busy(pledge: TimePledge, task: Opportunity, now: datetime) -> None:
    make_placement(pledge, make_task("Anderes"), now, "awaiting_confirmation")


def _too_young(pledge: TimePledge, task: Opportunity, now: datetime) -> None:
    Volunteer.objects.update(is_adult=False)
    Role.objects.filter(opportunity=task).update(minimum_age=18)


def _too_long(pledge: TimePledge, task: Opportunity, now: datetime) -> None:
    TimePledge.objects.update(hours_per_week=1)


def _paused_task(pledge: TimePledge, task: Opportunity, now: datetime) -> None:
    Opportunity.objects.filter(pk=task.pk).update(status="paused")


def _closed_task(pledge: TimePledge, task: Opportunity, now: datetime) -> None:
    Opportunity.objects.filter(pk=task.pk).update(status="closed")


def _unverified(pledge: TimePledge, task: Opportunity, now: datetime) -> None:
    task.provider.is_verified = False
    task.provider.save()


HARD = [
    _away,
    _paused,
    _withdrawn,
    _asked_enough,
    _full,
    _busy,
    _too_young,
    _too_long,
    _paused_task,
    _closed_task,
    _unverified,
]


@pytest.mark.parametrize("close", HARD, ids=lambda each: each.__name__)
@pytest.mark.parametrize(
    "named", [(), ("time", "distance", "age_group", "skill", "language", "age", "hours")]
)
def test_a_hard_gate_is_opened_by_nobody(
    office: User, now: datetime, close: Callable[..., None], named: tuple[str, ...]
) -> None:
    pledge, task = make_pledge(now), make_task()
    close(pledge, task, now)
    task.refresh_from_db()
    before, offers = occupied(task), Offer.objects.count()
    pledge.refresh_from_db()
    assert asked(pledge, task, office, now, *named) != AskOutcome.SENT
    left_alone(task, before, offers)


def misfit(gate: str, now: datetime) -> tuple[TimePledge, Opportunity]:
    near, far = make_district(), make_district(latitude=51.5)
    pledges: dict[str, dict[str, Any]] = {
        "distance": {"home_district": near},
        "age_group": {"age_bands": ["6-9"]},
        "time": {"times": [morning(2)]},
    }
    tasks: dict[str, dict[str, Any]] = {
        "distance": {"district": far},
        "age_group": {"age_bands": ["14-17"]},
        "skill": {"skills": ["music"]},
        "language": {"languages": ["tr"]},
    }
    return make_pledge(now, **pledges.get(gate, {})), make_task(**tasks.get(gate, {}))


@pytest.mark.parametrize("gate", ["time", "distance", "age_group", "skill", "language"])
def test_a_soft_gate_is_opened_by_its_name_alone_and_that_is_noted(
    office: User, now: datetime, gate: str
) -> None:
    pledge, task = misfit(gate, now)
    other = "skill" if gate != "skill" else "language"
    for named in ((), (other,), (gate, other)):
        assert asked(pledge, task, office, now, *named) == AskOutcome.IN_THE_WAY
    left_alone(task)
    assert asked(pledge, task, office, now, gate) == AskOutcome.SENT
    offer = Offer.objects.get()
    assert (offer.status, offer.in_spite_of) == ("sent", {gate})
    assert ("dienstags frei" in offer.reason_texts) is (gate != "time")
    assert lines_of(offer).get(changes__has_key="asked_by_hand").changes == {"asked_by_hand": [None, gate]}


def test_who_fits_needs_no_in_spite_of(office: User, now: datetime) -> None:
    task = make_task()
    assert asked(make_pledge(now), task, office, now, "distance") == AskOutcome.IN_THE_WAY
    left_alone(task)


def test_a_question_in_spite_of_something_outlives_a_change_of_the_task_but_for_what_is_new(
    office: User, now: datetime
) -> None:
    pledge, task = misfit("skill", now)
    assert asked(pledge, task, office, now, "skill") == AskOutcome.SENT
    assert withdraw_misfits([task.pk], now=now) == 0
    Role.objects.filter(opportunity=task).update(languages=["tr"])
    assert withdraw_misfits([task.pk], now=now) == 1
    assert Offer.objects.get().status == "withdrawn"


def test_while_the_matcher_asks_nobody_else_does(office: User, now: datetime) -> None:
    pledge, task = make_pledge(now), make_task()
    outcome = []
    with alone() as is_alone:
        assert is_alone

        def meanwhile() -> None:
            try:
                with alone() as mine:
                    outcome.append(mine)
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            pool.submit(meanwhile).result()
    assert outcome == [False]
    assert asked(pledge, task, office, now) == AskOutcome.SENT


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_for_the_last_place_one_gets_it(now: datetime) -> None:
    office = make_coordinator(make_youth_office())
    task = make_task(places=1)
    pledges = [make_pledge(now, email=f"wer-{number}@example.org") for number in range(4)]

    def ask(pledge: TimePledge) -> str:
        try:
            return asked(TimePledge.objects.get(pk=pledge.pk), task, office, now)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(ask, pledges))
    task.refresh_from_db()
    sent = Offer.objects.filter(status="sent").count()
    assert (outcomes.count(AskOutcome.SENT), sent, occupied(task)) == (1, 1, 1)
    assert mails("offer").count() == 1
    assert Offer.objects.count() == 1


class TestSuggestions:
    def test_people_for_a_task_stand_best_first_and_others_with_why_not(self, now: datetime) -> None:
        near, far = make_district(), make_district(latitude=50.95)
        task = make_task(district=near, languages=["tr"])
        fits_far = make_pledge(
            now, email="a@example.org", home_district=far, max_distance_km=30, languages=["tr"]
        )
        fits_near = make_pledge(now, email="b@example.org", home_district=near, languages=["tr"])
        one_missing = make_pledge(now, email="c@example.org", home_district=near)
        two_missing = make_pledge(now, email="d@example.org", home_district=far)
        make_pledge(now, email="e@example.org", times=[morning(3)], languages=["tr"])
        found = people_for(task.pk, now)
        assert [each.pledge_id for each in found.best] == [fits_near.pk, fits_far.pk]
        assert [each.pledge_id for each in found.others] == [one_missing.pk, two_missing.pk]
        assert [each.missing_codes for each in found.others] == [["language"], ["distance", "language"]]
        assert all(each.may_be_asked_anyway for each in found.others)
        assert "spricht Türkisch" in found.best[0].reason_texts

    def test_tasks_for_a_person_stand_likewise(self, now: datetime) -> None:
        pledge = make_pledge(now, fields=["sport"])
        sport, reading = make_task("Fußball", field="sport"), make_task("Lesen")
        saturday, full = make_task("Samstag", slots=[SATURDAY]), make_task("Voll", places=0)
        found = tasks_for(pledge.pk, [each.pk for each in (full, saturday, reading, sport)], now)
        assert [each.opportunity_id for each in found.best] == [sport.pk, reading.pk]
        others = {each.opportunity_id: each for each in found.others}
        assert set(others) == {saturday.pk, full.pk}
        assert others[saturday.pk].may_be_asked_anyway
        assert not others[full.pk].may_be_asked_anyway
        assert others[full.pk].standing.waiting_phrases == ["alle Plätze vergeben"]

    def test_many_are_cut_and_counted(self, now: datetime) -> None:
        pledge = make_pledge(now)
        tasks = [make_task(f"Aufgabe {number}", slots=[SATURDAY]).pk for number in range(23)]
        found = tasks_for(pledge.pk, tasks, now)
        assert (len(found.best), len(found.others), found.more) == (0, 20, 3)
        every = tasks_for(pledge.pk, tasks, now, all_of_them=True)
        assert (len(every.others), every.more) == (23, 0)
        assert [each.role_id for each in every.others[:20]] == [each.role_id for each in found.others]


class TestPages:
    def client(self, user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def test_from_a_task_one_asks_who_fits_and_comes_back(self, office: User, now: datetime) -> None:
        pledge, task = make_pledge(now), make_task()
        client = self.client(office)
        address = f"/koordination/angebote/{task.pk}/menschen/"
        page = client.get(address).content.decode()
        assert f'action="/koordination/zusagen/{pledge.pk}/fragen/"' in page
        assert f'name="role" value="{role_of(task).pk}"' in page
        answer = client.post(
            f"/koordination/zusagen/{pledge.pk}/fragen/",
            {"role": role_of(task).pk, "back": address},
            follow=True,
        )
        assert answer.redirect_chain == [(address, 303)]
        assert "Gefragt. Die Person bekommt die Nachricht gleich" in answer.content.decode()
        assert "danach schon gefragt" in client.get(address).content.decode()
        again = client.post(
            f"/koordination/zusagen/{pledge.pk}/fragen/", {"role": role_of(task).pk}, follow=True
        )
        assert "Nicht gefragt. Im Weg: danach schon gefragt" in again.content.decode()

    def test_what_is_asked_in_spite_of_is_named_on_the_button(self, office: User, now: datetime) -> None:
        pledge, task = misfit("language", now)
        page = self.client(office).get(f"/koordination/angebote/{task.pk}/menschen/").content.decode()
        assert "Es fehlt: Sprache Türkisch." in page
        assert 'name="in_spite_of" value="language"' in page
        assert "Trotzdem fragen" in page
        self.client(office).post(
            f"/koordination/zusagen/{pledge.pk}/fragen/",
            {"role": role_of(task).pk, "in_spite_of": "language"},
        )
        assert Offer.objects.get().in_spite_of == {"language"}

    @pytest.mark.parametrize("role", ["", "abc", "0"])
    def test_a_role_nobody_knows_changes_nothing(self, office: User, now: datetime, role: str) -> None:
        pledge = make_pledge(now)
        answer = self.client(office).post(f"/koordination/zusagen/{pledge.pk}/fragen/", {"role": role})
        assert answer.status_code in (303, 404)
        assert not Offer.objects.exists()

    def test_a_provider_asks_nobody_by_hand(self, now: datetime) -> None:
        pledge, task = make_pledge(now), make_task()
        client = self.client(make_coordinator(task.provider))
        assert client.get(f"/koordination/angebote/{task.pk}/menschen/").status_code == 403
        asked = client.post(f"/koordination/zusagen/{pledge.pk}/fragen/", {"role": role_of(task).pk})
        assert asked.status_code == 403
        assert "Menschen fragen" not in client.get(f"/koordination/angebote/{task.pk}/").content.decode()
        left_alone(task)
