"""Tasks that came in a file and soon end by themselves, unless somebody says that they still hold."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.clock import end_of_day, local_day
from programs.models import Opportunity
from wirbrauchensie.today.kinds import Kind, Reader, Row

LOOK_AHEAD = timedelta(days=14)


def _expiring(reader: Reader, now: datetime) -> QuerySet[Opportunity]:
    today = local_day(now)
    ending = Opportunity.objects.filter(
        provider__in=reader.houses, expires_on__gte=today, expires_on__lte=today + LOOK_AHEAD
    )
    return ending.exclude(status=Opportunity.Status.CLOSED).order_by("expires_on", "pk")


def _row(reader: Reader, task: Opportunity, now: datetime) -> Row:
    assert task.expires_on is not None
    return Row(
        key=f"ablaufend-{task.pk}",
        who=task.title,
        what=_("aus einer Liste eingelesen; danach endet das Angebot von selbst"),
        until=task.expires_on,
        due_at=end_of_day(task.expires_on),
        url=reverse("coordination_opportunity", args=[task.pk]),
        action=_("Ansehen oder ändern"),
        about=task,
    )


EXPIRING = Kind(
    slug="ablaufend",
    title=gettext_lazy("Angaben, die bald ablaufen"),
    text=gettext_lazy("Diese Aufgaben enden in den nächsten zwei Wochen, wenn niemand sagt: Stimmt noch."),
    icon="calendar",
    is_for=lambda reader: reader.coordinates,
    waiting=_expiring,
    row=_row,
    template="dashboard/today/_prolong.html",
)
