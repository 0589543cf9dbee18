"""The list of the day as one mail to each person: numbers and links, no name; none if nothing waits."""

from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts.models import User
from foundation.clock import local_day
from foundation.working_days import is_working_day
from outbox.services.queue import queue
from programs.models import Absence, Membership
from wirbrauchensie.today.kinds import reader_of
from wirbrauchensie.today.lists import waiting_for
from wirbrauchensie.today.mails import MORNING


def send_morning_mails(now: datetime) -> int:
    """Write to everybody who acts for a provider and for whom something waits; return to how many.

    Once a day, on working days only, and to nobody who is away. Who has several roles gets one mail with
    the work of all.
    """
    if not is_working_day(local_day(now)):
        return 0
    today, acting = local_day(now), Membership.objects.filter(user=OuterRef("pk"))
    away = Absence.objects.filter(user=OuterRef("pk"), from_on__lte=today, until_on__gte=today)
    people = User.objects.filter(Exists(acting), ~Exists(away), is_active=True).order_by("pk")
    return sum(_write(user, now) for user in people)


def _write(user: User, now: datetime) -> bool:
    waiting = waiting_for(reader_of(user, local_day(now)), now)
    if not waiting:
        return False
    today = local_day(now)
    return queue(
        mail=MORNING,
        key=f"today.morning:{user.pk}:{today:%Y%m%d}",
        to_email=user.email,
        context={
            "lines": [(each.kind.title, each.count, settings.PUBLIC_BASE_URL + each.url) for each in waiting],
            "total": sum(each.count for each in waiting),
            "today": today,
            "url": settings.PUBLIC_BASE_URL + reverse("coordination"),
        },
        now=now,
    )
