"""Dates for which somebody is being looked for."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from foundation.clock import local_day
from foundation.formats import date_long, time_range
from volunteers.models import StandInSearch
from volunteers.selectors.stand_ins import open_searches
from wirbrauchensie.today.kinds import Kind, Reader, Row


def _searches(reader: Reader, now: datetime) -> QuerySet[StandInSearch]:
    mine = open_searches(now).filter(absent__shift__opportunity__provider__in=reader.houses)
    return mine.select_related("absent__role", "absent__shift__opportunity")


def _row(reader: Reader, search: StandInSearch, now: datetime) -> Row:
    shift = search.absent.shift
    return Row(
        key=f"ersatz-{search.pk}",
        who=search.absent.title,
        what=_("%(day)s, %(hours)s: %(standing)s")
        % {
            "day": date_long(local_day(shift.starts_at)),
            "hours": time_range(shift.starts_at, shift.ends_at),
            "standing": _standing(search),
        },
        since=local_day(search.created_at),
        due_at=shift.starts_at,
        url=reverse("coordination_opportunity", args=[shift.opportunity_id]) + "#menschen",
        action=_("Menschen und Termine der Aufgabe"),
        about=shift,
    )


def _standing(search: StandInSearch) -> str:
    """How many were asked, never who: whoever was merely asked stays unknown."""
    asked: int = search.asked  # type: ignore[attr-defined]
    waiting: int = search.waiting  # type: ignore[attr-defined]
    if not search.is_searching:
        return _("niemand gefunden, niemand mehr zu fragen")
    if not asked:
        return _("die Suche beginnt gerade")
    told = ngettext("%(asked)d Mensch gefragt", "%(asked)d Menschen gefragt", asked) % {"asked": asked}
    return _("%(told)s, %(waiting)d noch ohne Antwort") % {"told": told, "waiting": waiting}


SEARCHES = Kind(
    slug="ersatz",
    title=gettext_lazy("Ersatz gesucht"),
    text=gettext_lazy(
        "Jemand kann nicht, und wir fragen andere. Wo niemand mehr zu fragen ist, hilft ein Anruf."
    ),
    icon="people",
    is_for=lambda reader: reader.coordinates,
    waiting=_searches,
    row=_row,
    template="dashboard/today/_date.html",
)
