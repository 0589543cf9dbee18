"""The zone of the platform for calendar programs, by its two rules.

Outlook reads no list of moments (RDATE), only yearly rules; these hold since 1996.
"""

from datetime import datetime, timedelta

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

from foundation.clock import LOCAL_ZONE

WINTER, SUMMER = timedelta(hours=1), timedelta(hours=2)
BEGINS = {3: datetime.fromisoformat("1996-03-31T02:00"), 10: datetime.fromisoformat("1996-10-27T03:00")}
"""The local moments (without a zone, as the format wants them) of the first change by each rule."""


def local_zone() -> Timezone:
    """Return the VTIMEZONE (RFC 5545 §3.6.5) to which local times refer."""
    zone = Timezone()
    zone.add("tzid", LOCAL_ZONE.key)
    for part, name, before, after, month in (
        (TimezoneDaylight(), "CEST", WINTER, SUMMER, 3),
        (TimezoneStandard(), "CET", SUMMER, WINTER, 10),
    ):
        part.add("tzname", name)
        part.add("dtstart", BEGINS[month])
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("rrule", vRecur({"freq": "yearly", "bymonth": month, "byday": "-1SU"}))
        zone.add_component(part)
    return zone
