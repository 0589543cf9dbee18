"""What time alone does to placements."""

from datetime import datetime, timedelta

from foundation.sweeps import all_night, daily, every, sweep
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.clearance_changes import follow_due_dates
from volunteers.services.clearance_reminders import remind_of_due_clearances
from volunteers.services.clearances import purge_clearances
from volunteers.services.date_notices import tell_of_changes
from volunteers.services.dateless import end_dateless
from volunteers.services.need_changes import FOLLOW_NEEDS, follow_needs
from volunteers.services.placement_endings import end_over
from volunteers.services.provider_silence import press_providers
from volunteers.services.reminders import remind_of_dates
from volunteers.services.self_commitments import remind_of_ending_commitments
from volunteers.services.stand_in_rounds import find_stand_ins
from volunteers.services.task_notices import tell_of_changed_tasks


@sweep("volunteers.remind_first_shift", every(1800), timedelta(hours=3), side_by_side=4)
def remind_first_shift(now: datetime) -> int:
    """Remind of dates as people and tasks wish."""
    return remind_of_dates(now)


@sweep("volunteers.tell_of_changed_dates", every(15), timedelta(minutes=10), side_by_side=4)
def tell_of_changed_dates(now: datetime) -> int:
    """Tell everybody concerned, once what is being changed has settled."""
    return tell_of_changes(now) + tell_of_changed_tasks(now)


@sweep("volunteers.find_stand_ins", every(60), timedelta(minutes=15), side_by_side=4)
def ask_for_stand_ins(now: datetime) -> int:
    """Ask the next people for dates somebody gave back."""
    return find_stand_ins(now)


@sweep("volunteers.assign_shifts", every(3600), timedelta(hours=6), side_by_side=4)
def assign_shifts(now: datetime) -> int:
    """Assign placements to dates that were added since."""
    return assign_coming_shifts(now)


@sweep("volunteers.follow_clearances", every(3600), timedelta(hours=6))
def follow_clearances(now: datetime) -> int:
    """Let those wait again for whom something their task asks for does not count any more."""
    return follow_due_dates(now)


@sweep(FOLLOW_NEEDS, every(60), timedelta(minutes=15))
def follow_changed_needs(now: datetime) -> int:
    """Do what is left of changes that concern very many people."""
    return follow_needs(now)


@sweep("volunteers.remind_of_clearances", daily(7, 10), timedelta(hours=26))
def remind_of_clearances(now: datetime) -> int:
    """Say early enough that a new certificate, or a new signature, will be due."""
    return remind_of_due_clearances(now) + remind_of_ending_commitments(now)


@sweep("volunteers.press_providers", every(900), timedelta(hours=2), side_by_side=4)
def remind_providers(now: datetime) -> int:
    """Let nobody wait for a provider in silence."""
    return press_providers(now)


@sweep("volunteers.end_placements", all_night(5), timedelta(hours=26), side_by_side=4)
def end_placements(now: datetime) -> int:
    """Stop what is closed or past its last day."""
    return end_over(now)


@sweep("volunteers.end_dateless", daily(3, 45), timedelta(hours=26))
def end_dateless_placements(now: datetime) -> int:
    """Ask and end what is active on paper alone."""
    return end_dateless(now)


@sweep("volunteers.purge_clearances", daily(3, 50), timedelta(hours=26))
def purge_unused_clearances(now: datetime) -> int:
    """Delete inspections that may not be kept any longer."""
    return purge_clearances(now)
