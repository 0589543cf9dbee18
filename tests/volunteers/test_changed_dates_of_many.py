"""Closing a task, cancelling and moving its dates ask the database no more for many people than for few."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programs.models import Opportunity
from programs.services.closures import close_days, open_again
from programs.services.publishing import close
from programs.services.series import change_series
from programs.services.shifts import follow_series
from tests.factories import make_coordinator, make_opportunity, weekly
from tests.volunteers.test_need_changes import MANY, place
from volunteers.models import Assignment, DateNotice
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
