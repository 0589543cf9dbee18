"""Calls and notes of those who coordinate: kept as they were, and what was said takes effect at once."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from accounts.models import User
from foundation.actors import Actor
from foundation.clock import local_day
from foundation.undoing import UNDO_WITHIN
from foundation.working_days import working_days_later
from programs.models import Provider
from volunteers.domain.promises import ANSWER_WITHIN
from volunteers.models import CallTakenBack, Contact, TimePledge, Volunteer
from volunteers.services.pauses import pause_pledge
from volunteers.services.persons import lock_owner, lock_person
from volunteers.services.withdrawals import withdraw_pledge

Outcome = Contact.Outcome
NextStep = Contact.NextStep
_USUAL_STEP = {
    Outcome.REACHED: NextStep.ASK,
    Outcome.NOT_REACHED: NextStep.CALL,
    Outcome.WANTS_TO_WAIT: NextStep.WAIT,
}

ONCE = timedelta(minutes=1)
_WITHOUT_EFFECT = (Outcome.REACHED, Outcome.NOT_REACHED)


@dataclass(frozen=True)
class Call:
    """What came of a call. `again_on` is when to look again, None for the usual time.

    `after` is the last contact about the pledge that the caller knew of, 0 for none.
    """

    outcome: str
    next_step: str = ""
    again_on: date | None = None
    text: str = ""
    after: int = 0


@transaction.atomic
def record_call(pledge: TimePledge, call: Call, *, by: User, actor: Actor, now: datetime) -> Contact | None:
    """Keep what came of a call about an open pledge: who wants to wait rests, who wants no more is let go.

    Returns None, changing nothing, if the pledge is not open any more or somebody noted a call meanwhile.
    """
    lock_owner(pledge.pk)
    pledge.refresh_from_db()
    if not pledge.is_open or last_contact_id(pledge) != call.after:
        return None
    again_on = None if call.outcome == Outcome.ENDED else call.again_on or _usual_day(call.outcome, now)
    contact = Contact.objects.create(
        volunteer_id=pledge.volunteer_id,
        pledge=pledge,
        outcome=call.outcome,
        next_step=_step(call) if again_on else "",
        again_on=again_on,
        text=call.text,
        noted_at=now,
        noted_by=by,
    )
    if call.outcome == Outcome.ENDED:
        withdraw_pledge(pledge, actor=actor, now=now)
    elif call.outcome == Outcome.WANTS_TO_WAIT and again_on:
        pause_pledge(pledge, until=again_on, actor=actor, now=now)
    return contact


@transaction.atomic
def take_back_call(contact: Contact, *, by: User, now: datetime) -> bool:
    """Let a call count no more that was noted by mistake: the person waits as before.

    Only within `UNDO_WITHIN`, only the latest about its pledge, and only where nothing followed from it
    that somebody else could have noticed. Returns False, changing nothing, otherwise.
    """
    lock_person(contact.volunteer_id)
    if not may_be_taken_back(contact, now) or contact.pledge is None:
        return False
    if last_contact_id(contact.pledge) != contact.pk:
        return False
    CallTakenBack.objects.create(contact=contact, at=now, by=by)
    return True


def may_be_taken_back(contact: Contact, now: datetime) -> bool:
    """Whether it is fresh, and nothing has left the house or changed for the person because of it."""
    return contact.outcome in _WITHOUT_EFFECT and now - contact.noted_at < UNDO_WITHIN


def fresh_calls(by: User, now: datetime) -> QuerySet[Contact]:
    """Return the calls that `by` noted and can still take back, the latest first."""
    calls = Contact.objects.filter(
        noted_by=by, noted_at__gt=now - UNDO_WITHIN, outcome__in=_WITHOUT_EFFECT, taken_back=None
    )
    return calls.select_related("volunteer").order_by("-noted_at", "-pk")


@transaction.atomic
def note(volunteer: Volunteer, text: str, *, provider: Provider | None, by: User, now: datetime) -> Contact:
    """Keep a note about a person that `provider` may read, None for the youth office.

    The same words by the same hand within a minute are one note: a form that was sent twice.
    """
    lock_person(volunteer.pk)
    same = Contact.objects.filter(
        volunteer=volunteer, provider=provider, text=text, outcome="", noted_by=by, noted_at__gt=now - ONCE
    )
    return same.first() or Contact.objects.create(
        volunteer=volunteer, provider=provider, text=text, noted_at=now, noted_by=by
    )


@transaction.atomic
def take_back_note(contact: Contact, *, by: User, now: datetime) -> bool:
    """Let a note count no more that was made by mistake. False, changing nothing, after `UNDO_WITHIN`."""
    lock_person(contact.volunteer_id)
    if now - contact.noted_at >= UNDO_WITHIN or CallTakenBack.objects.filter(contact=contact).exists():
        return False
    CallTakenBack.objects.create(contact=contact, at=now, by=by)
    return True


def fresh_notes(by: User, now: datetime) -> QuerySet[Contact]:
    """Return the notes about people whom no mail reaches that `by` can still take back, the latest first."""
    notes = Contact.objects.filter(
        noted_by=by,
        noted_at__gt=now - UNDO_WITHIN,
        outcome="",
        taken_back=None,
        volunteer__mailbox__bounced_at__lte=F("noted_at"),
    )
    return notes.select_related("volunteer").order_by("-noted_at", "-pk")


def last_contact_id(pledge: TimePledge) -> int:
    """Return the latest call about `pledge`, 0 for none."""
    calls = Contact.objects.filter(pledge=pledge, taken_back=None)
    return calls.order_by("-pk").values_list("pk", flat=True).first() or 0


def latest_contact() -> int:
    """Return the latest of all calls and notes, 0 for none: what is noted after it was not known."""
    return Contact.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _step(call: Call) -> str:
    if call.outcome == Outcome.WANTS_TO_WAIT:
        return NextStep.WAIT
    return call.next_step or _USUAL_STEP[Outcome(call.outcome)]


def _usual_day(outcome: str, now: datetime) -> date:
    """The next working day after nobody answered; after a talk, the time that is promised to everybody."""
    days = 1 if outcome == Outcome.NOT_REACHED else ANSWER_WITHIN
    return working_days_later(local_day(now), days)
