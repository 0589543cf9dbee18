"""Who is at a task and what is missing at its next dates, for those who run it."""

from datetime import datetime

from programs.models import Opportunity
from programs.services.parts import Asked, Section
from volunteers.models import Placement
from volunteers.selectors.coordination import next_dates_of

MOST_SHOWN = 40


def people_section(opportunity: Opportunity, sees_all: Asked, now: datetime) -> Section | None:
    """Return the people role by role, the next dates with their gaps, and the ways on from there."""
    if opportunity.is_unpublished:
        return None
    held = Placement.objects.filter(opportunity=opportunity, status__in=Placement.HOLDING)
    people = held.select_related("volunteer", "role").order_by("role_id", "status", "created_at", "pk")
    context = {
        "opportunity": opportunity,
        "people": people[:MOST_SHOWN],
        "dates": next_dates_of(opportunity, now),
        "may_ask": sees_all() and opportunity.is_published,
    }
    return Section("volunteers/_task_people.html", context)
