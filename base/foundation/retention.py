"""How long what the machinery writes is kept (docs/operations.md).

The history three years, as what the administration notes beside it; lines about money ten, from the end of
their year. Token buckets and sessions until they mean nothing any more.
"""

from datetime import datetime, timedelta
from importlib import import_module

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db.models import Q

from foundation.batches import delete_in_batches
from foundation.clock import LOCAL_ZONE
from foundation.doors.retention import forget_before
from foundation.models import TokenBucket

KEPT = relativedelta(years=3)
BOOKKEEPING_YEARS = 10  # § 147 AO
KEEP_BUCKETS = timedelta(days=2)  # longer than the longest period of a limit: it is full again by then


def purge_history(now: datetime) -> int:
    """Delete what is older than its term; return how many lines."""
    about_money = Q(app_label__in=settings.BOOKKEEPING_APPS)
    end_of_year = datetime(now.astimezone(LOCAL_ZONE).year - BOOKKEEPING_YEARS, 1, 1, tzinfo=LOCAL_ZONE)
    return forget_before(now - KEPT, ~about_money) + forget_before(end_of_year, about_money)


def purge_machinery(now: datetime) -> int:
    """Delete token buckets that are full again, sessions that have ended and old notes of the administration;
    return how many.
    """
    buckets = TokenBucket.objects.filter(refilled_at__lt=now - KEEP_BUCKETS)
    sessions = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class().objects
    # Each in one statement that looks at nothing but the moment: who purges needs to read no key of a session
    # and no name of staff.
    ended: int = sessions.filter(expire_date__lt=now).delete()[0]
    noted: int = LogEntry.objects.filter(action_time__lt=now - KEPT).delete()[0]
    return delete_in_batches(buckets) + ended + noted
