"""Public tasks with places enough, for benchmarks that write to the people at them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from benchmarks.common.released import note_releases

if TYPE_CHECKING:
    from programs.models import Role

PLACES_EACH = 40


@transaction.atomic
def roles_of_tasks(count: int, now: datetime, *, activity: str) -> list[Role]:
    """Write public tasks of one role each, with `PLACES_EACH` places."""
    from programs.models import Activity, District, Opportunity, Provider, Role, ShiftSeries, WeeklySlot

    kind = Activity.objects.get(slug=activity)
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
    note_releases([task.pk for task in tasks])
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
    asked = {name: getattr(kind, name) for name in ("contact_with_minors", "clearance_required")}
    return Role.objects.bulk_create(
        Role(opportunity=task, places=PLACES_EACH, activity=kind, **asked) for task in tasks
    )
