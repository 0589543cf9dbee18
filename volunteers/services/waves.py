"""Places for which several people are asked at once: kept for all of them, taken by whoever says yes first.

Everything here is called with the role locked. A question that nobody shares keeps a place of its own.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import Count, F

from citizens.services.letters import write
from foundation.actors import system
from foundation.transitions import move
from programs.services.places import give_back_held_places, take_held_place
from volunteers.domain.states import OFFER_MOVES
from volunteers.models import Offer, Wave
from volunteers.services.match_requests import want_match_of
from volunteers.services.settled import question_settled
from volunteers.wording.mails import OFFER_WITHDRAWN
from volunteers.wording.withdrawals import somebody_was_faster

Status = Offer.Status
FASTER = "somebody was faster"


def asked_together(role_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return for each role that has a wave the places kept for it and how many people share them."""
    waiting = Offer.objects.filter(role__in=role_ids, status=Status.SENT, is_shared=True).order_by()
    people = dict(waiting.values_list("role_id").annotate(count=Count("pk")))
    places = dict(Wave.objects.filter(role__in=role_ids).values_list("role_id", "places"))
    return {role: (kept, people.get(role, 0)) for role, kept in places.items()}


def share_places(places: Mapping[int, int]) -> None:
    """Let so many places of each role, held just now, be shared."""
    Wave.objects.bulk_create((Wave(role_id=role) for role in places), ignore_conflicts=True)
    for role, count in places.items():
        Wave.objects.filter(role=role).update(places=F("places") + count)


def take_place_of(offer: Offer) -> bool:
    """Take the place that was kept for this question; False if it was shared and all are taken."""
    if offer.is_shared and not Wave.objects.filter(role=offer.role_id, places__gt=0).update(
        places=F("places") - 1
    ):
        return False
    take_held_place(offer.role_id, offer.heads)
    return True


def give_back_place_of(offer: Offer) -> None:
    """Keep no place any more for a question that was answered or withdrawn; others go on sharing theirs."""
    if not offer.is_shared:
        give_back_held_places(offer.role_id, offer.heads)
        return
    kept, people = asked_together([offer.role_id]).get(offer.role_id, (0, 0))
    if kept > people:
        Wave.objects.filter(role=offer.role_id).update(places=people)
        give_back_held_places(offer.role_id, kept - people)


def tell_who_was_slower(accepted: Offer, now: datetime) -> None:
    """Take the other questions back, kindly and at once, when the last of the shared places is taken."""
    if not accepted.is_shared or Wave.objects.filter(role=accepted.role_id, places__gt=0).exists():
        return
    waiting = Offer.objects.filter(role=accepted.role_id, status=Status.SENT, is_shared=True)
    for offer in waiting.select_related("pledge__volunteer__mailbox", "role", "opportunity").order_by("pk"):
        withdraw_slower(offer, now)


def withdraw_slower(offer: Offer, now: datetime) -> None:
    """Take back a question whose place somebody else has, and say so kindly."""
    actor = system("volunteers.accept_offer")
    if not move(offer, OFFER_MOVES, Status.WITHDRAWN, actor=actor, now=now, reason=FASTER):
        return
    volunteer = offer.pledge.volunteer
    if not question_settled(offer):
        write(
            volunteer.mailbox,
            key=f"offer.withdrawn:{offer.pk}",
            mail=OFFER_WITHDRAWN,
            context={"volunteer": volunteer, "title": offer.title, "because": somebody_was_faster()},
            now=now,
        )
    want_match_of(offer.pledge_id, now)
