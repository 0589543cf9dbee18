"""What this app does when help is offered or needed in another way, and its part of "Meine Seite"."""

from dataclasses import replace
from datetime import datetime

from django.dispatch import receiver

from citizens.services.parts import register
from figures.domain.measures import Measure
from figures.services import sources
from programs.domain.changed_dates import ChangedDate
from programs.models import Opportunity
from programs.services.parts import register as add_section
from programs.signals import dates_changed, need_changed, need_changing, task_changed
from volunteers.forms.reminders import preferences
from volunteers.models import TimePledge
from volunteers.selectors import figures
from volunteers.services import guardian_part
from volunteers.services.citizen_part import PART
from volunteers.services.clearance_changes import lock_people_of
from volunteers.services.date_notices import note_changes
from volunteers.services.match_requests import want_match_for, want_match_of, want_run
from volunteers.services.need_changes import follow_changed_needs
from volunteers.services.seats import follow_moved_dates, lock_dates
from volunteers.services.stand_in_list import stand_ins_section
from volunteers.services.stand_ins import follow_changed_dates, withdraw_questions_to
from volunteers.services.task_notices import note_task_change
from volunteers.services.task_people import people_section
from volunteers.services.two_adults import unsafe_section
from volunteers.services.wishers import wishers_section
from volunteers.signals import pledge_changed

register(replace(PART, preferences=preferences))
register(guardian_part.PART)
add_section(people_section)
add_section(unsafe_section)
add_section(wishers_section)
add_section(stand_ins_section)
sources.register(Measure.PLEDGED, figures.pledged)
sources.register(Measure.PLACED, figures.placed)
sources.register(Measure.HOURS, figures.hours)
sources.register(Measure.ANSWERED, figures.answered)
sources.register(Measure.TAKEN, figures.taken)


@receiver(need_changing)
def lock_people_first(opportunity_ids: list[int], **_about: object) -> None:
    """Keep the lock order: people before tasks."""
    lock_people_of(opportunity_ids)


@receiver(need_changed)
def follow_needs(now: datetime, opportunity_ids: list[int], **_about: object) -> None:
    """Let people wait or come as the tasks now ask for, and leave no question open that should not be."""
    follow_changed_needs(opportunity_ids, now)


@receiver(task_changed)
def note_changed_task(
    now: datetime, opportunity: Opportunity, place: str, times: str, period: str, **_about: object
) -> None:
    """Remember whom no date of theirs tells."""
    note_task_change(opportunity, place=place, times=times, period=period, now=now)


@receiver(dates_changed)
def note_changed_dates(now: datetime, changes: list[ChangedDate], **_about: object) -> None:
    """Remember whom to tell, and let yield what overlaps now."""
    dates = [change.shift_id for change in changes]
    lock_dates(dates, now)
    note_changes(changes, now=now)
    follow_moved_dates(dates, now=now)
    follow_changed_dates(changes, now)


@receiver(need_changed)
def match_tasks_again(now: datetime, opportunity_ids: list[int], **_about: object) -> None:
    """Let the matcher look for people for these tasks, or again for all."""
    if opportunity_ids:
        want_match_for(opportunity_ids, now)
    else:
        want_run(now)


@receiver(pledge_changed)
def ask_nobody_who_rests(pledge: TimePledge, now: datetime, **_about: object) -> None:
    """Leave no question to stand in open for somebody who pauses or has left."""
    if not pledge.is_open and pledge.status != TimePledge.Status.PLACED:
        withdraw_questions_to(pledge, now)


@receiver(pledge_changed)
def match_person_again(now: datetime, pledge: TimePledge, **_about: object) -> None:
    """Let the matcher look for tasks for this person."""
    want_match_of(pledge.pk, now)
