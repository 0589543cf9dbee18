"""Where time is short several are asked for one place: the faster answer counts, nobody is told a lie."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from foundation.clock import utc_now
from foundation.sweeps import run
from outbox.models import Message
from programs.models import Opportunity, Role
from tests.factories import make_opportunity, make_role, make_shift, role_of
from tests.volunteers.pledging import mails, make_pledge
from tests.volunteers.test_stand_ins import ALWAYS
from volunteers.models import MatchRequest, Offer, Placement, TimePledge, Wave
from volunteers.selectors.waves import in_haste
from volunteers.services.answers import accept_offer, decline_offer
from volunteers.services.links import offer_token
from volunteers.services.match_runs import run_matching
from volunteers.services.pauses import pause_pledge
from volunteers.services.withdrawals import withdraw_pledge

pytestmark = pytest.mark.django_db
TASK = {"clearance_required": False, "contact_with_minors": False, "slots": []}
EXPIRE, ANSWER = "volunteers.expire_offers", "volunteers.match_wanted"

# What the tables say, whatever the services keep beside them: a question alone holds a place, of those that
# share one there are never fewer than places, and all together are what the role holds.
WRONG_PLACES = """
SELECT role.id FROM programs_role AS role
LEFT JOIN volunteers_wave AS wave ON wave.role_id = role.id
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE is_shared) AS together, count(*) FILTER (WHERE NOT is_shared) AS alone
    FROM volunteers_offer WHERE role_id = role.id AND status = 'sent'
) AS asked
WHERE places_held <> alone + coalesce(wave.places, 0) OR together < coalesce(wave.places, 0)
   OR (together > 0 AND coalesce(wave.places, 0) = 0)
   OR places_taken <> (SELECT count(*) FROM volunteers_placement WHERE role_id = role.id
                       AND status IN ('awaiting_confirmation', 'awaiting_clearance', 'active'))
