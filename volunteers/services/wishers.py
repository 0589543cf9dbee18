"""Who picked a task and is not there yet, and what is missing, for those who run it."""

from datetime import datetime

from programs.models import Opportunity
from programs.services.parts import Asked, Section
from volunteers.selectors.coordination import wishing_for
from volunteers.services.fit import standings

MOST_SHOWN = 20


def wishers_section(opportunity: Opportunity, sees_all: Asked, now: datetime) -> Section | None:
    """Return the list, the longest waiting first; a provider learns no name before somebody says yes."""
    wishing = wishing_for(opportunity)
    shown = list(wishing[:MOST_SHOWN])
    if not shown:
        return None
    found = standings(shown, now)
    context = {
        "wishers": [(pledge, found[pledge.pk]) for pledge in shown],
        "more": wishing.count() - MOST_SHOWN if len(shown) == MOST_SHOWN else 0,
        "everybody": sees_all(),
    }
    return Section("volunteers/_wishers.html", context)
