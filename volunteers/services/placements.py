"""From a yes to a placement: the provider confirms, the certificate is inspected, the person comes."""

from collections.abc import Collection
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from citizens.services.letters import write
from foundation.actors import Actor
from foundation.clock import local_day
from foundation.transitions import move
from programs.models import Provider
from volunteers.domain.gate import Need
from volunteers.domain.letters import is_fee_waived
from volunteers.domain.provider_clock import NOT_PRESSED
from volunteers.domain.states import PLACEMENT_MOVES, TIME_PLEDGE_MOVES
from volunteers.models import Offer, Placement, TimePledge
from volunteers.selectors.gate import gate_of, gates_of
from volunteers.selectors.shifts import first_shift
from volunteers.services.assignments import assign_coming_shifts, hold_coming_dates, take_up_dates
from volunteers.services.calendar import calendar_attachment
from volunteers.services.calendar_changes import count_change
from volunteers.services.coordination_mail import tell_about_placement
from volunteers.services.links import placement_calendar_url, placement_letter_url, placement_steps_url
from volunteers.services.persons import lock_holdings, lock_person
from volunteers.services.settled import papers_settled
from volunteers.wording.mails import (
    PLACEMENT_AWAITING_CLEARANCE,
    PLACEMENT_CONFIRMED,
    PLACEMENT_RESUMED,
    PLACEMENT_TO_CONFIRM,
)

Status = Placement.Status


def begin_placement(offer: Offer, *, now: datetime) -> Placement:
    """Make the placement of an accepted offer, which keeps its places, and ask the provider to confirm.

    Called inside the transaction of the acceptance.
    """
    placement = placement_of(offer, now)
    placement.save(force_insert=True)
    tell_about_placement(
        placement,
        key=f"placement.to_confirm:{placement.pk}",
        mail=PLACEMENT_TO_CONFIRM,
        context={"confirm_by_on": placement.confirm_by_on},
        now=now,
    )
    return placement


def placement_of(offer: Offer, now: datetime) -> Placement:
    """Return the placement, not yet stored, that an accepted offer becomes."""
    return Placement(
        volunteer_id=offer.pledge.volunteer_id,
        pledge=offer.pledge,
        role=offer.role,
        opportunity_id=offer.role.opportunity_id,
        offer=offer,
        heads=offer.heads,
        status=Status.AWAITING_CONFIRMATION,
        status_changed_at=now,
        created_at=now,
        calendar_uid=f"{uuid4()}@wirbrauchensie",
    )


class ProviderNotVerified(Exception):
    """The youth office has withdrawn the provider's verification: nobody new may come to it."""


def require_verified(placement: Placement) -> None:
    """Hold the provider's row and raise ProviderNotVerified unless the youth office has verified it."""
    provider = Provider.objects.select_for_update(no_key=True).get(pk=placement.opportunity.provider_id)
    if not provider.is_verified:
        raise ProviderNotVerified


@transaction.atomic
def confirm_placement(placement: Placement, *, actor: Actor, now: datetime) -> bool:
    """The provider says yes: on to what the task asks for and is not there, else the person may come.

    Returns False, changing nothing, if the placement does not wait for a confirmation any more, or its task
    is closed. Raises ProviderNotVerified.
    """
    placement = _locked(placement)
    if not placement.awaits_confirmation or placement.opportunity.is_closed:
        return False
    require_verified(placement)
    _settle_pledge(placement.pledge, actor=actor, now=now)
    missing = gate_of(placement).missing(local_day(now))
    if not missing:
        return activate_placement(placement, actor=actor, now=now)
    move(placement, PLACEMENT_MOVES, Status.AWAITING_CLEARANCE, actor=actor, now=now, **NOT_PRESSED)
    _ask_for(missing, placement, now)
    return True


