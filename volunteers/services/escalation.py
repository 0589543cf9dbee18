"""Silence after pledging must not happen: whoever waits too long comes before the youth office."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from citizens.services.letters import write
from foundation.clock import end_of_day
from foundation.working_days import last_day_due
from programs.models import Provider
from volunteers.domain.promises import ANSWER_WITHIN
from volunteers.models import Offer, Placement, TimePledge
from volunteers.services.coordination_mail import tell_coordination
from volunteers.wording.mails import PLEDGE_ESCALATED, PLEDGE_STILL_LOOKING


def escalate_unanswered(now: datetime) -> int:
    """Escalate every open pledge whose answer is overdue, once; return how many."""
    youth_office = Provider.objects.filter(is_youth_office=True).first()
    overdue = (
        _overdue(now).select_related("volunteer__mailbox", "wanted_opportunity__provider").order_by("pk")
    )
    return sum(_escalate(pledge, youth_office, now) for pledge in overdue)


def _overdue(now: datetime) -> QuerySet[TimePledge]:
    """A question that waits, one answered within that time, or a provider whose turn it is, is no silence."""
    said_yes = Placement.objects.filter(pledge=OuterRef("pk"), status=Placement.Status.AWAITING_CONFIRMATION)
    asked = Offer.objects.filter(pledge=OuterRef("pk"), sent_at__isnull=False)
    return TimePledge.objects.filter(
        ~Exists(asked.filter(status=Offer.Status.SENT)),
        ~Exists(asked.filter(status_changed_at__gte=end_of_day(last_day_due(now, ANSWER_WITHIN)))),
        ~Exists(said_yes),
        status=TimePledge.Status.OPEN,
        answer_due_at__lte=now,
        escalated_at__isnull=True,
    )


@transaction.atomic
def _escalate(pledge: TimePledge, youth_office: Provider | None, now: datetime) -> bool:
    """Tell the provider whose task was wanted, the youth office, and the person who waits."""
    still_waiting = TimePledge.objects.filter(
        pk=pledge.pk, status=TimePledge.Status.OPEN, escalated_at__isnull=True
    )
    if not still_waiting.update(escalated_at=now):
        return False
    wanted = pledge.wanted_opportunity
    moment = f"{pledge.answer_due_at:%Y%m%d%H%M%S}"
    context = {
        "wanted": wanted,
        "due_on": pledge.answer_due_on,
        "url": settings.PUBLIC_BASE_URL + reverse("coordination_pledges"),
    }
    for provider in {wanted.provider if wanted else youth_office, youth_office}:
        tell_coordination(
            provider,
            key=f"pledge.escalated:{pledge.pk}:{moment}:{provider.pk if provider else 0}",
            mail=PLEDGE_ESCALATED,
            context=context,
            now=now,
        )
    write(
        pledge.volunteer.mailbox,
        key=f"pledge.still_looking:{pledge.pk}:{moment}",
        mail=PLEDGE_STILL_LOOKING,
        context={"volunteer": pledge.volunteer},
        now=now,
    )
    return True
