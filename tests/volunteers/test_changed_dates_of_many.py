"""Closing a task, cancelling and moving its dates, and telling of it ask the database for many as for few."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.sweeps import run
from programs.models import Opportunity
from programs.services.closures import close_days, open_again
from programs.services.publishing import close
from programs.services.series import change_series
from programs.services.shifts import follow_series
from tests.factories import make_coordinator, make_opportunity, weekly
from tests.volunteers.pledging import mails
from tests.volunteers.test_need_changes import MANY, place
from volunteers.models import Assignment, DateNotice, Placement
from volunteers.services import date_notices
from volunteers.services.assignments import assign_coming_shifts

pytestmark = pytest.mark.django_db
START = 15 * 60


def queries(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as caught:
        act()
    return len(caught)


def busy_task(now: datetime, people: int, weekday: int) -> Opportunity:
    """A task of an hour on three days on which so many people are expected."""
    slot = (weekday, START, START + 60)
    until = date(2026, 3, 20)
    task = make_opportunity(slots=[slot], places=people, clearance_required=False, ends_on=until)
    follow_series(task, now=now)
    place(task, now, people)
    return task


def acts(task: Opportunity, now: datetime) -> dict[str, int]:
    """Do all that changes its dates; return how often the database was asked for each."""
    editor, day = make_coordinator(task.provider), date(2026, 3, 10)
    week = day + timedelta(days=6)
    later = (task.slots.get().weekday, START + 30, START + 90)
    asked = {"cancel": queries(lambda: close_days(task, from_on=day, until_on=week, reason="ill", now=now))}
    asked["take back"] = queries(lambda: open_again(task.closures.get(), now=now))
    asked["move"] = queries(lambda: change_series(task, weekly([later]), now=now))
    assert set(task.shifts.values_list("starts_at__minute", flat=True)) == {30}
    return asked | {"close": queries(lambda: close(task, by=editor, now=now))}


def test_what_changes_dates_costs_for_many_what_it_costs_for_few(now: datetime) -> None:
    few, many = busy_task(now, MANY, weekday=1), busy_task(now, 2 * MANY, weekday=3)
    dates = few.shifts.filter(starts_at__gt=now).count()
    assert assign_coming_shifts(now) == 3 * MANY * dates

    assert acts(few, now) == acts(many, now)

    assert DateNotice.objects.count() == 3 * MANY * dates
    assert set(DateNotice.objects.values_list("was_cancelled", "was_released")) == {(False, False)}
    first = DateNotice.objects.filter(assignment__shift__opportunity=many).earliest("starts_at")
    assert first.starts_at == datetime.fromisoformat("2026-03-05T14:00Z"), "as people last knew it"
    assert not Assignment.objects.exclude(span=None).exists()


def test_telling_many_asks_no_more_than_telling_few_and_each_gets_their_own_calendar(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(date_notices, "PEOPLE_AT_ONCE", 3 * MANY)
    few, many = busy_task(now, MANY, weekday=1), busy_task(now, 2 * MANY, weekday=3)
    assign_coming_shifts(now)
    run("volunteers.tell_of_changed_dates", now)  # its row is written once
    asked = {}
    for task in (few, many):
        close(task, by=make_coordinator(task.provider), now=now)
        asked[task.pk] = queries(lambda: run("volunteers.tell_of_changed_dates", now + timedelta(hours=1)))

    assert asked[few.pk] == asked[many.pk]
    assert not DateNotice.objects.exists()
    told = {
        key.split(":")[1]: (text, file)
        for key, text, file in mails("dates_changed").values_list("key", "body_text", "attachment_body")
    }
    assert len(told) == 3 * MANY
    for placement in Placement.objects.prefetch_related("assignments"):
        first = min(placement.assignments.all(), key=lambda each: each.pk)
        text, file = told[str(first.pk)]
        assert text.count("fällt aus") == 3
        events = file.replace("\r\n ", "").split("BEGIN:VEVENT")[1:]
        assert {placement.calendar_uid in event for event in events} == {True}
