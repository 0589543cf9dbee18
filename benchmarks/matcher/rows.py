"""A synthetic city as rows of the database, many at once. Nobody in it is real.

Where people live is rounded to a square kilometre, since a pledge knows its district only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F, Max, Model
from psycopg import sql

from benchmarks.common.released import note_releases
from benchmarks.matcher.instances import KM_PER_DEGREE
from citizens.models import Mailbox
from foundation.clock import local_day
from programs.domain.choices import Field, Skill
from programs.models import Activity, District, Opportunity, Provider, Role, WeeklySlot
from volunteers.matching import NO_LIMIT, Problem
from volunteers.matching.intervals import expand
from volunteers.matching.problem import Ints
from volunteers.models import Availability, Offer, Placement, TimePledge, Volunteer

QUARTER = 15
DAY = 96
MOST_HOURS = 40


def fill(problem: Problem, now: datetime) -> list[int]:
    """Fill an empty database with `problem`; return the keys of the pledges, volunteer by volunteer."""
    call_command("load_city", settings.CITY, verbosity=0)
    home = _districts(problem)
    tasks, roles = _tasks(problem, now)
    people, pledges = _pledges(problem, home, now)
    confirmed, declined = problem.confirmed, problem.forbidden
    moments = {"status_changed_at": now, "created_at": now - timedelta(days=400)}
    Placement.objects.bulk_create(
        Placement(
            volunteer_id=people[i],
            pledge_id=pledges[i],
            opportunity_id=tasks[j],
            role_id=roles[j],
            status="awaiting_clearance",
            from_on=local_day(now),
            calendar_uid=f"bench-{number}",
            **moments,
        )
        for number, (i, j) in enumerate(
            zip(confirmed.volunteer.tolist(), confirmed.opportunity.tolist(), strict=True)
        )
    )
    Offer.objects.bulk_create(
        Offer(
            pledge_id=pledges[i],
            opportunity_id=tasks[j],
            role_id=roles[j],
            status="declined",
            answered_at=now,
            **moments,
        )
        for i, j in zip(declined.volunteer.tolist(), declined.opportunity.tolist(), strict=True)
    )
    taken = np.bincount(confirmed.opportunity, minlength=len(tasks))
    for count in np.unique(taken[taken > 0]).tolist():
        of_these = [roles[j] for j in np.flatnonzero(taken == count).tolist()]
        Role.objects.filter(pk__in=of_these).update(places_taken=F("places_taken") + count)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return pledges


def copies(template: Model, **columns: Sequence[Any]) -> list[int]:
    """Write a row like `template` for every line of `columns`, named as in the table; return their keys.

    Columns that must be unique and are not given keep their default.
    """
    key, *fields = template._meta.concrete_fields
    kept = [str(field.column) for field in fields if field.column not in columns and not field.unique]
    given = {str(field.column): field for field in (key, *fields) if field.column in {"id", *columns}}
    table, count = template._meta.db_table, len(next(iter(columns.values())))
    first = 1 + type(template)._default_manager.aggregate(last=Max("pk"))["last"]
    keys = list(range(first, first + count))
    made = [
        sql.SQL("made.{}::{}").format(sql.Identifier(name), sql.SQL(str(field.cast_db_type(connection))))
        for name, field in given.items()
    ]
    insert = sql.SQL(
        "INSERT INTO {table} ({names}) SELECT {values} FROM unnest({lines}) AS made({made}),"
        " {table} AS template WHERE template.id = %s"
    ).format(
        table=sql.Identifier(table),
        names=_list(map(sql.Identifier, [*given, *kept])),
        values=_list([*made, *(sql.Identifier("template", name) for name in kept)]),
        lines=_list(sql.SQL("%s::text[]") for _ in given),
        made=_list(map(sql.Identifier, given)),
    )
    texts = [[_text(value) for value in {"id": keys, **columns}[name]] for name in given]
    with connection.cursor() as cursor:
        cursor.execute(insert, [*texts, template.pk])
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, keys[-1]])
    return keys


def _list(parts: Iterable[sql.Composable]) -> sql.Composed:
    return sql.SQL(", ").join(list(parts))


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        return "{" + ",".join(value) + "}"
    return None if value is None else str(value)


def _districts(problem: Problem) -> list[int]:
    """Make a district for every square kilometre somebody lives in; return that of each volunteer."""
    volunteers = problem.volunteers
    wide = KM_PER_DEGREE * np.cos(np.radians(50.8))
    cells = np.stack([volunteers.lat * KM_PER_DEGREE, volunteers.lon * wide]).astype(np.int64)
    cells, home = np.unique(cells, axis=1, return_inverse=True)
    keys = copies(
        District.objects.earliest("pk"),
        name=[f"Feld {number}" for number in range(cells.shape[1])],
        slug=[f"feld-{number}" for number in range(cells.shape[1])],
        latitude=((cells[0] + 0.5) / KM_PER_DEGREE).tolist(),
        longitude=((cells[1] + 0.5) / wide).tolist(),
    )
    return [keys[cell] for cell in home.reshape(-1).tolist()]


@transaction.atomic
def _tasks(problem: Problem, now: datetime) -> tuple[list[int], list[int]]:
    """Return the keys of the tasks and of the one role of each."""
    needs = problem.opportunities
    provider = Provider.objects.earliest("pk")
    there = {"protection_concept_on": now.date(), "safeguarding_contact": "Kinderschutz-Team"}
    Provider.objects.filter(pk=provider.pk).update(is_verified=True, **there)
    numbers = range(len(needs))
    template = Opportunity.objects.create(
        title="Vorlesen",
        slug="bench",
        task="Sie lesen einer kleinen Gruppe vor.",
        field="education",
        provider=provider,
        district=District.objects.earliest("pk"),
        site="Stadtteilhaus",
        latitude=50.8,
        longitude=6.48,
        starts_on=local_day(now),
        status="closed",
        status_changed_at=now,
    )
    fields = Field.values
    keys = copies(
        template,
        title=[f"Vorlesen {number}" for number in numbers],
        slug=[f"bench-{number}" for number in numbers],
        field=[fields[field] for field in needs.field.tolist()],
        latitude=needs.lat.tolist(),
        longitude=needs.lon.tolist(),
        status=["published" for _ in numbers],
    )
    note_releases(keys)
    activity = Activity.objects.get(slug="regelmaessig-begleiten")
    roles = copies(
        Role.objects.create(opportunity=template, places=1, activity=activity),
        opportunity_id=keys,
        skills=_skills(needs.skills),
        places=needs.places.tolist(),
    )
    slot = WeeklySlot.objects.create(opportunity=template, weekday=0, start_minute=0, end_minute=15)
    _intervals(slot, "opportunity_id", keys, needs.slot_ptr, needs.slot_start, needs.slot_end)
    return keys, roles


def _pledges(problem: Problem, home: list[int], now: datetime) -> tuple[list[int], list[int]]:
    volunteers = problem.volunteers
    numbers = range(len(volunteers))
    mailbox = Mailbox.objects.create(email="helper@example.org", created_at=now)
    person = Volunteer.objects.create(first_name="Kim", mailbox=mailbox, created_at=now, confirmed_at=now)
    people = copies(
        person,
        mailbox_id=copies(mailbox, email=[f"helper-{number}@example.org" for number in numbers]),
        last_asked_at=[now - timedelta(days=days) for days in volunteers.days_since_asked.tolist()],
    )
    template = TimePledge.objects.create(
        volunteer=person, status="withdrawn", status_changed_at=now, created_at=now, confirmed_at=now
    )
    limit = volunteers.hours_limit
    keys = copies(
        template,
        volunteer_id=people,
        status=["open" for _ in numbers],
        answer_due_at=[now for _ in numbers],
        home_district_id=home,
        max_distance_km=np.maximum(np.rint(volunteers.max_km), 1).astype(np.int64).tolist(),
        hours_per_week=np.where(limit == NO_LIMIT, MOST_HOURS, np.maximum(limit // 4, 1)).tolist(),
        placements_wanted=np.maximum(volunteers.max_placements, 1).tolist(),
        fields=[
            [word for bit, word in enumerate(Field.values) if mask >> bit & 1] for mask in volunteers.fields
        ],
        skills=_skills(volunteers.skills),
    )
    window = Availability.objects.create(pledge=template, weekday=0, start_minute=0, end_minute=15)
    _intervals(
        window, "pledge_id", keys, volunteers.window_ptr, volunteers.window_start, volunteers.window_end
    )
    return people, keys


def _skills(masks: Ints) -> list[list[str]]:
    return [[word for bit, word in enumerate(Skill.values) if mask >> bit & 1] for mask in masks.tolist()]


def _intervals(template: Model, owner: str, keys: list[int], pointer: Ints, start: Ints, end: Ints) -> None:
    row, _ = expand(pointer, np.arange(len(keys)))
    day = start // DAY
    copies(
        template,
        **{owner: [keys[i] for i in row.tolist()]},
        weekday=day.tolist(),
        start_minute=((start - day * DAY) * QUARTER).tolist(),
        end_minute=((end - day * DAY) * QUARTER).tolist(),
    )
