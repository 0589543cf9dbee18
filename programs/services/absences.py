"""When somebody who acts for a provider is away: entered and taken back by themselves."""

from datetime import date, datetime, timedelta

from accounts.models import User
from foundation.batches import delete_in_batches
from foundation.clock import local_day
from programs.models import Absence

LONGEST = timedelta(days=366)
KEPT_AFTER = timedelta(days=30)


def enter_absence(user: User, from_on: date, until_on: date) -> Absence:
    """Note that `user` is away from the first day to the last; the same days again are the same absence."""
    absence, _is_new = Absence.objects.get_or_create(user=user, from_on=from_on, until_on=until_on)
    return absence


def purge_absences(now: datetime) -> int:
    """Delete what is long over, whoever it was: nobody needs a register of holidays. Return how many."""
    return delete_in_batches(Absence.objects.filter(until_on__lt=local_day(now) - KEPT_AFTER))
