"""A date takes place with fewer people than it has seats for: said by who coordinates, and taken back."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max, QuerySet

from accounts.models import User
from foundation.undoing import UNDO_WITHIN
from programs.models import Provider, Shift, ShiftRole
from programs.services.seats import lock_seats
from volunteers.models import AcceptedGap
from volunteers.selectors.coordination import seats_lacking
from volunteers.selectors.gaps import open_gaps
from volunteers.wording.gaps import Kept


@transaction.atomic
def accept_gap(shift: Shift, *, coming: int, by: User, now: datetime) -> Kept | None:
    """Let the date be with those who come. Returns why not, changing nothing, None if it is so.

    `coming` is how many come as far as the caller knows: with fewer it is another decision. Never where
    nobody comes, and never where an adult is missing who has to be there.
    """
    lock_seats(ShiftRole.objects.filter(shift=shift))
    house = Provider.objects.filter(opportunities__shifts=shift)
    found = open_gaps(house, now).filter(pk=shift.pk).first()
    if found is None:
        return Kept.SETTLED
    people, is_unsafe = vars(found)["coming"], vars(found)["is_unsafe"]
    if not people:
        return Kept.NOBODY
    if is_unsafe:
        return Kept.UNSAFE
    if people < coming:
        return Kept.FEWER
    for seats in seats_lacking().filter(shift=shift).order_by("pk"):
        AcceptedGap.objects.update_or_create(
            seats=seats, defaults={"people": vars(seats)["people"], "at": now, "by": by}
        )
    return None


@transaction.atomic
def take_back_gap(shift: Shift, *, by: User, now: datetime) -> bool:
    """Let somebody be missing again where `by` has just said the opposite. False if they have not."""
    deleted, _rows = _fresh(by, now).filter(seats__shift=shift).delete()
    return bool(deleted)


def fresh_gaps(by: User, now: datetime) -> QuerySet[Shift]:
    """Return the dates that `by` has just accepted (`accepted_at`) and can still take back."""
    coming = Shift.objects.filter(seats__accepted_gap__in=_fresh(by, now), starts_at__gt=now)
    return coming.annotate(accepted_at=Max("seats__accepted_gap__at")).select_related("opportunity")


def _fresh(by: User, now: datetime) -> QuerySet[AcceptedGap]:
    return AcceptedGap.objects.filter(by=by, at__gt=now - UNDO_WITHIN)
