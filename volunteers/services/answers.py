"""Answers to questions: yes, no, none in time. Whatever is not a yes gives the place to the next person."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from citizens.services.letters import write
from foundation.actors import Actor, system
from foundation.transitions import move
from programs.models import Opportunity
from programs.selectors.visibility import has_no_date, public_opportunities
from programs.services.places import give_back_held_places, hold_more_places, lock_roles
from volunteers.domain.commitments import Commitment, clash
from volunteers.domain.states import OFFER_MOVES
from volunteers.models import Offer, Placement
from volunteers.selectors.commitments import commitment, placements_held
from volunteers.services.match_requests import want_match_for, want_match_of
from volunteers.services.persons import THE_PERSON, lock_asked, lock_owner
from volunteers.services.placements import begin_placement
from volunteers.services.settled import question_settled, search_settled
from volunteers.services.waves import (
    give_back_place_of,
    take_place_of,
    tell_who_was_slower,
    withdraw_slower,
)
from volunteers.wording.mails import OFFER_WITHDRAWN
from volunteers.wording.withdrawals import no_date_left, not_public

Status = Offer.Status


class TooFewPlaces(Exception):
    """More of a group want to come than there are places."""


THERE = "is there already"


@transaction.atomic
def accept_offer(
    offer: Offer, *, now: datetime, actor: Actor = THE_PERSON, answered_by: str = "", heads: int | None = None
) -> Offer:
    """Say yes: the place held is taken and the provider is asked to confirm. Returns the offer as it is now.

    Of a group `heads` say how many come, if that is not how many were asked: what they do not need becomes
    free. Raises TooFewPlaces, changing nothing, if more come than there are places.
    `answered_by` tells how the person said it to `actor`; who answers by their own link leaves both out.
    A second yes changes nothing. What cannot be accepted any more (answered with no, too late, withdrawn, no
    longer published) stays or becomes so: look at the status of the returned row.
    """
    owner = lock_owner(offer.pledge_id)
    open_ones = Offer.objects.filter(pledge__volunteer=owner, status=Status.SENT)
    lock_roles(open_ones.values("role"))
    offer = _read(offer.pk)
    if offer.is_sent and _is_there(offer):
        _give_up(offer, Status.WITHDRAWN, actor=system("volunteers.accept_offer"), now=now, reason=THERE)
    elif _counts(offer, now):
        if heads is not None:
            _hold_for(offer, heads, now)
        if not take_place_of(offer):
            withdraw_slower(offer, now)
            return offer
        move(
            offer,
            OFFER_MOVES,
            Status.ACCEPTED,
            actor=actor,
            now=now,
            answered_at=now,
            answered_by=answered_by,
        )
        question_settled(offer)
        search_settled(offer.pledge)
        begin_placement(offer, now=now)
        _withdraw_what_clashes(offer, now=now)
        tell_who_was_slower(offer, now)
    elif offer.is_sent:
        _lapse(offer, now=now)
    return offer


def _counts(offer: Offer, now: datetime) -> bool:
    """Whether a yes would count now: what it is about is still to come."""
    nothing_left = Opportunity.objects.filter(has_no_date(now), pk=offer.opportunity_id)
    return offer.may_be_accepted(now) and not nothing_left.exists()


def _is_there(offer: Offer) -> bool:
    """Whether the person is at this task already: two rows that were merged may both have been asked."""
    placed = Placement.objects.filter(volunteer=offer.pledge.volunteer_id, status__in=Placement.HOLDING)
    return placed.filter(opportunity=offer.opportunity_id).exists()


def _hold_for(offer: Offer, heads: int, now: datetime) -> None:
    """Keep a place for each of so many of a group; who comes alone stays one."""
    more = heads - offer.heads
    if not offer.pledge.volunteer.is_group or not more:
        return
    if more > 0 and not hold_more_places(offer.role_id, more):
        raise TooFewPlaces
    if more < 0:
        give_back_held_places(offer.role_id, -more)
        want_match_for([offer.opportunity_id], now)
    Offer.objects.filter(pk=offer.pk).update(heads=heads)
    offer.heads = heads


@transaction.atomic
def decline_offer(
    offer: Offer, *, reason: str, now: datetime, actor: Actor = THE_PERSON, answered_by: str = ""
) -> Offer:
    """Say no; the place goes to the next person. Returns the offer as it is now; an answer given stays.

    `actor` and `answered_by` are those of `accept_offer`.
    """
    offer = _locked(offer)
    if offer.is_sent:
        _give_up(
            offer,
            Status.DECLINED,
            actor=actor,
            now=now,
            reason=reason,
            answered_at=now,
            answered_by=answered_by,
            decline_reason=reason,
        )
    return offer


@transaction.atomic
def withdraw_offer(offer: Offer, *, actor: Actor, reason: str, now: datetime) -> bool:
    """Take back a question that has no answer yet. False, changing nothing, if it has one."""
    offer = _locked(offer)
    if not offer.is_sent:
        return False
    _give_up(offer, Status.WITHDRAWN, actor=actor, now=now, reason=reason)
    return True


def expire_due(now: datetime) -> int:
    """Give back the places of questions not answered in time or no longer asked; return how many."""
    over = Q(expires_at__lte=now) | ~Q(opportunity__in=public_opportunities())
    over |= Q(opportunity__in=Opportunity.objects.filter(has_no_date(now)))
    due = Offer.objects.filter(over, status=Status.SENT).select_related("pledge").order_by("expires_at", "pk")
    return sum(_expire(offer, now=now) for offer in due)


@transaction.atomic
def withdraw_unverified(opportunity_ids: Collection[int], *, now: datetime) -> int:
    """Take back the open questions for those of the tasks whose provider is not verified; return how many."""
    tasks = Opportunity.objects.filter(pk__in=opportunity_ids, provider__is_verified=False)
    asked = Offer.objects.filter(opportunity__in=tasks, status=Status.SENT)
    lock_asked(asked)
    rows = asked.select_related("pledge").order_by("pledge__volunteer_id", "opportunity_id")
    return sum(_expire(offer, now=now) for offer in rows)


@transaction.atomic
def _expire(offer: Offer, *, now: datetime) -> bool:
    offer = _locked(offer)
    if not offer.is_sent or _counts(offer, now):
        return False
    _lapse(offer, now=now)
    return True


def _lapse(offer: Offer, *, now: datetime) -> None:
    if offer.ran_out(now):
        # Whose letter was never posted was not asked, and may be asked again this season.
        to, reason = (Status.WITHDRAWN, "not posted") if question_settled(offer) else (Status.EXPIRED, "")
        _give_up(offer, to, actor=system("volunteers.expire_offers"), now=now, reason=reason)
    else:
        actor, is_public = system("volunteers.expire_offers"), offer.opportunity.is_public
        reason = "no date left" if is_public else "not public"
        if _give_up(offer, Status.WITHDRAWN, actor=actor, now=now, reason=reason):
            because = no_date_left() if is_public else not_public(offer.opportunity)
            _tell_of_withdrawal(offer, because, now)


def withdraw_and_tell(offer: Offer, *, reason: str, because: str, now: datetime) -> bool:
    """Take back a question that has no answer yet and say `because`. False, changing nothing, if it has one.

    Called inside a transaction; the history notes `reason`.
    """
    offer = _locked(offer)
    if not offer.is_sent:
        return False
    if _give_up(offer, Status.WITHDRAWN, actor=system("volunteers.expire_offers"), now=now, reason=reason):
        _tell_of_withdrawal(offer, because, now)
    return True


def _tell_of_withdrawal(offer: Offer, because: str, now: datetime) -> None:
    volunteer = offer.pledge.volunteer
    write(
        volunteer.mailbox,
        key=f"offer.withdrawn:{offer.pk}",
        mail=OFFER_WITHDRAWN,
        context={
            "volunteer": volunteer,
            "opportunity": offer.opportunity,
            "title": offer.title,
            "because": because,
        },
        now=now,
    )


def _locked(offer: Offer) -> Offer:
    """Whose place others share is withdrawn under the role's lock alone: hold it before looking."""
    lock_owner(offer.pledge_id)
    if offer.is_shared:
        lock_roles([offer.role_id])
    return _read(offer.pk)


