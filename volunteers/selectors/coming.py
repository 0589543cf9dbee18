"""Whether somebody may come to a date: what the database asks of every assignment, before it refuses."""

from datetime import datetime

from foundation.clock import LOCAL_ZONE, local_day
from programs.models import Role, Shift
from volunteers.domain.minors import is_too_late
from volunteers.models import Placement, Volunteer
from volunteers.selectors.gate import gate_of, gate_without_placement


def may_come_on(volunteer: Volunteer, role: Role, shift: Shift, placement: Placement | None) -> bool:
    """Tell whether this person may come to this date in this role: old enough, and let in on that day.

    Without `placement` they stand in for somebody.
    """
    if not may_do(volunteer, role) or not may_be_there(shift.starts_at, shift.ends_at, volunteer):
        return False
    gate = gate_of(placement) if placement else gate_without_placement(volunteer, role)
    return gate.lets_in(local_day(shift.starts_at))


def may_do(volunteer: Volunteer, role: Role) -> bool:
    """Tell whether this person is old enough for this role, and comes alone where each brings papers."""
    if volunteer.is_group and role.asks_each_for_papers:
        return False
    return volunteer.age_at_least >= role.minimum_age


def may_be_there(starts_at: datetime, ends_at: datetime, volunteer: Volunteer) -> bool:
    """Tell whether the hours of a date are for the age of whoever comes."""
    return volunteer.is_adult or not is_too_late(
        starts_at.astimezone(LOCAL_ZONE), ends_at.astimezone(LOCAL_ZONE), born_in=volunteer.born_in
    )
