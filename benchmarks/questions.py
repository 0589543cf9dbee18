"""Measure how fast the questions of one run are put, against one after the other, and by two processes.

    ./dev bench questions --questions 2000

Each question takes a place, moves with a line of history and writes its mail. The baseline puts the first
tenth one by one, as the answer to a single event does. The last line is JSON; seconds are wall time.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
from datetime import datetime
from time import perf_counter
from typing import TYPE_CHECKING

from benchmarks.common.place import fresh_database

if TYPE_CHECKING:
    from programs.models import Role

PLACES_EACH = 40


def main() -> None:
    count = _options().questions
    with fresh_database():
        from django.conf import settings
        from django.core.management import call_command

        from foundation.clock import utc_now

        call_command("load_city", settings.CITY, verbosity=0)
        report = _report(count, utc_now())
    print(json.dumps({"questions": count, **report}))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure putting the questions of one run.")
    parser.add_argument("--questions", type=int, default=2000)
    return parser.parse_args()


def _report(count: int, now: datetime) -> dict[str, float]:
    from volunteers.services.questions import send_offer, send_proposed

    baseline = max(1, count // 10)
    started = perf_counter()
    for key in _proposals(baseline, now):
        send_offer(key, now=now)
    one_by_one = (perf_counter() - started) / baseline

    _proposals(count, now)
    started = perf_counter()
    assert send_proposed(now) == count
    at_once = (perf_counter() - started) / count

    _proposals(count, now)
    by_two = _by_two(now) / count
    return {
        "baseline_ms_each": round(one_by_one * 1000, 3),
        "ms_each": round(at_once * 1000, 3),
        "ratio": round(one_by_one / at_once, 2),
        "second_process_gain": round(at_once / by_two, 2),
    }


def _by_two(now: datetime) -> float:
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=_send, args=(now,)) for _ in range(2)]
    started = perf_counter()
    for each in processes:
        each.start()
    for each in processes:
        each.join()
    return perf_counter() - started


def _send(now: datetime) -> None:
    from volunteers.services.questions import send_proposed

    send_proposed(now)


def _proposals(count: int, now: datetime) -> list[int]:
    """Write people, tasks with places enough and a proposal for each; return the keys of the proposals."""
    from citizens.models import Mailbox
    from volunteers.models import Offer, TimePledge, Volunteer

    roles = _roles(-(-count // PLACES_EACH), now)
    first = Mailbox.objects.count()
    mailboxes = Mailbox.objects.bulk_create(
        Mailbox(email=f"helper-{first + number}@example.org", created_at=now) for number in range(count)
    )
    people = Volunteer.objects.bulk_create(
        Volunteer(first_name="Kim", mailbox=mailbox, created_at=now, confirmed_at=now)
        for mailbox in mailboxes
    )
    moments = {"status_changed_at": now, "created_at": now}
    pledges = TimePledge.objects.bulk_create(
        TimePledge(
            volunteer=person, status="open", confirmed_at=now, answer_due_at=now, hours_per_week=4, **moments
        )
        for person in people
    )
    offers = Offer.objects.bulk_create(
        Offer(
            pledge=pledge,
            role=(role := roles[number // PLACES_EACH]),
            opportunity_id=role.opportunity_id,
            **moments,
        )
        for number, pledge in enumerate(pledges)
    )
    return [offer.pk for offer in offers]


def _roles(count: int, now: datetime) -> list[Role]:
    from programs.models import Activity, District, Opportunity, Provider, Role, ShiftSeries, WeeklySlot

    activity = Activity.objects.get(slug="regelmaessig-begleiten")
    district, provider = District.objects.earliest("pk"), Provider.objects.earliest("pk")
    there = {"protection_concept_on": now.date(), "safeguarding_contact": "Kinderschutz-Team"}
    Provider.objects.filter(pk=provider.pk).update(is_verified=True, **there)
    first = Opportunity.objects.count()
    tasks = Opportunity.objects.bulk_create(
        Opportunity(
            slug=f"bench-{first + number}",
            title=f"Vorlesen {first + number}",
            task="Sie lesen einer kleinen Gruppe vor.",
            field="education",
            provider=provider,
            district=district,
            site="Stadtteilhaus",
            latitude=district.latitude,
            longitude=district.longitude,
            starts_on=now.date(),
            status="published",
            status_changed_at=now,
        )
        for number in range(count)
    )
    WeeklySlot.objects.bulk_create(
        WeeklySlot(opportunity=task, weekday=1, start_minute=900, end_minute=960) for task in tasks
    )
    ShiftSeries.objects.bulk_create(
        ShiftSeries(
            opportunity=task,
            rrule="FREQ=WEEKLY;BYDAY=TU",
            first_on=now.date(),
            start_minute=900,
            end_minute=960,
        )
        for task in tasks
    )
    return Role.objects.bulk_create(
        Role(opportunity=task, places=PLACES_EACH, activity=activity) for task in tasks
    )


if __name__ == "__main__":
    main()
