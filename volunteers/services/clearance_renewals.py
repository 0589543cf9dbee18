"""A new inspection while somebody is active, and the mending of a typing error; the placement goes on."""

from datetime import date, datetime

from django.db import transaction

from foundation.actors import Actor
from foundation.clock import local_day
from foundation.history import note_act
from outbox.services.purge import forget_messages
from volunteers.models import Clearance, Placement
from volunteers.selectors.clearances import certificate_of, clearance_rules
from volunteers.services.assignments import assign_coming_shifts, take_up_dates
from volunteers.services.calendar_changes import count_change
from volunteers.services.clearance_changes import follow_certificate
from volunteers.services.clearance_traces import PART
from volunteers.services.clearances import CertificateRefused
from volunteers.services.persons import lock_person
from volunteers.wording.mails import CLEARANCE_DUE_SOON

RENEWED, CORRECTED = "renewed", "corrected"


@transaction.atomic
def renew_clearance(placement: Placement, *, certificate_on: date, actor: Actor, now: datetime) -> bool:
    """Let the facts of a new inspection take the place of the old ones.

    Returns False, changing nothing, if nobody with an inspection is active there. Raises CertificateRefused.
    """
    placement = _locked(placement)
    if certificate_of(placement) is None:
        return False
    refusal = clearance_rules().refusal(certificate_on, local_day(now))
    if refusal is not None:
        raise CertificateRefused(refusal)
    _replace(placement, certificate_on, RENEWED, actor, now)
    return True


@transaction.atomic
def correct_clearance(placement: Placement, *, certificate_on: date, actor: Actor, now: datetime) -> bool:
    """Put the right day of the same certificate in the place of one that was mistyped.

    What lies beyond the years it counts by now is given back. Returns False, changing nothing, if nobody with
    an inspection is active there. Raises CertificateRefused.
    """
    placement = _locked(placement)
    recorded_on = certificate_of(placement)
    if recorded_on is None:
        return False
    refusal = clearance_rules().correction_refusal(recorded_on, certificate_on, local_day(now))
    if refusal is not None:
        raise CertificateRefused(refusal)
    _replace(placement, certificate_on, CORRECTED, actor, now)
    follow_certificate(placement, now)
    return True


def _locked(placement: Placement) -> Placement:
    lock_person(placement.volunteer_id)
    return Placement.objects.select_related("role", "opportunity").get(pk=placement.pk)


def _replace(placement: Placement, certificate_on: date, what: str, actor: Actor, now: datetime) -> None:
    row = Clearance.objects.filter(
        volunteer_id=placement.volunteer_id, opportunity_id=placement.opportunity_id
    )
    row.update(certificate_on=certificate_on)
    forget_messages([CLEARANCE_DUE_SOON.template], [placement.pk])  # they told of another day
    note_act(placement, PART, what, actor=actor, now=now)
    count_change(Placement.objects.filter(pk=placement.pk))
    take_up_dates(placement, now)
    assign_coming_shifts(now, placement=placement)
