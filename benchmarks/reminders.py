"""Measure how fast people are reminded of their dates, against one after the other, and by two processes.

    ./dev bench reminders --reminders 2000

Each reminder marks its date, asks whether the person may come, and writes its mail. The baseline reminds the
first tenth with one person a chunk. The last line is JSON; seconds are wall time, `load` is that of the
machine when it began.
"""

from __future__ import annotations

import argparse
import json
import os
from datetime import datetime, timedelta
from time import perf_counter
from uuid import uuid4

from benchmarks.common.by_two import seconds_by_two
from benchmarks.common.place import fresh_database
from benchmarks.common.tasks import PLACES_EACH, roles_of_tasks

AHEAD = timedelta(hours=30)


def main() -> None:
    count, load = _options().reminders, os.getloadavg()[0]
    with fresh_database():
        from django.conf import settings
        from django.core.management import call_command

        from foundation.clock import utc_now

        call_command("load_city", settings.CITY, verbosity=0)
        report = _report(count, utc_now())
    print(json.dumps({"reminders": count, "load": round(load, 1), **report}))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure reminding of dates.")
    parser.add_argument("--reminders", type=int, default=2000)
    return parser.parse_args()


def _report(count: int, now: datetime) -> dict[str, float]:
    from volunteers.services import reminders

    baseline, at_once = max(1, count // 10), reminders.PEOPLE_AT_ONCE
    _expect(baseline, now)
    reminders.PEOPLE_AT_ONCE = 1
    one_by_one = _seconds(baseline, now)
    reminders.PEOPLE_AT_ONCE = at_once

    _expect(count, now)
    by_one = _seconds(count, now)
    _expect(count, now)
    by_two = seconds_by_two(reminders.remind_of_dates, now) / count
    assert reminders.remind_of_dates(now) <= at_once  # whom both looked at in the same moment
    assert reminders.remind_of_dates(now) == 0
    return {
        "baseline_ms_each": round(one_by_one * 1000, 3),
        "ms_each": round(by_one * 1000, 3),
        "ratio": round(one_by_one / by_one, 2),
        "second_process_gain": round(by_one / by_two, 2),
    }


def _seconds(count: int, now: datetime) -> float:
    from volunteers.services.reminders import remind_of_dates

    started = perf_counter()
    assert remind_of_dates(now) == count
    return (perf_counter() - started) / count


def _expect(count: int, now: datetime) -> None:
    """Write people who are expected on a date of their task tomorrow."""
    from citizens.models import Mailbox
    from programs.models import Shift
    from programs.services.seats import make_seats
    from volunteers.models import Assignment, Placement, TimePledge, Volunteer

    roles = roles_of_tasks(-(-count // PLACES_EACH), now, activity="ohne-kontakt")
    starts_at = now + AHEAD
    shifts = Shift.objects.bulk_create(
        Shift(opportunity=role.opportunity, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
        for role in roles
    )
    make_seats([role.opportunity_id for role in roles], now)
    first, moments = Mailbox.objects.count(), {"status_changed_at": now, "created_at": now}
    mailboxes = Mailbox.objects.bulk_create(
        Mailbox(email=f"helper-{first + number}@example.org", created_at=now) for number in range(count)
    )
    people = Volunteer.objects.bulk_create(
        Volunteer(first_name="Kim", mailbox=mailbox, created_at=now, confirmed_at=now)
        for mailbox in mailboxes
    )
    pledges = TimePledge.objects.bulk_create(
        TimePledge(volunteer=person, status="placed", confirmed_at=now, **moments) for person in people
    )
    placements = Placement.objects.bulk_create(
        Placement(
            volunteer=pledge.volunteer,
            pledge=pledge,
            role=(role := roles[number // PLACES_EACH]),
            opportunity_id=role.opportunity_id,
            status="active",
            from_on=now.date(),
            calendar_uid=str(uuid4()),
            **moments,
        )
        for number, pledge in enumerate(pledges)
    )
    Assignment.objects.bulk_create(
        Assignment(
            volunteer=placement.volunteer,
            placement=placement,
            shift=(shift := shifts[number // PLACES_EACH]),
            role=placement.role,
            status_changed_at=now,
            span=(shift.starts_at, shift.ends_at),
        )
        for number, placement in enumerate(placements)
    )


if __name__ == "__main__":
    main()
