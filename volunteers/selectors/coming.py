"""Whether somebody may come to a date: what the database asks of every assignment, before it refuses."""

from datetime import datetime

from foundation.clock import LOCAL_ZONE, local_day
from programs.models import Opportunity, Shift
from volunteers.domain.minors import is_too_late
from volunteers.models import Clearance, Volunteer
from volunteers.selectors.clearances import clearance_rules


def may_come_on(volunteer: Volunteer, opportunity: Opportunity, shift: Shift) -> bool:
    """Tell whether this person may come to this date of this task: old enough, and inspected on that day."""
    if not may_do(volunteer, opportunity):
        return False
    if not may_be_there(shift.starts_at, shift.ends_at, is_adult=volunteer.is_adult):
        return False
    if not opportunity.clearance_required:
        return True
    rows = Clearance.objects.filter(volunteer=volunteer, opportunity=opportunity)
    seen = rows.values_list("certificate_on", flat=True).first()
    return seen is not None and clearance_rules().counts(seen, local_day(shift.starts_at))


def may_do(volunteer: Volunteer, opportunity: Opportunity) -> bool:
    """Tell whether this person is old enough for this task."""
    return volunteer.age_at_least >= opportunity.minimum_age


def may_be_there(starts_at: datetime, ends_at: datetime, *, is_adult: bool) -> bool:
    """Tell whether the hours of a date are for the age of whoever comes."""
    return is_adult or not is_too_late(starts_at.astimezone(LOCAL_ZONE), ends_at.astimezone(LOCAL_ZONE))
