"""Which coming dates of a task are not safe yet, for those who run it."""

from datetime import datetime

from programs.models import Opportunity, Shift
from programs.services.parts import Asked, Section
from volunteers.selectors.two_adults import unsafe_dates

MOST_SHOWN = 8


def unsafe_section(opportunity: Opportunity, sees_all: Asked, now: datetime) -> Section | None:
    """Return the next dates that lack an adult; nothing where two are certain or need not be."""
    shown = unsafe_dates(Shift.objects.filter(opportunity=opportunity), now)[:MOST_SHOWN]
    dates = [(shift, shift.needed - shift.adults) for shift in shown]  # type: ignore[attr-defined]
    if not dates:
        return None
    context = {
        "dates": dates,
        "staff_is_there": opportunity.staff_is_there,
        "two_are_asked": opportunity.roles.filter(activity__current__two_adults=True).exists(),
    }
    return Section("volunteers/_unsafe_dates.html", context)
