"""Which coming dates of a task are not safe yet, for those who run it."""

from datetime import datetime

from programs.models import Opportunity, Shift
from programs.services.parts import Asked, Section
from volunteers.domain.two_adults import adults_missing
from volunteers.selectors.two_adults import unsafe_dates

MOST_SHOWN = 8


def unsafe_section(opportunity: Opportunity, sees_all: Asked, now: datetime) -> Section | None:
    """Return the next dates that lack an adult; nothing where two are certain or need not be."""
    shown = unsafe_dates(Shift.objects.filter(opportunity=opportunity), now)[:MOST_SHOWN]
    has_staff = opportunity.staff_is_there
    dates = [
        (shift, adults_missing(shift.adults, staff_is_there=has_staff))  # type: ignore[attr-defined]
        for shift in shown
    ]
    context = {"dates": dates, "staff_is_there": has_staff}
    return Section("volunteers/_unsafe_dates.html", context) if dates else None
