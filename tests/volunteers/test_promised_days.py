""" "Bis Mittwoch" means until the end of Wednesday in Düren, over clock changes and holidays."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
from django.db import connection

from foundation.clock import local_day
from foundation.sweeps import run
from foundation.times_of_week import WeeklyTime
from programs.domain.rhythms import Rhythm
from programs.models import Opportunity
from programs.selectors.opportunities import seeking_opportunities
from programs.services.closures import close_days, open_again
from programs.services.series import change_series
from programs.services.shifts import follow_series
from tests.factories import make_opportunity, make_shift, occupied, role_of
from tests.volunteers.pledging import mails, make_pledge, make_sent_offer
from volunteers.models import Offer, TimePledge
from volunteers.services.answers import accept_offer
from volunteers.services.fit import standings
from volunteers.services.questions import SendOutcome, send_offer
from volunteers.wording.obstacles import OVER, RESTING

pytestmark = pytest.mark.django_db
EXPIRE = "volunteers.expire_offers"


def asked(at: datetime, task: Opportunity | None = None) -> Offer:
    """Put a question at that moment, for any task if none is given."""
    offer = Offer.objects.create(
        pledge=make_pledge(at),
        role=role_of(task or make_opportunity("Vorlesen")),
        status_changed_at=at,
        created_at=at,
    )
    assert send_offer(offer.pk, now=at) == SendOutcome.SENT
    offer.refresh_from_db()
    return offer


@pytest.mark.parametrize(
    ("asked_at", "day", "end"),
    [
        ("2026-03-02 09:00", "Montag, 9. März 2026", "2026-03-09 23:00"),
        ("2026-03-20 22:30", "Freitag, 27. März 2026", "2026-03-27 23:00"),
        ("2026-03-23 10:00", "Montag, 30. März 2026", "2026-03-30 22:00"),  # summer time began on the 29th
        ("2026-10-19 10:00", "Montag, 26. Oktober 2026", "2026-10-26 23:00"),  # and ended on the 25th
        ("2026-03-30 10:00", "Mittwoch, 8. April 2026", "2026-04-08 22:00"),  # Easter
        ("2026-12-22 10:00", "Mittwoch, 30. Dezember 2026", "2026-12-30 23:00"),
    ],
)
def test_a_question_may_be_answered_until_the_end_of_the_day_named(asked_at: str, day: str, end: str) -> None:
    offer = asked(datetime.fromisoformat(asked_at).replace(tzinfo=UTC))
    ends_at = datetime.fromisoformat(end).replace(tzinfo=UTC)

    assert f"Bitte sagen Sie bis {day} Ja oder Nein" in mails("offer").get().body_text
    assert run(EXPIRE, ends_at - timedelta(seconds=1)) == 0
    assert accept_offer(offer, now=ends_at - timedelta(seconds=1)).status == "accepted"


def test_at_midnight_it_is_over_and_the_place_goes_on(now: datetime) -> None:
    offer = asked(now)
    midnight = datetime(2026, 3, 9, 23, 0, tzinfo=UTC)

    assert accept_offer(offer, now=midnight).status == "expired"

    offer.opportunity.refresh_from_db()
    assert occupied(offer.opportunity) == 0


@pytest.mark.parametrize(
    ("asked_at", "dates", "day", "end"),
    [
        ("2026-03-02 09:00", ["2026-03-03 14:00"], "Montag, 2. März 2026", "2026-03-02 23:00"),
        (
            "2026-03-02 09:00",
            ["2026-03-03 14:00", "2026-03-05 14:00"],
            "Mittwoch, 4. März 2026",
            "2026-03-04 23:00",
        ),
        ("2026-03-02 09:00", ["2026-03-02 14:00"], "Montag, 2. März 2026", "2026-03-02 14:00"),
        ("2026-03-27 09:00", ["2026-03-30 08:00"], "Sonntag, 29. März 2026", "2026-03-29 22:00"),
        (
            "2026-03-02 09:00",
            ["2026-03-03 14:00", "2026-03-17 14:00"],
            "Montag, 9. März 2026",
            "2026-03-09 23:00",
        ),
    ],
)
def test_nobody_may_say_yes_to_what_has_been(asked_at: str, dates: list[str], day: str, end: str) -> None:
    """Whoever is asked alone, too: by hand, or as a group."""
    at, ends_at = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (asked_at, end))
    task = make_opportunity("Sommerfest", slots=[])
    for begin in dates:
        make_shift(task, datetime.fromisoformat(begin).replace(tzinfo=UTC))
    offer = asked(at, task)
    assert (offer.expires_at, offer.is_shared) == (ends_at, False)
    assert f"Bitte sagen Sie bis {day} Ja oder Nein" in mails("offer").get().body_text
    assert accept_offer(offer, now=ends_at).status == "expired"


def test_the_answer_promised_to_a_pledge_is_due_at_the_end_of_a_working_day() -> None:
    pledge = make_pledge(datetime(2026, 4, 2, 9, tzinfo=UTC))  # Maundy Thursday
    assert pledge.answer_due_at == datetime(2026, 4, 13, 22, tzinfo=UTC)
    assert "Bis Montag, 13. April 2026 fragen wir Sie" in mails("pledge_confirmed").get().body_text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2026-03-04 09:00", "2026-03-04 23:00"),
        ("2026-03-04 22:59", "2026-03-04 23:00"),
        ("2026-03-04 23:00", "2026-03-04 23:00"),
        ("2026-03-29 12:00", "2026-03-29 22:00"),
        ("2026-10-25 12:00", "2026-10-25 23:00"),
    ],
)
def test_promises_made_before_hold_until_the_end_of_their_day(before: str, after: str, now: datetime) -> None:
    """What the migration does to rows that were there."""
    moment, end = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (before, after))
    pledge = make_pledge(now)
    make_sent_offer(pledge, make_opportunity(), now, expires_at=moment)
    TimePledge.objects.update(answer_due_at=moment)
    migration = import_module("volunteers.migrations.0010_clock_of_the_provider")
    with connection.cursor() as cursor:
        for table, column, status in (
            ("offer", "expires_at", "sent"),
            ("timepledge", "answer_due_at", "open"),
        ):
            cursor.execute(migration.TO_THE_END_OF_THE_DAY.format(table=table, column=column, status=status))
    assert Offer.objects.get().expires_at == end
    assert TimePledge.objects.get().answer_due_at == end


class TestOfSingleDays:
    """A task all of whose dates have been, or are cancelled, is over though nobody has closed it."""

    @pytest.fixture
    def task(self, now: datetime) -> Opportunity:
        found = make_opportunity("Sommerfest", slots=[], clearance_required=False)
        follow_series(found, now=now)
        change_series(found, [Rhythm("", 900, 960, (date(2026, 3, 3), date(2026, 3, 5)))], now=now)
        return found

    @pytest.mark.parametrize("is_cancelled", [False, True])
    def test_nobody_is_asked_for_what_has_been_or_does_not_take_place(
        self, is_cancelled: bool, task: Opportunity, now: datetime
    ) -> None:
        pledge = make_pledge(now, wanted=task, times=[WeeklyTime(1, 900, 960), WeeklyTime(3, 900, 960)])
        at = datetime(2026, 3, 5, 14, 1, tzinfo=UTC)
        if is_cancelled:
            at = now
            close_days(task, from_on=date(2026, 3, 3), until_on=date(2026, 3, 5), reason="illness", now=now)
        assert run("volunteers.match", at) == 0
        assert not Offer.objects.exists()
        assert standings([pledge], at)[pledge.pk].waiting == (OVER,)
        assert list(seeking_opportunities(date(2026, 3, 6))) == []

    @pytest.mark.parametrize("is_answered", [False, True])
    def test_a_question_is_taken_back_with_the_last_date(
        self, is_answered: bool, task: Opportunity, now: datetime
    ) -> None:
        offer = make_sent_offer(make_pledge(now), task, now)
        third, fifth = date(2026, 3, 3), date(2026, 3, 5)
        close_days(task, from_on=third, until_on=third, reason="illness", now=now)
        assert run(EXPIRE, now) == 0
        close_days(task, from_on=fifth, until_on=fifth, reason="illness", now=now)
        if is_answered:
            assert accept_offer(offer, now=now).status == "withdrawn"
        assert run(EXPIRE, now) == (not is_answered)
        offer.refresh_from_db()
        assert (offer.status, occupied(task)) == ("withdrawn", 0)
        text = mails("offer_withdrawn").get().body_text
        assert (
            "Für diese Aufgabe gibt es zurzeit keinen Termin mehr. Deshalb nehmen wir die Frage zurück."
            in text
        )

    def test_as_long_as_one_is_to_come_people_are_asked(self, task: Opportunity, now: datetime) -> None:
        make_pledge(now, wanted=task, times=[WeeklyTime(1, 900, 960), WeeklyTime(3, 900, 960)])
        at = datetime(2026, 3, 4, 9, tzinfo=UTC)
        assert list(seeking_opportunities(date(2026, 3, 5))) == [task]
        run("volunteers.match", at)
        run("volunteers.send_offers", at)
        assert Offer.objects.get().status == "sent"


class TestUntilFurtherNotice:
    """A weekly task that rests, and of which nobody knows when it goes on, asks nobody."""

    @pytest.fixture
    def task(self, now: datetime) -> Opportunity:
        found = make_opportunity("Vorlesen", clearance_required=False)
        follow_series(found, now=now)
        return found

    def test_nobody_is_asked_and_a_question_is_taken_back(self, task: Opportunity, now: datetime) -> None:
        offer = make_sent_offer(make_pledge(now, email="gefragt@example.org"), task, now)
        pledge = make_pledge(now, wanted=task)
        today = local_day(now)
        closure = close_days(task, from_on=today, until_on=None, reason="illness", now=now)
        assert run(EXPIRE, now) == 1
        offer.refresh_from_db()
        assert (offer.status, occupied(task)) == ("withdrawn", 0)
        assert run("volunteers.match", now) == 0
        assert standings([pledge], now)[pledge.pk].waiting == (RESTING,)
        assert list(seeking_opportunities(today)) == []
        open_again(closure, now=now)
        assert list(seeking_opportunities(today)) == [task]
        run("volunteers.match", now)
        assert Offer.objects.filter(pledge=pledge).count() == 1

    def test_with_dates_before_it_rests_people_are_asked(self, task: Opportunity, now: datetime) -> None:
        later = local_day(now) + timedelta(days=21)
        close_days(task, from_on=later, until_on=None, reason="illness", now=now)
        make_pledge(now, wanted=task)
        assert list(seeking_opportunities(local_day(now))) == [task]
        run("volunteers.match", now)
        assert Offer.objects.count() == 1
