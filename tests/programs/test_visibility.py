"""What citizens may see and be asked for: each condition alone, at its edge."""

from datetime import UTC, date, datetime, timedelta

import pytest

from programs.domain.published import Published
from programs.models import Fund, FundUpdate, Opportunity, Provider, Role, ShiftSeries, TextDraft
from programs.selectors.opportunities import (
    coming_closures,
    coming_dates,
    coming_dates_of,
    date_into,
    find_opportunities,
    next_shifts,
    open_to_everybody,
    seeking_opportunities,
    shown_opportunity,
)
from programs.selectors.visibility import (
    all_dates_over,
    has_no_date,
    has_place_free,
    is_public,
    public_funds,
    public_opportunities,
    public_roles,
    rests_until_further_notice,
    shown_news,
    shown_opportunities,
    was_released,
)
from programs.services.closures import close_days
from tests.factories import (
    make_district,
    make_fund,
    make_news,
    make_opportunity,
    make_provider,
    make_role,
    make_shift,
    role_of,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)


@pytest.fixture
def unverified() -> Provider:
    return make_provider(is_verified=False, protection_concept_on=None)


def of_days(*days: date, **values: object) -> Opportunity:
    """Make a task of single days, without dates yet."""
    task = make_opportunity(slots=[], **values)
    ShiftSeries.objects.create(
        opportunity=task, rdates=list(days), first_on=task.starts_on, start_minute=600, end_minute=720
    )
    return task


def titles(rows: object) -> list[str]:
    return sorted(each.title for each in rows)  # type: ignore[attr-defined]


def test_of_each_state_what_is_public_and_what_has_a_page() -> None:
    withdrawn = make_provider()
    for status in Opportunity.Status.values:
        make_opportunity(status, status=status)
        make_opportunity(f"{status} ungeprüft", status=status, provider=withdrawn)
    Provider.objects.filter(pk=withdrawn.pk).update(is_verified=False)
    assert titles(public_opportunities()) == ["published"]
    assert titles(shown_opportunities()) == ["paused", "published"]
    assert [role.opportunity.title for role in public_roles()] == ["published"]
    assert titles(each for each in Opportunity.objects.all() if is_public(each)) == ["published"]
    assert titles(each for each in Opportunity.objects.all() if each.is_public) == ["published"]


@pytest.mark.parametrize(
    ("places", "taken", "held", "is_free"),
    [(1, 0, 0, True), (1, 1, 0, False), (1, 0, 1, False), (0, 0, 0, False), (3, 1, 1, True)],
)
def test_a_place_is_free_while_it_is_neither_taken_nor_kept(
    places: int, taken: int, held: int, is_free: bool
) -> None:
    task = make_opportunity(places=places)
    Role.objects.update(places_taken=taken, places_held=held)
    task = Opportunity.objects.get(pk=task.pk)
    assert Opportunity.objects.filter(has_place_free()).exists() is is_free
    assert seeking_opportunities(TODAY).exists() is is_free
    assert (task.has_place_free, task.seeks_people) == (is_free, is_free)
    assert role_of(task).places_free == places - taken - held


def test_one_role_of_several_with_a_place_is_enough() -> None:
    task = make_opportunity(places=1)
    Role.objects.update(name="Vorlesen", places_taken=1)
    assert not seeking_opportunities(TODAY).exists()
    make_role(task, "Aufbauen", places=1)
    assert seeking_opportunities(TODAY).get() == task


@pytest.mark.parametrize(
    ("ends_on", "is_there"), [(None, True), (date(2026, 3, 2), True), (date(2026, 3, 1), False)]
)
def test_a_task_is_there_until_its_last_day(ends_on: date | None, is_there: bool) -> None:
    task = make_opportunity(ends_on=ends_on)
    assert seeking_opportunities(TODAY).exists() is is_there
    assert (shown_opportunity(task.slug, TODAY) == task) is is_there


class TestWithoutADate:
    def test_single_days_that_have_been_are_over(self, now: datetime) -> None:
        task = of_days(TODAY)
        # Until its dates are rolled out nobody knows that there is none.
        assert not Opportunity.objects.filter(all_dates_over(now)).exists()
        ShiftSeries.objects.update(rolled_out_until=TODAY)
        assert Opportunity.objects.filter(all_dates_over(now)).get() == task
        shift = make_shift(task, now)
        assert Opportunity.objects.filter(all_dates_over(now)).exists()
        assert not Opportunity.objects.filter(all_dates_over(now - timedelta(seconds=1))).exists()
        shift.is_cancelled = True
        shift.save()
        assert Opportunity.objects.filter(all_dates_over(now - timedelta(seconds=1))).exists()
        assert Role.objects.filter(has_no_date(now, "opportunity_id")).get() == role_of(task)

    def test_what_repeats_or_is_on_call_goes_on(self, now: datetime) -> None:
        both = of_days(TODAY)
        ShiftSeries.objects.create(
            opportunity=both, rrule="FREQ=WEEKLY;BYDAY=TU", first_on=TODAY, start_minute=600, end_minute=720
        )
        make_opportunity(slots=[])
        ShiftSeries.objects.update(rolled_out_until=TODAY)
        assert not Opportunity.objects.filter(all_dates_over(now)).exists()

    def test_until_further_notice_rests_once_its_last_date_is_over(self, now: datetime) -> None:
        task = make_opportunity()
        shift = make_shift(task, now + timedelta(days=1))
        close_days(task, from_on=date(2026, 3, 5), until_on=date(2026, 3, 9), reason="other", now=now)
        for_now = close_days(task, from_on=date(2026, 3, 10), until_on=None, reason="other", now=now)
        assert not Opportunity.objects.filter(rests_until_further_notice(now)).exists()
        after = shift.starts_at
        assert Opportunity.objects.filter(rests_until_further_notice(after)).get() == task
        assert Opportunity.objects.filter(has_no_date(after)).get() == task
        for_now.delete()
        assert not Opportunity.objects.filter(has_no_date(after)).exists()


