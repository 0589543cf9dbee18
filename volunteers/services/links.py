"""The signed links in the mails to volunteers, as full addresses; each opens its own subject only."""

from datetime import datetime

from citizens.domain.links import LinkKind
from citizens.services.links import absolute, issue
from volunteers.domain.links import (
    CONFIRM_PLEDGE,
    GUARDIAN,
    OFFER,
    PERSON_CALENDAR,
    PLACEMENT_CALENDAR,
    PLACEMENT_LETTER,
    PLACEMENT_STEPS,
    STAND_IN,
)
from volunteers.models import GuardianConsent, Offer, Placement, StandInQuestion, TimePledge, Volunteer


def confirm_url(pledge: TimePledge, now: datetime) -> str:
    """Return the address at which `pledge` is confirmed by the owner of the mailbox."""
    return absolute("pledge_confirm", issue(CONFIRM_PLEDGE, pledge.volunteer.mailbox, pledge.pk, now))


def offer_token(offer: Offer, now: datetime) -> str:
    """Return the token with which the asked person answers `offer`."""
    return issue(OFFER, offer.pledge.volunteer.mailbox, offer.pk, now)


def offer_url(offer: Offer, now: datetime) -> str:
    """Return the address at which `offer` is accepted or declined."""
    return absolute("offer_answer", offer_token(offer, now))


def stand_in_token(question: StandInQuestion, now: datetime) -> str:
    """Return the token with which the asked person says whether they stand in."""
    return issue(STAND_IN, question.pledge.volunteer.mailbox, question.pk, now)


def stand_in_url(question: StandInQuestion, now: datetime) -> str:
    """Return the address at which somebody says whether they stand in."""
    return absolute("stand_in_answer", stand_in_token(question, now))


def placement_calendar_url(placement: Placement, now: datetime) -> str:
    """Return the address of the calendar file of `placement`."""
    return absolute("placement_calendar", _of_placement(PLACEMENT_CALENDAR, placement, now))


def person_calendar_url(volunteer: Volunteer, now: datetime) -> str:
    """Return the address from which a calendar program fetches all dates of `volunteer`."""
    return absolute("person_calendar", issue(PERSON_CALENDAR, volunteer.mailbox, volunteer.pk, now))


def placement_letter_url(placement: Placement, now: datetime) -> str:
    """Return the address of the letter with which the person applies for the certificate."""
    return absolute("placement_letter", _of_placement(PLACEMENT_LETTER, placement, now))


def placement_steps_url(placement: Placement, now: datetime) -> str:
    """Return the address at which a person does what is missing before their first date."""
    return absolute("placement_steps", _of_placement(PLACEMENT_STEPS, placement, now))


def guardian_url(consent: GuardianConsent, now: datetime) -> str:
    """Return the address at which a guardian agrees to a placement, and takes that back."""
    return absolute("guardian", issue(GUARDIAN, consent.mailbox, consent.pk, now))


def _of_placement(kind: LinkKind, placement: Placement, now: datetime) -> str:
    return issue(kind, placement.volunteer.mailbox, placement.pk, now)
