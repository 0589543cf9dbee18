"""The way to one's own gifts without a password: a link on request, the same answer for every address."""

from datetime import datetime

from django.db import transaction

from donations.models import Donor, GiftLinkRequest
from donations.services.gifts import mails
from foundation.sweeps import nudge
from outbox.services.asked import take_mail

ANSWER_REQUESTS = "donations.answer_link_requests"


def request_link(email: str, *, client: str, now: datetime) -> None:
    """Note that somebody wants the link; known and unknown addresses cost the same. Raises LimitReached."""
    due_at = take_mail(client=client, to_email=email, now=now)
    with transaction.atomic():
        GiftLinkRequest.objects.create(email=email.strip().lower(), requested_at=due_at)
        nudge(ANSWER_REQUESTS)


def answer_requests(now: datetime) -> int:
    """Mail the link to every known address whose turn it is, forget the request; returns the links mailed."""
    due = GiftLinkRequest.objects.filter(requested_at__lte=now).order_by("pk")
    return sum(_answer(pk, now) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def _answer(request_id: int, now: datetime) -> bool:
    request = GiftLinkRequest.objects.select_for_update(skip_locked=True).filter(pk=request_id).first()
    if request is None:
        return False
    donor = Donor.objects.filter(email=request.email).first()
    if donor is not None:
        mails.send_my_gifts_link(donor, request.pk, now)
    request.delete()
    return donor is not None
