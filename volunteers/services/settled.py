"""Letters that wait to be printed about something that is settled by now are not printed any more."""

from datetime import datetime

from citizens.services.letters import take_back
from outbox.services.paper import letters_to_print
from volunteers.models import Assignment, Offer, Placement, TimePledge, Volunteer
from volunteers.wording.mails import (
    CLEARANCE_DUE_SOON,
    OFFER,
    PLACEMENT_AWAITING_CLEARANCE,
    PLACEMENT_CONFIRMED,
    PLACEMENT_GOES_ON,
    PLACEMENT_RESTS,
    PLACEMENT_RESTS_NO_MORE,
    PLACEMENT_RESUMED,
    PLACEMENT_WAITS_AGAIN,
    PLEDGE_RESUMED,
    PLEDGE_STILL_LOOKING,
    SHIFT_REMINDER,
)

ASKS_FOR_PAPERS = (PLACEMENT_AWAITING_CLEARANCE, PLACEMENT_WAITS_AGAIN)
OF_A_PLACEMENT = (
    *ASKS_FOR_PAPERS,
    CLEARANCE_DUE_SOON,
    PLACEMENT_CONFIRMED,
    PLACEMENT_GOES_ON,
    PLACEMENT_RESTS,
    PLACEMENT_RESTS_NO_MORE,
    PLACEMENT_RESUMED,
)


def question_settled(offer: Offer) -> bool:
    """Take the letter of a question back that has its answer, or is over; whether it was never posted."""
    return take_back(offer.pledge.volunteer.mailbox, [OFFER], offer.pk) > 0


def papers_settled(placement: Placement) -> None:
    """Ask by no letter any more for what is there."""
    take_back(placement.volunteer.mailbox, ASKS_FOR_PAPERS, placement.pk)


def placement_settled(placement: Placement) -> None:
    """Tell by no letter any more how something begins or goes on that is over."""
    take_back(placement.volunteer.mailbox, OF_A_PLACEMENT, placement.pk)


def begin_settled(placement: Placement) -> bool:
    """Tell by no letter any more that it rests, or goes on, at a stopped provider; whether one waited."""
    return take_back(placement.volunteer.mailbox, [PLACEMENT_RESTS, PLACEMENT_GOES_ON], placement.pk) > 0


def end_settled(placement: Placement) -> None:
    """Tell by no letter any more that this is over."""
    take_back(placement.volunteer.mailbox, [PLACEMENT_RESTS_NO_MORE], placement.pk)


def search_settled(pledge: TimePledge) -> None:
    """Tell by no letter any more that we are looking for something."""
    take_back(pledge.volunteer.mailbox, [PLEDGE_STILL_LOOKING, PLEDGE_RESUMED], pledge.pk)


def reminders_settled(now: datetime, *, of: Volunteer | None = None) -> int:
    """Remind by no letter of dates none of which is still to come; return how many were taken back."""
    waiting = letters_to_print().filter(template=SHIFT_REMINDER.template)
    if of is not None:
        waiting = waiting.filter(to_email=of.mailbox.email)
    taken = 0
    for letter in list(waiting.only("key", "to_email", "queued_at")):
        person = int(letter.key.split(":")[1])
        told = Assignment.objects.filter(volunteer=person, reminded_at=letter.queued_at)
        coming = told.filter(
            status=Assignment.Status.CONFIRMED, shift__is_cancelled=False, shift__starts_at__gt=now
        )
        if not coming.exists():
            owner = Volunteer.objects.select_related("mailbox").get(pk=person)
            taken += take_back(owner.mailbox, [SHIFT_REMINDER], person)
    return taken
