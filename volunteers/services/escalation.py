"""Silence after pledging must not happen: whoever waits too long comes before the youth office."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from citizens.services.letters import write
from programs.models import Opportunity, Provider
from volunteers.models import TimePledge
from volunteers.selectors.silence import silent_pledges
from volunteers.services.coordination_mail import tell_coordination
from volunteers.services.openings import openings_of
from volunteers.services.persons import lock_owner
from volunteers.wording.mails import PLEDGE_ESCALATED, PLEDGE_STILL_LOOKING


def escalate_unanswered(now: datetime) -> int:
    """Escalate every open pledge whose answer is overdue, once; return how many."""
    youth_office = Provider.objects.filter(is_youth_office=True).first()
    keys = _overdue(now).order_by("pk").values_list("pk", flat=True)
    return sum(_escalate(pk, youth_office, now) for pk in list(keys))


def _overdue(now: datetime) -> QuerySet[TimePledge]:
    return silent_pledges(now).filter(escalated_at=None)


@transaction.atomic
def _escalate(pk: int, youth_office: Provider | None, now: datetime) -> bool:
    """Tell the provider whose task was wanted, the youth office, and the person who waits.

    Looked at again under the person's lock: they may have been asked something meanwhile.
    """
    lock_owner(pk)
    rows = _overdue(now).select_related("volunteer__mailbox", "home_district", "wanted_opportunity__provider")
    pledge = rows.filter(pk=pk).first()
    if pledge is None:
        return False
    TimePledge.objects.filter(pk=pk).update(escalated_at=now)
    wanted = pledge.wanted_opportunity
    moment = f"{pledge.answer_due_at:%Y%m%d%H%M%S}"
    context = {"wanted": wanted, "due_on": pledge.answer_due_on}
    for provider in {wanted.provider if wanted else youth_office, youth_office}:
        tell_coordination(
            provider,
            key=f"pledge.escalated:{pledge.pk}:{moment}:{provider.pk if provider else 0}",
            mail=PLEDGE_ESCALATED,
            context={**context, "url": settings.PUBLIC_BASE_URL + _where(provider, wanted)},
            now=now,
        )
    write(
        pledge.volunteer.mailbox,
        key=f"pledge.still_looking:{pledge.pk}:{moment}",
        mail=PLEDGE_STILL_LOOKING,
        context={"volunteer": pledge.volunteer, "opening": openings_of([pledge], now).get(pledge.pk)},
        now=now,
    )
    return True


def _where(provider: Provider | None, wanted: Opportunity | None) -> str:
    """Return where it is done: the office calls; who runs the wanted task sees what is missing, no name."""
    if wanted is not None and provider == wanted.provider and not wanted.provider.is_youth_office:
        return reverse("coordination_opportunity", args=[wanted.pk])
    return reverse("coordination", query={"art": "anrufen"})
