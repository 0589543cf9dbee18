"""Whether an inspection is there and counts. Only the safeguarding officer's pages ask for more."""

from collections.abc import Collection
from datetime import date

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery

from foundation.clock import local_day
from volunteers.domain.clearance_rules import ClearanceRules, InspectedUse
from volunteers.models import Clearance, HoursEntry, Placement


def clearance_rules() -> ClearanceRules:
    """Return the rules as configured."""
    return ClearanceRules(
        certificate_months=settings.CLEARANCE_CERTIFICATE_MONTHS,
        renewal_years=settings.CLEARANCE_RENEWAL_YEARS,
        kept_months=settings.CLEARANCE_KEPT_MONTHS,
    )


def certificate_of(placement: Placement) -> date | None:
    """Return the day of the certificate seen for a placement, None where none is needed or it is over."""
    if not placement.has_been_confirmed or not placement.role.clearance_required:
        return None
    rows = Clearance.objects.filter(
        volunteer_id=placement.volunteer_id, opportunity_id=placement.opportunity_id
    )
    return rows.values_list("certificate_on", flat=True).first()


def certificate_days(opportunity_ids: Collection[int]) -> dict[tuple[int, int], date]:
    """Return the certificate's day by (volunteer, opportunity) for those tasks."""
    rows = Clearance.objects.filter(opportunity_id__in=opportunity_ids)
    return {
        (volunteer, opportunity): certificate_on
        for volunteer, opportunity, certificate_on in rows.values_list(
            "volunteer_id", "opportunity_id", "certificate_on"
        )
    }


def inspected_uses(rows: QuerySet[Clearance]) -> dict[tuple[int, int], InspectedUse]:
    """Return what the inspections among `rows` were used for, by (volunteer, key of the row).

    The last exercise counts ("letztmalige Ausübung"), not the end of a placement.
    """
    came = HoursEntry.objects.filter(
        volunteer=OuterRef("volunteer"), opportunity=OuterRef("opportunity")
    ).order_by("-worked_on")
    running = Placement.objects.filter(
        volunteer=OuterRef("volunteer"), opportunity=OuterRef("opportunity"), status__in=Placement.HOLDING
    )
    found = rows.order_by("volunteer_id", "pk").values_list(
        "volunteer_id",
        "pk",
        "certificate_on",
        Subquery(came.values("worked_on")[:1]),
        Subquery(running.values("status_changed_at")[:1]),
        Subquery(running.values("from_on")[:1]),
        Subquery(running.order_by("-role__clearance_required").values("role__clearance_required")[:1]),
    )
    return {
        (volunteer_id, pk): InspectedUse(
            certificate_on,
            last_on,
            changed_at and max(local_day(changed_at), from_on or date.min),
            is_asked is False,
        )
        for volunteer_id, pk, certificate_on, last_on, changed_at, from_on, is_asked in found
    }
