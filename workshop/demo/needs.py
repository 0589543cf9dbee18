"""Engagementangebote of the demo, written, submitted and released by two invented people."""

from datetime import datetime, timedelta
from random import Random

from accounts.models import User
from foundation.clock import local_day
from foundation.times_of_week import WeeklyTime
from programs.domain.publishing import fingerprint
from programs.domain.rhythms import every_week
from programs.models import Activity, District, Opportunity, Provider
from programs.services.opportunities import Task, create_opportunity
from programs.services.publishing import release, submit, texts_of
from workshop.demo.tasks import NOTICE, TEMPLATES, Template


def publish_needs(count: int, draw: Random, *, now: datetime) -> list[Opportunity]:
    """Publish `count` invented opportunities across providers and districts, by four eyes."""
    author = User.objects.get(email="jugendamt@demo.example")
    reader = User.objects.get(email="freigabe@demo.example")
    providers = list(
        Provider.objects.filter(is_verified=True, protection_concept_on__isnull=False).order_by("pk")
    )
    districts = list(District.objects.defer("geometry").order_by("pk"))
    published = []
    for number in range(count):
        template = TEMPLATES[number % len(TEMPLATES)]
        task = _task(template, draw.choice(districts), draw, now)
        row = create_opportunity(draw.choice(providers), task, author=author, now=now, is_demo=True)
        submit(row, by=author, now=now)
        release(row, by=reader, text_read=fingerprint(texts_of(row)), hints_read=True, now=now)
        published.append(row)
    return published


def _task(template: Template, district: District, draw: Random, now: datetime) -> Task:
    weekdays = draw.sample(range(5), k=draw.choice((1, 1, 1, 2)))
    return Task(
        title=f"{template.title} in {district.name} (Beispiel)",
        task=f"{template.task}\n\n{NOTICE}",
        field=template.field,
        district=district,
        site=template.site,
        places=template.places,
        starts_on=local_day(now),
        ends_on=local_day(now) + timedelta(days=300),
        rhythms=[
            every_week(WeeklyTime(weekday, template.start_minute, template.end_minute))
            for weekday in sorted(weekdays)
        ],
        skills=template.skills,
        languages=template.languages,
        age_bands=template.age_bands,
        activity=Activity.objects.get(slug=template.activity),
    )
