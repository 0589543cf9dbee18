"""The Einsichtnahme: seen, dated, nothing else."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery

from foundation.actors import Actor
from foundation.clock import local_day
from volunteers.domain.cancel_reasons import CancelReason
from volunteers.domain.clearance_rules import CertificateRefusal
from volunteers.models import Clearance, HoursEntry, Placement
from volunteers.selectors.clearances import clearance_rules
from volunteers.services.clearance_traces import forget_orphaned_traces
from volunteers.services.persons import lock_person
from volunteers.services.placement_endings import stop_placement
from volunteers.services.placements import activate_placement, require_verified


class CertificateRefused(Exception):
    """The certificate cannot be inspected; `reason` says why."""

    def __init__(self, reason: CertificateRefusal) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def record_clearance(placement: Placement, *, certificate_on: date, actor: Actor, now: datetime) -> bool:
    """Note that the certificate was seen and shows nothing relevant; the person may come.

    Returns False, changing nothing, if the placement does not wait for an inspection. Raises
    CertificateRefused for a certificate from the future or older than the configured months (RULES §1.1), and
    ProviderNotVerified.
    """
    refusal = clearance_rules().refusal(certificate_on, local_day(now))
    if refusal is not None:
        raise CertificateRefused(refusal)
    lock_person(placement.volunteer_id)
    rows = Placement.objects.select_related("volunteer__mailbox", "pledge", "opportunity__provider")
    placement = rows.get(pk=placement.pk)
    if not placement.awaits_clearance:
        return False
    require_verified(placement)
    Clearance.objects.update_or_create(
        volunteer_id=placement.volunteer_id,
        opportunity_id=placement.opportunity_id,
        defaults={"certificate_on": certificate_on},
    )
    return activate_placement(placement, actor=actor, now=now)


@transaction.atomic
def refuse_clearance(placement: Placement, *, actor: Actor, now: datetime) -> bool:
    """The placement does not come about: no certificate was shown, or one that speaks against it.

    Nothing is stored, what an earlier inspection left goes, and nothing tells the one from the other. Returns
    False if nothing waits.
    """
    if not placement.awaits_clearance:
        return False
    lock_person(placement.volunteer_id)
    Clearance.objects.filter(
        volunteer_id=placement.volunteer_id, opportunity_id=placement.opportunity_id
    ).delete()
    return stop_placement(placement, reason=CancelReason.NOT_FITTING, actor=actor, now=now)


def purge_clearances(now: datetime) -> int:
    """Delete what may not be kept: the person last came months ago, or never (§ 72a Abs. 5 SGB VIII).

    What tells of these inspections elsewhere goes in the same transaction.
    """
    today = local_day(now)
    rules = clearance_rules()
    gone = [
        pk
        for pk, last_activity_on in _no_longer_in_use()
        if last_activity_on is None or rules.must_go(last_activity_on, today)
    ]
    with transaction.atomic():
        Clearance.objects.filter(pk__in=gone).delete()
        forget_orphaned_traces()
    return len(gone)


def _no_longer_in_use() -> list[tuple[int, date | None]]:
    """Return clearances nothing is held for, with the day on which the person last came, None for never.

    The last exercise counts ("letztmalige Ausübung"), not the end of the placement.
    """
    held = Placement.objects.filter(
        volunteer=OuterRef("volunteer"), opportunity=OuterRef("opportunity"), status__in=Placement.HOLDING
    )
    came = HoursEntry.objects.filter(
        placement__volunteer=OuterRef("volunteer"), placement__opportunity=OuterRef("opportunity")
    ).order_by("-worked_on")
    unused = Clearance.objects.filter(~Exists(held))
    return list(unused.values_list("pk", Subquery(came.values("worked_on")[:1])))
