"""Putting a question: it takes the place it asks for, or it is not put."""

from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db import transaction

from citizens.services.letters import write
from foundation.actors import system
from foundation.clock import local_day
from foundation.transitions import move
from foundation.working_days import end_of_working_day
from programs.services.places import take_place
from volunteers.domain.commitments import clash
from volunteers.domain.states import OFFER_MOVES
from volunteers.models import Offer, TimePledge, Volunteer
from volunteers.selectors.commitments import commitment, placements_held, questions_open
from volunteers.selectors.contact import contacts
from volunteers.services.links import offer_url
from volunteers.services.persons import lock_person
from volunteers.wording.mails import OFFER

SWEEP = system("volunteers.send_offers")


class SendOutcome(StrEnum):
    """What became of a proposed question; all but SENT are normal and change nothing for the person."""

    SENT = "sent"
    NOT_PROPOSED = "not_proposed"
    NOT_LOOKING = "not_looking"
    CONTACT_BUDGET = "contact_budget"
    NO_ROOM = "no_room"
    NO_PLACE = "no_place"


def send_proposed(now: datetime) -> int:
    """Send every proposed question that can be put; return how many. What cannot be put is withdrawn."""
    proposed = Offer.objects.filter(status=Offer.Status.PROPOSED).order_by("pk").values_list("pk", flat=True)
    return sum(send_offer(pk, now=now) == SendOutcome.SENT for pk in list(proposed))


@transaction.atomic
def send_offer(offer_id: int, *, now: datetime) -> SendOutcome:
    """Take the place, mail the question with its reasons and its end; or withdraw the proposal.

    Everything is looked at again under the person's lock: since the run the person may have withdrawn, said
    yes to something else, or the place may be gone.
    """
    person = lock_person(Offer.objects.values_list("pledge__volunteer_id", flat=True).get(pk=offer_id))
    offers = Offer.objects.select_related("pledge", "opportunity__provider", "opportunity__district")
    offer = offers.prefetch_related("opportunity__slots").get(pk=offer_id)
    if offer.status != Offer.Status.PROPOSED:
        return SendOutcome.NOT_PROPOSED
    refusal = _refusal(offer, now)
    if refusal is None and not take_place(offer.opportunity_id):
        refusal = SendOutcome.NO_PLACE
    if refusal is not None:
        move(
            offer,
            OFFER_MOVES,
            Offer.Status.WITHDRAWN,
            actor=SWEEP,
            now=now,
            reason=refusal,
        )
        return refusal
    _put(offer, person, now)
    return SendOutcome.SENT


def _refusal(offer: Offer, now: datetime) -> SendOutcome | None:
    pledge = offer.pledge
    if pledge.status not in (TimePledge.Status.OPEN, TimePledge.Status.PLACED):
        return SendOutcome.NOT_LOOKING
    today = local_day(now)
    if pledge.exceptions.filter(from_on__lte=today, until_on__gte=today).exists():
        return SendOutcome.NOT_LOOKING
    if not contacts(now, [pledge.volunteer_id]).left(pledge.volunteer_id):
        return SendOutcome.CONTACT_BUDGET
    held = placements_held(pledge.volunteer_id) + questions_open(pledge.volunteer_id)
    if clash(
        commitment(offer),
        held,
        placements_wanted=pledge.placements_wanted,
        hours_per_week=pledge.hours_per_week,
    ):
        return SendOutcome.NO_ROOM
    return None


def _put(offer: Offer, person: Volunteer, now: datetime) -> None:
    move(
        offer,
        OFFER_MOVES,
        Offer.Status.SENT,
        actor=SWEEP,
        now=now,
        sent_at=now,
        expires_at=end_of_working_day(now, settings.OFFER_VALID_DAYS),
    )
    Volunteer.objects.filter(pk=person.pk).update(last_asked_at=now)
    write(
        person.mailbox,
        key=f"offer.sent:{offer.pk}",
        mail=OFFER,
        context={
            "volunteer": person,
            "offer": offer,
            "opportunity": offer.opportunity,
            "offer_url": offer_url(offer, now),
        },
        now=now,
    )
