"""Which days are holidays."""

from collections.abc import Iterable

from foundation.working_days import is_public_holiday
from programs.domain.rhythms import Holidays, Rhythm
from programs.models import SchoolHoliday


def holidays() -> Holidays:
    """Return the public holidays of the Land and the school holidays as staff keep them, in one query."""
    school = SchoolHoliday.objects.order_by("first_on").values_list("first_on", "last_on")
    return Holidays(is_public_holiday, tuple(school))


def holidays_for(rhythms: Iterable[Rhythm]) -> Holidays:
    """Return what these rhythms need to know of holidays, without a query if that is none of the school's."""
    if any(rhythm.skips_school_holidays for rhythm in rhythms):
        return holidays()
    return Holidays(is_public_holiday)
