"""Engagementangebote of the demo, written, submitted and released by two invented people."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from accounts.models import User
from foundation.clock import local_day
from foundation.times_of_week import WeeklyTime
from programs.domain.rhythms import every_week
from programs.models import Activity, District, Opportunity, Provider
from programs.services.opportunities import Task, create_opportunity
from programs.services.publishing import mark_of_task, release, submit
from programs.services.roles import Need, add_role
from workshop.demo.tasks import NOTICE, TEMPLATES, Beside, Template


def publish_needs(count: int, draw: Random, *, now: datetime, wide: int = 1) -> list[Opportunity]:
    """Publish `count` invented opportunities across providers and districts, by four eyes.

    Each takes `wide` times as many people as its template says.
    """
    author = User.objects.get(email="jugendamt@demo.example")
    reader = User.objects.get(email="freigabe@demo.example")
    providers = list(
        Provider.objects.filter(is_verified=True, protection_concept_on__isnull=False).order_by("pk")
    )
    districts = list(District.objects.defer("geometry").order_by("pk"))
    published = []
    for number in range(count):
        template = TEMPLATES[number % len(TEMPLATES)]
        task = _task(template, draw.choice(districts), draw, now, wide)
        row = create_opportunity(draw.choice(providers), task, author=author, now=now, is_demo=True)
        if template.beside is not None:
            add_role(
                row,
                replace(_need(template.beside, wide), name=template.beside.name),
                name_of_first=template.name,
                editor=author,
                now=now,
            )
        submit(row, by=author, now=now)
        release(row, by=reader, text_read=mark_of_task(row), hints_read=True, now=now)
        published.append(row)
    return published


def _task(template: Template, district: District, draw: Random, now: datetime, wide: int) -> Task:
    weekdays = draw.sample(range(5), k=draw.choice((1, 1, 1, 2)))
    return Task(
        title=f"{template.title} in {district.name} (Beispiel)",
        task=f"{template.task}\n\n{NOTICE}",
        field=template.field,
        district=district,
        site=template.site,
        starts_on=local_day(now),
        ends_on=local_day(now) + timedelta(days=300),
        rhythms=[
            every_week(WeeklyTime(weekday, template.start_minute, template.end_minute))
            for weekday in sorted(weekdays)
        ],
        age_bands=template.age_bands,
        need=_need(template, wide),
    )


def _need(template: Template | Beside, wide: int) -> Need:
    return Need(
        places=template.places * wide,
        skills=template.skills,
        languages=template.languages,
        activity=Activity.objects.get(slug=template.activity),
    )
