"""What the signed links of volunteers are for and how long they work."""

from dataclasses import dataclass
from datetime import timedelta

from volunteers.domain.promises import CONFIRM_WITHIN


@dataclass(frozen=True)
class LinkKind:
    """A purpose that no other link can serve, and how long a link of it works."""

    purpose: str
    valid_for: timedelta


MY_PLEDGES = LinkKind("my_pledges", timedelta(days=180))
CONFIRM_PLEDGE = LinkKind("pledge_confirm", CONFIRM_WITHIN)
OFFER = LinkKind("offer", timedelta(days=60))  # outlives the offer, so that a late answer gets an explanation
PLACEMENT_CALENDAR = LinkKind("placement_calendar", timedelta(days=365))
PLACEMENT_LETTER = LinkKind("placement_letter", timedelta(days=90))
