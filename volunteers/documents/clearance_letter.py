"""The request for the certificate of good conduct (§ 30a Abs. 2 BZRG), to be signed and handed in."""

from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.dateformat import format as formatted

from foundation.clock import local_day
from foundation.typesetting import typeset
from volunteers.domain.letters import is_fee_waived
from volunteers.models import Placement

FILE_NAME = "schreiben-buergerbuero.pdf"


def clearance_letter(placement: Placement, *, now: datetime) -> bytes:
    """Return the letter as PDF, always in German. Raises NotDisplayable.

    Date of birth and address are not stored: they are written by hand, like a name that is not known in full.
    The fee is waived where the law says so (JVKostG, Anlage, Vorbemerkung 1.1.3).
    """
    with translation.override("de"):
        return typeset("clearance_letter", _data(placement, now), now=now)


def _data(placement: Placement, now: datetime) -> dict[str, Any]:
    volunteer, task, provider = placement.volunteer, placement.opportunity, placement.opportunity.provider
    return {
        "provider": {
            "name": provider.name,
            "address": provider.address,
            "contact": provider.public_contact,
        },
        "name": f"{volunteer.first_name} {volunteer.last_name}" if volunteer.last_name else "",
        "task": f"{placement.title} ({task.get_field_display()})",
        "is_authority": provider.is_authority,
        "is_fee_waived": is_fee_waived(provider.kind, provider.issuer_kind),
        "day": formatted(local_day(now), "j. F Y"),
    }
