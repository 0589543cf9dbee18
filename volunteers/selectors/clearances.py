"""Whether an inspection is there and counts. Only the safeguarding officer's pages ask for more."""

from collections.abc import Collection
from datetime import date

from django.conf import settings

from volunteers.domain.clearance_rules import ClearanceRules
from volunteers.models import Clearance, Placement


def clearance_rules() -> ClearanceRules:
    """Return the rules as configured."""
    return ClearanceRules(
        certificate_months=settings.CLEARANCE_CERTIFICATE_MONTHS,
        renewal_years=settings.CLEARANCE_RENEWAL_YEARS,
        kept_months=settings.CLEARANCE_KEPT_MONTHS,
    )


def has_clearance(placement: Placement, today: date) -> bool:
    """Tell whether nothing has to be inspected (any more) before this person may do this task."""
    if not placement.opportunity.clearance_required:
        return True
    rows = Clearance.objects.filter(
        volunteer_id=placement.volunteer_id, opportunity_id=placement.opportunity_id
    )
    found = rows.values_list("certificate_on", flat=True).first()
    return found is not None and clearance_rules().counts(found, today)


def certificate_days(opportunity_ids: Collection[int]) -> dict[tuple[int, int], date]:
    """Return the certificate's day by (volunteer, opportunity) for those tasks."""
    rows = Clearance.objects.filter(opportunity_id__in=opportunity_ids)
    return {
        (volunteer, opportunity): certificate_on
        for volunteer, opportunity, certificate_on in rows.values_list(
            "volunteer_id", "opportunity_id", "certificate_on"
        )
    }
