"""Who waits longer than was promised, and whom somebody has to call today."""

from datetime import datetime, timedelta

from django.db.models import DateTimeField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from foundation.clock import LOCAL_ZONE, end_of_day, local_day
from foundation.working_days import last_day_due
from volunteers.domain.promises import ANSWER_WITHIN
from volunteers.models import Contact, Offer, Placement, TimePledge

ONE_DAY = timedelta(days=1)


def silent_pledges(now: datetime) -> QuerySet[TimePledge]:
    """Return the open pledges past their clock.

    A question that waits, one answered within that time, or a provider whose turn it is, is no silence; one
    that is not verified (any more) cannot answer.
    """
    said_yes = Placement.objects.filter(
        pledge=OuterRef("pk"),
        status=Placement.Status.AWAITING_CONFIRMATION,
        opportunity__provider__is_verified=True,
    )
    asked = Offer.objects.filter(pledge=OuterRef("pk"), sent_at__isnull=False)
    return TimePledge.objects.filter(
        ~Exists(asked.filter(status=Offer.Status.SENT)),
        ~Exists(asked.filter(status_changed_at__gte=end_of_day(last_day_due(now, ANSWER_WITHIN)))),
        ~Exists(said_yes),
        status=TimePledge.Status.OPEN,
        answer_due_at__lte=now,
    )


def pledges_to_call(now: datetime) -> QuerySet[TimePledge]:
    """Return the silent ones whose last call, if there was one, named a day that has come; soonest first.

    Each carries `call_at`, when a call is due: the end of that day, or of the promised time; and the key of
    that call (`last_contact`), None if there was none.
    """
    last = Contact.objects.filter(pledge=OuterRef("pk"), taken_back=None).order_by("-pk")
    return (
        silent_pledges(now)
        .annotate(
            again_on=Subquery(last.values("again_on")[:1]), last_contact=Subquery(last.values("pk")[:1])
        )
        .filter(Q(again_on=None) | Q(again_on__lte=local_day(now)))
        .annotate(call_at=Coalesce(_end_of("again_on"), "answer_due_at"))
        .prefetch_related("volunteer__mailbox", "wanted_opportunity")  # a join would sort them all
        .order_by("call_at", "pk")
    )


def _end_of(day: str) -> Func:
    """Return the midnight after a day in Düren."""
    zone, next_day = Value(LOCAL_ZONE.key), F(day) + ONE_DAY
    return Func(zone, next_day, function="timezone", output_field=DateTimeField())