"""


def wrong_places() -> list[object]:
    with connection.cursor() as cursor:
        cursor.execute(WRONG_PLACES)
        return cursor.fetchall()


def fete(now: datetime, *, days: float = 5, places: int = 1) -> Opportunity:
    """A single afternoon, so many days ahead."""
    task = make_opportunity("Sommerfest", places=places, **TASK)
    make_shift(task, now + timedelta(days=days), minutes=120)
    return task


def crowd(now: datetime, count: int) -> list[TimePledge]:
    return [
        make_pledge(now, first_name=f"P{number}", email=f"p{number}@example.org", times=ALWAYS)
        for number in range(count)
    ]


def states() -> list[str]:
    return sorted(Offer.objects.values_list("status", flat=True))


def held(task: Opportunity) -> tuple[int, int]:
    role = role_of(task)
    return role.places_taken, role.places_held


def questions() -> list[Offer]:
    return list(Offer.objects.filter(status="sent").select_related("pledge").order_by("pk"))


def address(offer: Offer) -> str:
    return reverse("offer_answer", args=[offer_token(offer, utc_now())])


class TestHaste:
    @pytest.mark.parametrize(
        ("days", "people", "until"),
        [
            ([5], 2, date(2026, 3, 3)),
            ([1.9], 3, date(2026, 3, 3)),
            ([0.2], 3, date(2026, 3, 2)),
            ([1.1, 6], 3, date(2026, 3, 2)),
            ([7], 2, date(2026, 3, 3)),
        ],
    )
    def test_is_what_is_over_within_a_week(
        self, days: list[float], people: int, until: date, now: datetime
    ) -> None:
        task = make_opportunity(**TASK)
        for each in days:
            make_shift(task, now + timedelta(days=each), minutes=60)
        found = in_haste(now)
        assert {key: haste.people for key, haste in found.items()} == {task.pk: people}
        end = found[task.pk].answer_by
        assert end == datetime(until.year, until.month, until.day, 23, tzinfo=UTC)

    def test_is_not_what_goes_on_or_is_over_cancelled_or_not_public(self, now: datetime) -> None:
        goes_on, over, off, hidden = (make_opportunity(**TASK) for _each in range(4))
        for days in (1, 8):
            make_shift(goes_on, now + timedelta(days=days))
        make_shift(over, now - timedelta(days=1))
        make_shift(off, now + timedelta(days=1), is_cancelled=True)
        make_shift(hidden, now + timedelta(days=1))
        Opportunity.objects.filter(pk=hidden.pk).update(status="paused")
        make_opportunity()
        assert in_haste(now) == {}


class TestAsking:
    def test_three_for_one_place_two_days_before_and_all_read_that_they_are_several(
        self, client: Client, now: datetime
    ) -> None:
        task = fete(now, days=1.9)
        crowd(now, 5)
        run_matching(now)
        assert states() == ["sent"] * 3
        assert (held(task), Wave.objects.get().places, wrong_places()) == ((0, 1), 1, [])
        for mail in mails("offer"):
            for body in (mail.body_text, mail.body_html):
                assert "Wer zuerst Ja sagt, bekommt den Platz" in body
                assert "bis Dienstag, 3. März 2026" in body
                assert "halten wir den Platz" not in body

    def test_whoever_fits_best_and_wishes_it_comes_first(self, now: datetime) -> None:
        task = fete(now)
        others = crowd(now, 3)
        wishing = make_pledge(now, email="w@example.org", times=ALWAYS, wanted=task)
        run_matching(now)
        asked = {offer.pledge_id for offer in questions()}
        assert wishing.pk in asked
        assert len(asked) == 2
        assert asked <= {wishing.pk, *(each.pk for each in others)}

    def test_a_task_that_goes_on_is_asked_for_as_ever(self, now: datetime) -> None:
        task = make_opportunity(**TASK)
        for week in (1, 2):
            make_shift(task, now + timedelta(weeks=week, hours=1))
        crowd(now, 3)
        run_matching(now)
        assert states() == ["sent"]
        assert (held(task), Wave.objects.exists(), wrong_places()) == ((0, 1), False, [])
        assert "So lange halten wir den Platz für Sie frei" in mails("offer").get().body_text

    def test_one_event_is_answered_the_same_way_and_fills_what_is_missing(self, now: datetime) -> None:
        """Somebody new is asked alone at first; the others follow within seconds."""
        task = fete(now, days=1, places=2)
        MatchRequest.objects.all().delete()
        first = crowd(now, 1)[0]
        MatchRequest.objects.create(pledge=first, wanted_since=now)
        run(ANSWER, now)
        assert [offer.is_shared for offer in questions()] == [True]
        assert (held(task), wrong_places()) == ((0, 1), [])
        for number in range(8):
            make_pledge(now, first_name="Q", email=f"q{number}@example.org", times=ALWAYS)
        MatchRequest.objects.create(opportunity=task, wanted_since=now)
        run(ANSWER, now + timedelta(minutes=1))
        assert states() == ["sent"] * 6
        assert (held(task), Wave.objects.get().places, wrong_places()) == ((0, 2), 2, [])
        MatchRequest.objects.create(opportunity=task, wanted_since=now)
        run(ANSWER, now + timedelta(minutes=2))
        assert states() == ["sent"] * 6

    def test_each_role_has_its_own_wave_and_nobody_two_questions(self, now: datetime) -> None:
        task = fete(now, days=1)
        Role.objects.filter(opportunity=task).update(name="Grillen")
        make_role(task, "Spielen", places=1, clearance_required=False, contact_with_minors=False)
        crowd(now, 9)
        run_matching(now)
        assert Offer.objects.filter(status="sent").count() == 6
        assert Offer.objects.values("pledge").distinct().count() == 6
        assert [wave.places for wave in Wave.objects.all()] == [1, 1]
        assert wrong_places() == []


class TestAnswers:
    @pytest.fixture
    def task(self, now: datetime) -> Opportunity:
        """Three people are asked for one place."""
        task = fete(now, days=1.5)
        crowd(now, 3)
        run_matching(now)
        return task

    def test_the_first_yes_takes_it_and_the_others_are_told_kindly_at_once(
        self, client: Client, task: Opportunity, now: datetime
    ) -> None:
        first, second, third = questions()
        assert accept_offer(first, now=now).status == "accepted"
        assert states() == ["accepted", "withdrawn", "withdrawn"]
        assert (held(task), Wave.objects.get().places, wrong_places()) == ((1, 0), 0, [])
        told = list(mails("offer_withdrawn"))
        assert {mail.to_email for mail in told} == {each.pledge.volunteer.email for each in (second, third)}
        for mail in told:
            assert "jemand anderes hat zuerst Ja gesagt" in mail.body_text
            assert "Ihre Zeitzusage gilt weiter" in mail.body_text
        assert accept_offer(second, now=now).status == "withdrawn"
        assert Placement.objects.count() == 1
        page = client.get(address(second)).content.decode()
        assert "Danke – dieser Platz ist vergeben" in page
        assert "Schön, dass Sie geholfen hätten" in page

    def test_a_no_leaves_the_place_to_the_others_and_the_last_no_gives_it_back(
        self, task: Opportunity, now: datetime
    ) -> None:
        first, second, third = questions()
        decline_offer(first, reason="time", now=now)
        pause_pledge(second.pledge, until=date(2026, 4, 1), now=now)
        assert (held(task), wrong_places()) == ((0, 1), [])
        withdraw_pledge(third.pledge, now=now)
        assert (held(task), wrong_places()) == ((0, 0), [])
        assert not mails("offer_withdrawn").exists()

    def test_after_their_time_the_place_is_free_again(self, task: Opportunity, now: datetime) -> None:
        assert run(EXPIRE, datetime(2026, 3, 2, 22, 59, tzinfo=UTC)) == 0
        assert run(EXPIRE, datetime(2026, 3, 2, 23, tzinfo=UTC)) == 3
        assert (held(task), states(), wrong_places()) == ((0, 0), ["expired"] * 3, [])

    def test_two_places_take_two_of_four(self, now: datetime) -> None:
        task = fete(now, places=2)
        crowd(now, 6)
        run_matching(now)
        first, second, third, fourth = questions()
        accept_offer(third, now=now)
        assert (held(task), states(), wrong_places()) == ((1, 1), ["accepted"] + ["sent"] * 3, [])
        decline_offer(first, reason="time", now=now)
        accept_offer(second, now=now)
        assert states() == ["accepted", "accepted", "declined", "withdrawn"]
        assert (held(task), wrong_places()) == ((2, 0), [])
        assert Message.objects.filter(template="offer_withdrawn").count() == 1
        assert accept_offer(fourth, now=now).status == "withdrawn"

    def test_the_page_of_the_question_says_that_several_are_asked(
        self, client: Client, task: Opportunity
    ) -> None:
        Offer.objects.update(expires_at=datetime(2099, 1, 1, tzinfo=UTC))
        page = client.get(address(questions()[0])).content.decode()
        assert "wir fragen mehrere Menschen zugleich: Wer zuerst Ja sagt, bekommt den Platz." in page
        assert "für Sie frei" not in page
