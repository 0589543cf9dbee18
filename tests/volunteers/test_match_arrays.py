"""What is read as bytes is what the rows say."""

from datetime import UTC, datetime, timedelta

import pytest

from programs.domain.choices import Field
from programs.models import WeeklySlot
from tests.factories import make_opportunity
from tests.volunteers.pledging import make_pledge
from volunteers.models import TimePledge, Volunteer
from volunteers.selectors.match_arrays import integers, microseconds
from volunteers.selectors.match_inputs import match_inputs

pytestmark = pytest.mark.django_db


def test_numbers_of_a_query_come_as_its_rows_would() -> None:
    for slots in ([(0, 0, 1440), (6, 15, 30)], [(3, 600, 660)], []):
        make_opportunity(slots=slots)
    rows = WeeklySlot.objects.order_by("pk").values_list("pk", "weekday", "start_minute", "end_minute")
    keys, *times = integers(rows, 4)
    assert [column.tolist() for column in times] == [[0, 6, 3], [0, 15, 600], [1440, 30, 660]]
    assert keys.tolist() == [row[0] for row in rows]
    assert all(column.flags.writeable and column.dtype == "int64" for column in times)


@pytest.mark.parametrize(
    "nothing", [WeeklySlot.objects.filter(weekday=5), WeeklySlot.objects.filter(pk__in=[])]
)
def test_a_query_that_finds_nothing_gives_empty_columns(nothing) -> None:
    columns = integers(nothing.values_list("pk", "weekday"), 2)
    assert [column.tolist() for column in columns] == [[], []]


def test_rows_at_hand_may_hold_numbers_of_any_size_and_sign() -> None:
    big = 2**62
    assert [column.tolist() for column in integers([(big, -1), (-big, 0)], 2)] == [[big, -big], [-1, 0]]
    assert [column.tolist() for column in integers([], 3)] == [[], [], []]


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 29, 0, 59, 59, 999_999, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 500_000, tzinfo=UTC),
        datetime(2400, 2, 29, 12, tzinfo=UTC),
    ],
)
def test_a_moment_is_read_to_the_microsecond(now: datetime, moment: datetime) -> None:
    make_pledge(now)
    Volunteer.objects.update(last_asked_at=moment)
    read = TimePledge.objects.values_list(microseconds("volunteer__last_asked_at"), flat=True).get()
    assert read == (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("asked", "confirmed", "days"),
    [
        (timedelta(days=3), timedelta(days=30), 3),
        (timedelta(days=3) - timedelta(microseconds=1), timedelta(days=30), 2),
        (None, timedelta(days=7), 7),
        (timedelta(seconds=-5), timedelta(days=30), 0),
    ],
)
def test_days_since_the_last_question_are_whole_days(
    now: datetime, asked: timedelta | None, confirmed: timedelta, days: int
) -> None:
    make_pledge(now)
    Volunteer.objects.update(last_asked_at=None if asked is None else now - asked)
    TimePledge.objects.update(confirmed_at=now - confirmed)
    inputs = match_inputs(now)
    assert inputs.problem.volunteers.days_since_asked.tolist() == [days]
    assert inputs.waiting_since.tolist() == [int((now - confirmed).timestamp())]


def test_words_of_everybody_are_read_as_those_of_one_person(now: datetime) -> None:
    make_opportunity(
        skills=["music", "reading"], languages=["fr", "de"], age_bands=["18-27", "3-5"], places=2
    )
    make_opportunity()
    pledge = make_pledge(now)
    TimePledge.objects.filter(pk=pledge.pk).update(
        fields=["sport", "gone", "culture"],
        skills=["first_aid", "reading", "reading"],
        learning_skills=["maths"],
        lacking_skills=[],
        languages=["tr"],
        age_bands=["0-2", "14-17"],
    )
    other = make_pledge(now, email="andere@example.org")
    everybody = match_inputs(now)
    assert everybody.pledges.tolist() == [pledge.pk, other.pk]
    people, needs = everybody.problem.volunteers, everybody.problem.opportunities
    found = [column[0] for column in (people.skills, people.learning, people.lacking, people.languages)]
    assert found == [1 << 11 | 1, 1 << 2, 0, 1 << 1]
    assert people.fields[0] == 1 << Field.values.index("sport") | 1 << Field.values.index("culture")
    assert people.age_groups[0] == 1 | 1 << 4
    assert [needs.skills[0], needs.languages[0], needs.age_groups[0]] == [
        1 << 3 | 1,
        1 << 9 | 1,
        1 << 5 | 1 << 1,
    ]
    tasks = everybody.tasks.tolist()
    for row, each in enumerate((pledge, other)):
        one = match_inputs(now, only=[each.pk], also=tasks).problem
        for name in ("fields", "skills", "learning", "lacking", "languages", "age_groups"):
            assert getattr(one.volunteers, name).tolist() == [getattr(people, name)[row]]
        for name in ("skills", "languages", "age_groups"):
            assert getattr(one.opportunities, name).tolist() == getattr(needs, name).tolist()
