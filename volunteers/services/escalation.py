"""Silence after pledging must not happen: whoever waits too long comes before the youth office."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from citizens.services.letters import Letter, write_all
from outbox.services.queue import Draft, queue_all
from programs.models import Opportunity, Provider
from volunteers.models import TimePledge
from volunteers.selectors.silence import silent_pledges
from volunteers.services.coordination_mail import coordination_address
from volunteers.services.openings import Opening, openings_of
from volunteers.services.persons import lock_people
from volunteers.wording.mails import PLEDGE_ESCALATED, PLEDGE_STILL_LOOKING

PEOPLE_AT_ONCE = 50


def escalate_unanswered(now: datetime) -> int:
    """Escalate every open pledge whose answer is overdue, once; return how many."""
    office = Provider.objects.filter(is_youth_office=True).first()
    people = _overdue(now).order_by("volunteer").values_list("volunteer", flat=True)
    waiting = list(dict.fromkeys(people))
    chunks = (waiting[first : first + PEOPLE_AT_ONCE] for first in range(0, len(waiting), PEOPLE_AT_ONCE))
    return sum(_escalate(chunk, office, now) for chunk in chunks)


def _overdue(now: datetime) -> QuerySet[TimePledge]:
    return silent_pledges(now).filter(escalated_at=None)


@transaction.atomic
def _escalate(people: Collection[int], youth_office: Provider | None, now: datetime) -> int:
    """Tell the providers whose tasks were wanted, the youth office, and the people who wait.

    Looked at again while they are locked: they may have been asked something meanwhile.
    """
    lock_people(people)
    rows = _overdue(now).filter(volunteer__in=people).prefetch_related("windows").order_by("pk")
    pledges = list(rows.select_related("volunteer__mailbox", "home_district", "wanted_opportunity__provider"))
    TimePledge.objects.filter(pk__in=[each.pk for each in pledges]).update(escalated_at=now)
    queue_all([draft for each in pledges for draft in _to_coordination(each, youth_office)], now=now)
    openings = openings_of(pledges, now)
    write_all((_to_person(each, openings.get(each.pk)) for each in pledges), now=now)
    return len(pledges)


def _to_coordination(pledge: TimePledge, youth_office: Provider | None) -> Iterator[Draft]:
    wanted = pledge.wanted_opportunity
    for provider in {wanted.provider if wanted else youth_office, youth_office}:
        where = settings.PUBLIC_BASE_URL + _where(provider, wanted)
        yield Draft(
            PLEDGE_ESCALATED,
            f"pledge.escalated:{_moment(pledge)}:{provider.pk if provider else 0}",
            coordination_address(provider),
            {"wanted": wanted, "due_on": pledge.answer_due_on, "url": where},
        )


def _to_person(pledge: TimePledge, opening: Opening | None) -> Letter:
    return Letter(
        pledge.volunteer.mailbox,
        PLEDGE_STILL_LOOKING,
        f"pledge.still_looking:{_moment(pledge)}",
        {"volunteer": pledge.volunteer, "opening": opening},
    )


def _moment(pledge: TimePledge) -> str:
    """Name whose clock ran out, and which time."""
    return f"{pledge.pk}:{pledge.answer_due_at:%Y%m%d%H%M%S}"


def _where(provider: Provider | None, wanted: Opportunity | None) -> str:
    """Return where it is done: the office calls; who runs the wanted task sees what is missing, no name."""
    if wanted is not None and provider == wanted.provider and not wanted.provider.is_youth_office:
        return reverse("coordination_opportunity", args=[wanted.pk])
    return reverse("coordination", query={"art": "anrufen"})
