"""Measure how fast the questions of one run are put, against one after the other, and by two processes.

    ./dev bench questions --questions 2000

Each question takes a place, moves with a line of history and writes its mail. The baseline puts the first
tenth one by one, as the answer to a single event does. The last line is JSON; seconds are wall time.
"""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from time import perf_counter

from benchmarks.common.by_two import seconds_by_two
from benchmarks.common.place import fresh_database
from benchmarks.common.tasks import PLACES_EACH, roles_of_tasks


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
    by_two = seconds_by_two(send_proposed, now) / count
    return {
        "baseline_ms_each": round(one_by_one * 1000, 3),
        "ms_each": round(at_once * 1000, 3),
        "ratio": round(one_by_one / at_once, 2),
        "second_process_gain": round(at_once / by_two, 2),
    }


def _proposals(count: int, now: datetime) -> list[int]:
    """Write people, tasks with places enough and a proposal for each; return the keys of the proposals."""
    from citizens.models import Mailbox
    from volunteers.models import Offer, TimePledge, Volunteer

    roles = roles_of_tasks(-(-count // PLACES_EACH), now, activity="regelmaessig-begleiten")
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


if __name__ == "__main__":
    main()
