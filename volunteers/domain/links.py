"""What the signed links of volunteers are for and how long they work."""

from datetime import timedelta

from citizens.domain.links import FRESH_FOR, LinkKind
from volunteers.domain.promises import CONFIRM_LINK_FOR

MY_PLEDGES = LinkKind("my_pledges", timedelta(days=180))  # from before "Meine Seite"; none is issued any more
CONFIRM_PLEDGE = LinkKind("pledge_confirm", CONFIRM_LINK_FOR)
OFFER = LinkKind("offer", timedelta(days=60))  # outlives the offer, so that a late answer gets an explanation
STAND_IN = LinkKind("stand_in", timedelta(days=60))
PLACEMENT_CALENDAR = LinkKind("placement_calendar", timedelta(days=365))
PERSON_CALENDAR = LinkKind("person_calendar", timedelta(days=730))  # calendar programs keep it
PLACEMENT_STEPS = LinkKind("placement_steps", timedelta(days=180))
GUARDIAN = LinkKind("guardian", timedelta(days=1500))  # a consent is withdrawn at any time, until they are 18
PLACEMENT_LETTER = LinkKind("placement_letter", timedelta(days=90))
WITHDRAW_PLEDGE = LinkKind("pledge_withdraw", FRESH_FOR)
LEAVE_PLACEMENT = LinkKind("placement_leave", FRESH_FOR)