def activate_placement(placement: Placement, *, actor: Actor, now: datetime) -> bool:
    """The person may come, or come again: dates are assigned, the calendar file goes out with the mail.

    Called with the person's lock held, after whoever had to has confirmed and inspected. The database refuses
    what has no clearance. Returns False, changing nothing, if the placement was moved meanwhile.
    """
    opportunity, volunteer = placement.opportunity, placement.volunteer
    began = placement.from_on
    from_on = began or max(local_day(now), opportunity.starts_on)
    if not move(
        placement, PLACEMENT_MOVES, Status.ACTIVE, actor=actor, now=now, from_on=from_on, **NOT_PRESSED
    ):
        return False
    papers_settled(placement)
    take_up_dates(placement, now)
    assign_coming_shifts(now, placement=placement)
    write(
        volunteer.mailbox,
        key=f"placement.resumed:{placement.pk}:{now:%Y%m%d%H%M%S%f}"
        if began
        else f"placement.confirmed:{placement.pk}",
        mail=PLACEMENT_RESUMED if began else PLACEMENT_CONFIRMED,
        context={
            "volunteer": volunteer,
            "opportunity": opportunity,
            "title": placement.title,
            "heads": placement.heads,
            "first_shift": first_shift(placement, now),
            "calendar_url": placement_calendar_url(placement, now),
        },
        now=now,
        attachment=calendar_attachment(placement, now),
    )
    return True


def _locked(placement: Placement) -> Placement:
    lock_person(placement.volunteer_id)
    rows = Placement.objects.select_related("volunteer__mailbox", "pledge", "role", "opportunity__provider")
    return rows.get(pk=placement.pk)


def _settle_pledge(pledge: TimePledge, *, actor: Actor, now: datetime) -> None:
    if pledge.status == TimePledge.Status.OPEN:
        move(pledge, TIME_PLEDGE_MOVES, TimePledge.Status.PLACED, actor=actor, now=now)


def let_wait(placement: Placement, *, actor: Actor, now: datetime) -> bool:
    """Send somebody who came back to waiting for what is missing; their coming dates rest.

    Called with the person's lock held. Returns False, changing nothing, if the placement was moved meanwhile.
    """
    if not move(
        placement,
        PLACEMENT_MOVES,
        Status.AWAITING_CLEARANCE,
        actor=actor,
        now=now,
        reason="clearance needed",
        **NOT_PRESSED,
    ):
        return False
    hold_coming_dates(placement, now)
    return True


def pass_the_gate(volunteer_id: int, *, actor: Actor, now: datetime) -> int:
    """Let the person come wherever nothing is missing any more; return to how many tasks.

    Called with the person's lock held.
    """
    lock_holdings([volunteer_id], now)
    count_change(Placement.objects.filter(volunteer=volunteer_id, status=Status.ACTIVE))
    waiting = Placement.objects.filter(volunteer=volunteer_id, status=Status.AWAITING_CLEARANCE)
    gates, today = gates_of(waiting), local_day(now)
    ready = [pk for pk, gate in gates.items() if not gate.missing(today)]
    rows = Placement.objects.select_related("volunteer__mailbox", "pledge", "role", "opportunity__provider")
    return sum(activate_placement(each, actor=actor, now=now) for each in rows.filter(pk__in=ready))


def what_to_bring(placement: Placement, missing: Collection[Need], now: datetime) -> dict[str, object]:
    """Return what a mail says about what is missing: the certificate's letter, the page for the rest."""
    provider = placement.opportunity.provider
    return {
        "volunteer": placement.volunteer,
        "opportunity": placement.opportunity,
        "title": placement.title,
        "needs_certificate": Need.CERTIFICATE in missing,
        "needs_signature": Need.SELF_COMMITMENT in missing,
        "needs_consent": Need.CONSENT in missing,
        "needs_measles": Need.MEASLES in missing,
        "needs_more": bool(set(missing) - {Need.CERTIFICATE}),
        "steps_url": placement_steps_url(placement, now),
        "letter_url": placement_letter_url(placement, now),
        "is_fee_waived": is_fee_waived(provider.kind, provider.issuer_kind),
    }


def _ask_for(missing: Collection[Need], placement: Placement, now: datetime) -> None:
    write(
        placement.volunteer.mailbox,
        key=f"placement.awaiting_clearance:{placement.pk}",
        mail=PLACEMENT_AWAITING_CLEARANCE,
        context=what_to_bring(placement, missing, now),
        now=now,
    )
