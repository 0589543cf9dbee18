"""Dates on which too few adults are certain."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.clock import local_day
from foundation.formats import date_long, time_range
from programs.models import Shift, ShiftRole
from volunteers.selectors.two_adults import unsafe_dates
from wirbrauchensie.today.kinds import Kind, Reader, Row

LOOK_AHEAD = timedelta(days=7)


def _unsafe(reader: Reader, now: datetime) -> QuerySet[Shift]:
    """Somebody comes, but not two adults; where nobody comes at all the gap is told already."""
    somebody = ShiftRole.objects.filter(shift=OuterRef("pk"), places_taken__gt=0)
    soon = Shift.objects.filter(
        Exists(somebody), opportunity__provider__in=reader.houses, starts_at__lt=now + LOOK_AHEAD
    )
    return unsafe_dates(soon, now)


def _row(reader: Reader, shift: Shift, now: datetime) -> Row:
    return Row(
        key=f"unsicher-{shift.pk}",
        who=shift.opportunity.title,
        what=_("%(day)s, %(hours)s: noch keine zwei Erwachsenen")
        % {
            "day": date_long(local_day(shift.starts_at)),
            "hours": time_range(shift.starts_at, shift.ends_at),
        },
        due_at=shift.starts_at,
        url=reverse("coordination_opportunity", args=[shift.opportunity_id]),
        action=_("Zum Engagementangebot"),
        about=shift,
    )


UNSAFE = Kind(
    slug="unsicher",
    title=gettext_lazy("Unsichere Termine"),
    text=gettext_lazy("Hier müssen zwei Erwachsene da sein, und es sind noch keine zwei sicher."),
    icon="shield",
    is_for=lambda reader: reader.coordinates,
    waiting=_unsafe,
    row=_row,
    template="dashboard/today/_date.html",
)