def _read(pk: int) -> Offer:
    rows = Offer.objects.select_related(
        "pledge__volunteer__mailbox", "role", "opportunity__provider", "opportunity__district"
    )
    return rows.get(pk=pk)


def _give_up(
    offer: Offer, to: str, *, now: datetime, actor: Actor, reason: str = "", **changes: object
) -> bool:
    """Move it on and free its place; whether the person can know of the question: its letter was posted."""
    if not move(offer, OFFER_MOVES, to, actor=actor, now=now, reason=reason, **changes):
        return False
    give_back_place_of(offer)
    want_match_for([offer.opportunity_id], now)
    want_match_of(offer.pledge_id, now)
    return not question_settled(offer)


def _withdraw_what_clashes(accepted: Offer, *, now: datetime) -> None:
    """Take back other open questions for which no room is left; places in order of their keys."""
    held = placements_held(accepted.pledge.volunteer_id)
    others = Offer.objects.filter(
        pledge__volunteer_id=accepted.pledge.volunteer_id, status=Status.SENT
    ).select_related("pledge")
    for other in others.order_by("opportunity_id"):
        if _clashes(other, held):
            _give_up(
                other,
                Status.WITHDRAWN,
                actor=system("volunteers.accept_offer"),
                now=now,
                reason="clashes with an accepted one",
            )


def _clashes(offer: Offer, held: list[Commitment]) -> bool:
    reason = clash(
        commitment(offer),
        held,
        placements_wanted=offer.pledge.placements_wanted,
        hours_per_week=offer.pledge.hours_per_week,
    )
    return reason is not None
