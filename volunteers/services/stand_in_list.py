"""Who is looked for and who stands in, on the page of a task for those who run it."""

from datetime import datetime

from programs.models import Opportunity
from programs.services.parts import Asked, Section
from volunteers.selectors.stand_ins import searches_of, stand_ins_at


def stand_ins_section(opportunity: Opportunity, sees_all: Asked, now: datetime) -> Section | None:
    """Return the open searches and who stands in; whoever was merely asked stays unknown."""
    searches, people = searches_of(opportunity, now), list(stand_ins_at(opportunity, now))
    if not searches and not people:
        return None
    return Section("volunteers/_stand_ins.html", {"searches": searches, "people": people, "now": now})
