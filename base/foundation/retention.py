"""How long the history is kept: three years; lines about money ten, from the end of their year."""

from datetime import datetime

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db.models import Q

from foundation.clock import LOCAL_ZONE
from foundation.doors.retention import forget_before

KEPT = relativedelta(years=3)
BOOKKEEPING_YEARS = 10  # § 147 AO


def purge_history(now: datetime) -> int:
    """Delete what is older than its term; return how many lines."""
    about_money = Q(app_label__in=settings.BOOKKEEPING_APPS)
    end_of_year = datetime(now.astimezone(LOCAL_ZONE).year - BOOKKEEPING_YEARS, 1, 1, tzinfo=LOCAL_ZONE)
    return forget_before(now - KEPT, ~about_money) + forget_before(end_of_year, about_money)
