"""What a provider writes to all who take part in a task, or who come to one of its dates.

About a date it is necessary: who comes must know. About a task it can be declined. It goes once to a mailbox,
and a form that is sent twice sends nothing twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from citizens.services.letters import Letter, reaches, write_all
from foundation.actors import Actor
from foundation.history import note_act
from foundation.limit_values import MESSAGES_PER_TASK
from foundation.limits import take
from foundation.submissions import act_of
from outbox.domain.catalogue import Mail
from outbox.services.queue import was_queued
from programs.models import Opportunity, Shift
from volunteers.models import Assignment, Placement, Volunteer
from volunteers.wording.mails import DATE_MESSAGE, TASK_MESSAGE

EXPECTED = (Assignment.Status.CONFIRMED, Assignment.Status.STAND_IN_WANTED)


@dataclass(frozen=True)
class Audience:
    """Whom a message reaches, one of each mailbox, and whom it does not."""

    task: Opportunity
    date: Shift | None
    people: list[Volunteer]
    beyond: list[Volunteer]

    @property
    def mail(self) -> Mail:
        """What is written to them."""
        return TASK_MESSAGE if self.date is None else DATE_MESSAGE


def audience_of(task: Opportunity, date: Shift | None) -> Audience:
    """Return who takes part in `task`, or who is expected at its `date`, by first name."""
    there: Any
    if date is None:
        there = Placement.objects.filter(opportunity=task, status=Placement.Status.ACTIVE)
    else:
        there = Assignment.objects.filter(shift=date, status__in=EXPECTED)
    found = Volunteer.objects.filter(pk__in=there.values("volunteer"), mailbox__erased_at=None)
    return _among(list(found.select_related("mailbox").order_by("first_name", "pk")), task, date)


def audiences_among(placements: Iterable[Placement]) -> list[Audience]:
    """Return whom a message reaches of those who take part at `placements`, task by task.

    Who takes part in several reads it about the first.
    """
    by_task: dict[Opportunity, list[Volunteer]] = {}
    seen: set[int] = set()
    for placement in placements:
        person = placement.volunteer
        if placement.is_active and person.pk not in seen and person.mailbox.erased_at is None:
            by_task.setdefault(placement.opportunity, []).append(person)
            seen.add(person.pk)
    return [_among(people, task, None) for task, people in by_task.items()]


def _among(everybody: list[Volunteer], task: Opportunity, date: Shift | None) -> Audience:
    mail = TASK_MESSAGE if date is None else DATE_MESSAGE
    reached = [each for each in everybody if reaches(each.mailbox, mail)]
    people = list({each.mailbox_id: each for each in reversed(reached)}.values())[::-1]
    unreached = set(everybody).difference(reached)
    return Audience(task, date, people, [each for each in everybody if each in unreached])


@transaction.atomic
def send_message(audience: Audience, text: str, *, submission: UUID, actor: Actor, now: datetime) -> int:
    """Write `text` to everybody and return to how many; 0 if this form was sent before with this text.

    Raises LimitReached when too much was written for this task today.
    """
    Opportunity.objects.select_for_update(no_key=True).get(pk=audience.task.pk)  # of two clicks one is first
    act = act_of(submission, text)
    letters = [_letter(audience, each, text, act) for each in audience.people]
    known = was_queued(letter.key for letter in letters)
    new = [letter for letter in letters if letter.key not in known]
    write_all(new, now=now)
    written = len(new)
    if written:
        take(MESSAGES_PER_TASK, str(audience.task.pk), now=now)
        about = "task" if audience.date is None else f"date {audience.date.pk}"
        note_act(audience.task, "message", f"{about}: {written}", actor=actor, now=now)
    return written


def _letter(audience: Audience, person: Volunteer, text: str, act: UUID) -> Letter:
    return Letter(
        person.mailbox,
        audience.mail,
        audience.mail.key.replace("*", f"{act}:{person.mailbox_id}"),
        {"volunteer": person, "opportunity": audience.task, "shift": audience.date, "text": text},
    )