def test_the_list_is_narrowed_by_field_district_and_day() -> None:
    nord = make_district("Nord", slug="nord")
    make_opportunity("A", district=nord, field="sport", slots=[(1, 900, 960), (3, 900, 960)])
    make_opportunity("B", field="sport", slots=[(3, 1380, 1440)])
    make_opportunity("C", district=nord, slots=[])
    found = {
        "sport": find_opportunities(TODAY, field="sport"),
        "nord": find_opportunities(TODAY, district="nord"),
        "monday": find_opportunities(TODAY, weekday=0),
        "thursday": find_opportunities(TODAY, weekday=3),
        "all": find_opportunities(TODAY),
        "none": find_opportunities(TODAY, field="sport", district="nord", weekday=0),
    }
    assert {name: titles(rows) for name, rows in found.items()} == {
        "sport": ["A", "B"],
        "nord": ["A", "C"],
        "monday": [],
        "thursday": ["A", "B"],
        "all": ["A", "B", "C"],
        "none": [],
    }


def test_how_many_ask_for_neither_skill_nor_language_in_some_role() -> None:
    make_opportunity(skills=["reading"])
    make_opportunity(languages=["tr"])
    make_opportunity()
    several = make_opportunity(skills=["reading"], status="published")
    Role.objects.filter(opportunity=several).update(name="Vorlesen")
    make_role(several, "Aufbauen")
    make_opportunity(status="paused")
    assert open_to_everybody(TODAY) == (2, 4)


class TestComingDates:
    def test_are_those_that_begin_later_and_take_place(self, now: datetime) -> None:
        task = make_opportunity()
        make_shift(task, now)
        make_shift(task, now + timedelta(hours=1), is_cancelled=True)
        coming = [make_shift(task, now + timedelta(days=number)) for number in (3, 1, 2)]
        make_shift(make_opportunity(), now + timedelta(days=1))
        assert list(coming_dates_of(task, now)) == [coming[1], coming[2], coming[0]]
        assert next_shifts(task, now, 2) == [coming[1], coming[2]]
        assert list(coming_dates(Opportunity.objects.filter(pk=task.pk), now)) == [
            *(coming[1], coming[2], coming[0]),
        ]

    def test_one_that_reaches_into_a_day_began_before_it(self, now: datetime) -> None:
        task = make_opportunity()
        # From 22 to 24 o'clock on Sunday, and from 23 to 1 o'clock a week later.
        make_shift(task, datetime(2026, 3, 8, 21, tzinfo=UTC), minutes=120)
        night = make_shift(task, datetime(2026, 3, 15, 22, tzinfo=UTC), minutes=120)
        assert [date_into(task, date(2026, 3, day), now) for day in (8, 9, 15, 16, 17)] == [
            *(None, None, None, night, None),
        ]
        assert date_into(task, date(2026, 3, 16), night.starts_at) is None
        night.is_cancelled = True
        night.save()
        assert date_into(task, date(2026, 3, 16), now) is None

    def test_closures_that_are_not_over(self, now: datetime) -> None:
        task = make_opportunity()
        days = [(2, 2), (1, 1), (1, 2), (5, None)]
        made = [
            close_days(
                task,
                from_on=date(2026, 3, first),
                until_on=last and date(2026, 3, last),
                reason="other",
                now=now,
            )
            for first, last in days
        ]
        assert coming_closures(task, TODAY) == [made[2], made[0], made[3]]


def test_no_purpose_of_a_provider_that_is_not_verified_is_public(unverified: Provider) -> None:
    fund = make_fund(provider=unverified)
    assert not public_funds().exists()
    open_one, closed = make_fund(), make_fund(is_open=False)
    assert list(public_funds()) == [open_one]
    make_news(fund), make_news(open_one), make_news(closed)
    assert shown_news().count() == 3
    FundUpdate.objects.filter(fund=open_one).update(is_shown=False)
    Fund.objects.filter(pk=closed.pk).update(is_shown=False)
    assert [news.fund for news in shown_news()] == [fund]


def test_a_row_is_unread_while_its_first_words_wait(now: datetime) -> None:
    row = make_provider()
    said = {"about": "provider", "row_id": row.pk, "status_changed_at": now}
    draft = TextDraft.objects.create(is_new=True, **said)
    assert not Provider.objects.filter(was_released(Published.PROVIDER), pk=row.pk).exists()
    assert Provider.objects.filter(was_released(Published.PROGRAM), pk=row.pk).exists()
    draft.delete()
    TextDraft.objects.create(is_new=False, **said)
    assert Provider.objects.filter(was_released(Published.PROVIDER), pk=row.pk).exists()
