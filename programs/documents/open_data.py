"""Tasks and their dates in the forms that other programs read: RSS, iCalendar, JSON-LD by schema.org."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vDuration

from foundation.clock import end_of_day
from programs.models import City, Opportunity, Shift

ASKED_EVERY = timedelta(hours=1)
Address = Callable[[str], str]
"""From a path to the address under which this installation is reached from outside."""


def tasks_as_rss(tasks: Iterable[Opportunity], *, here: str, address: Address) -> str:
    """Return a feed of tasks, each known by its address for good."""
    feed = Rss201rev2Feed(
        title=_title(),
        link=address("/zeit/"),
        description=_("Hier werden Menschen mit Zeit gebraucht."),
        language="de",
        feed_url=here,
    )
    for task in tasks:
        link = address(task.get_absolute_url())
        feed.add_item(
            title=task.title,
            link=link,
            description=_described(task),
            unique_id=link,
            unique_id_is_permalink=True,
            pubdate=task.status_changed_at,
            categories=[task.get_field_display(), task.district.name],
        )
    return str(feed.writeString("utf-8"))


def _title() -> str:
    return _("Wir brauchen Sie: Zeit schenken")


def _described(task: Opportunity) -> str:
    if task.expires_on is None:
        return task.task
    day = date_format(task.expires_on, "j. F Y")
    taken_over = _("Aus einer Liste des Trägers übernommen. Diese Angaben gelten bis %(day)s.") % {"day": day}
    return f"{task.task}\n\n{taken_over}"


def dates_as_calendar(dates: Iterable[Shift], *, now: datetime, address: Address) -> bytes:
    """Return a calendar of dates; one that moves keeps its UID and raises its SEQUENCE.

    Who subscribes to it reads its name instead of its address.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//WIR BRAUCHEN SIE//Zeit schenken//DE")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _title())
    calendar.add("refresh-interval", ASKED_EVERY, {"value": "duration"})
    calendar.add("x-published-ttl", vDuration(ASKED_EVERY))
    for each in dates:
        event, task = Event(), each.opportunity
        link = address(task.get_absolute_url())
        event.add("uid", f"termin-{each.pk}@{link.split('/')[2]}")
        event.add("dtstamp", now)
        event.add("sequence", each.sequence)
        event.add("dtstart", each.starts_at.astimezone(UTC))
        event.add("dtend", each.ends_at.astimezone(UTC))
        event.add("summary", task.title)
        event.add("location", f"{task.site}, {task.district.name}")
        event.add("url", link)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def task_as_json_ld(task: Opportunity, *, city: City | None, address: Address) -> str:
    """Return one task as an unpaid posting of schema.org."""
    told = {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "employmentType": "VOLUNTEER",
        "title": task.title,
        "description": task.task,
        "datePosted": task.status_changed_at.isoformat(),
        "url": address(task.get_absolute_url()),
        "workHours": task.times_text,
        "hiringOrganization": {"@type": "Organization", "name": task.provider.name},
        "jobLocation": {
            "@type": "Place",
            "name": task.site,
            "address": {
                "@type": "PostalAddress",
                "addressLocality": city.name if city else "",
                "addressRegion": task.district.name,
                "addressCountry": "DE",
            },
        },
    }
    if task.last_on is not None:
        told["validThrough"] = end_of_day(task.last_on).isoformat()
    return json.dumps(told, ensure_ascii=False)
