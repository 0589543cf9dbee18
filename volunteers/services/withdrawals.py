"""When a pledge is withdrawn: questions are taken back, placements end, places become free, providers learn.

Whoever gives back several places or seats has locked all of them before (`lock_holdings`).
"""

from datetime import datetime

from django.db import transaction

from citizens.services.letters import write
from foundation.actors import Actor
from foundation.transitions import move
from volunteers.domain.states import OFFER_MOVES, TIME_PLEDGE_MOVES
from volunteers.models import Assignment, Offer, Placement, TimePledge
from volunteers.services.absences import excuse
from volunteers.services.coordination_mail import tell_about_placement
from volunteers.services.persons import THE_PERSON, lock_holdings, lock_owner
from volunteers.services.placement_endings import release_placement
from volunteers.services.settled import question_settled, search_settled
from volunteers.services.waves import give_back_place_of
from volunteers.signals import pledge_changed
from volunteers.wording.mails import PLACEMENT_LEFT, PLEDGE_WITHDRAWN


@transaction.atomic
def withdraw_pledge(pledge: TimePledge, *, now: datetime, actor: Actor = THE_PERSON) -> bool:
    """End the pledge at the person's wish and say thank you. False if it was over already.

    `actor` is somebody else where the person said so on the telephone.
    """
    if not leave(pledge, actor=actor, now=now):
        return False
    write(
        pledge.volunteer.mailbox,
        key=f"pledge.withdrawn:{pledge.pk}",
        mail=PLEDGE_WITHDRAWN,
        context={"volunteer": pledge.volunteer},
        now=now,
    )
    return True


@transaction.atomic
def leave(pledge: TimePledge, *, actor: Actor, now: datetime) -> bool:
    """Withdraw the pledge with everything that hangs on it. False, changing nothing, if it is over."""
    lock_holdings([lock_owner(pledge.pk)], now)
    pledge.refresh_from_db()
    if TimePledge.Status.WITHDRAWN not in TIME_PLEDGE_MOVES[pledge.status]:
        return False
    move(pledge, TIME_PLEDGE_MOVES, TimePledge.Status.WITHDRAWN, actor=actor, now=now)
    withdraw_open_offers(pledge, actor=actor, now=now, reason="pledge withdrawn")
    search_settled(pledge)
    _end_placements(pledge, actor=actor, now=now)
    _give_back_dates(pledge, now)
    pledge_changed.send(sender=TimePledge, pledge=pledge, now=now)
    return True


@transaction.atomic
def withdraw_open_offers(pledge: TimePledge, *, actor: Actor, now: datetime, reason: str) -> int:
    """Take back every question not yet answered and free the places the sent ones hold; return how many."""
    waiting = [Offer.Status.PROPOSED, Offer.Status.SENT]
    withdrawn = 0
    asked = pledge.offers.filter(status__in=waiting).select_related("pledge__volunteer__mailbox")
    for offer in asked.order_by("opportunity_id"):
        held_a_place = offer.status == Offer.Status.SENT
        if move(offer, OFFER_MOVES, Offer.Status.WITHDRAWN, actor=actor, now=now, reason=reason):
            withdrawn += 1
            if held_a_place:
                give_back_place_of(offer)
                question_settled(offer)
    return withdrawn


def _give_back_dates(pledge: TimePledge, now: datetime) -> None:
    """Let somebody else be looked for where the person would have stood in."""
    coming = Assignment.objects.filter(
        stand_in_question__pledge=pledge, status=Assignment.Status.CONFIRMED, shift__starts_at__gt=now
    )
    for assignment in coming.select_related("shift__opportunity__provider").order_by("shift_id"):
        excuse(assignment, now)


def _end_placements(pledge: TimePledge, *, actor: Actor, now: datetime) -> None:
    """Free what the placements hold and warn the providers, so that nobody waits in vain."""
    holding = pledge.placements.filter(status__in=Placement.HOLDING).select_related(
        "opportunity__provider", "volunteer__mailbox"
    )
    for placement in holding.order_by("opportunity_id"):
        if release_placement(placement, actor=actor, now=now, reason="pledge withdrawn"):
            tell_about_placement(
                placement,
                key=f"placement.left:{placement.pk}",
                mail=PLACEMENT_LEFT,
                context={},
                now=now,
            )
