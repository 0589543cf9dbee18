"""What its reader does not want any more before it has left."""

from collections.abc import Collection

from django.db.models import Q

from outbox.models import WAITING, Message


def keep_back(to_email: str, kinds: Collection[str]) -> int:
    """Neither send nor print what waits for `to_email` and is of one of these optional kinds.

    Returns how many. The kind stands in the address at which such a mail is declined. One being sent this
    moment leaves.
    """
    optional = Q(pk__in=[])
    for kind in kinds:
        optional |= Q(unsubscribe_url__contains=f"/{kind}/")
    mails = Message.objects.filter(~Q(to_email=""), to_email__iexact=to_email)
    waiting = mails.filter(optional, status__in=[*WAITING, Message.Status.TO_PRINT])
    return waiting.update(status=Message.Status.SUPPRESSED)
