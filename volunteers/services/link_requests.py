"""The way back without a password: a link to "Meine Zusagen" on request, and making old ones void."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from foundation.sweeps import nudge
from outbox.services.asked import take_mail
from outbox.services.queue import queue
from volunteers.models import LinkRequest, Volunteer
from volunteers.selectors.people import confirmed_at
from volunteers.services.links import my_pledges_url

ANSWER_REQUESTS = "volunteers.answer_link_requests"


def request_link(email: str, *, client: str, now: datetime) -> None:
    """Note that somebody wants the link; known and unknown addresses cost the same. Raises LimitReached."""
    due_at = take_mail(client=client, to_email=email, now=now)
    with transaction.atomic():
        LinkRequest.objects.create(email=email.strip().lower(), requested_at=due_at)
        nudge(ANSWER_REQUESTS)


def answer_requests(now: datetime) -> int:
    """Mail the link to every known address whose turn it is, forget the request; return the links mailed."""
    due = LinkRequest.objects.filter(requested_at__lte=now).order_by("pk")
    return sum(_answer(pk, now) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def _answer(request_id: int, now: datetime) -> bool:
    request = LinkRequest.objects.select_for_update(skip_locked=True).filter(pk=request_id).first()
    if request is None:
        return False
    volunteer = confirmed_at(request.email).first()
    if volunteer is not None:
        _mail_link(volunteer, key=f"my_pledges.link:{request.pk}", now=now)
    request.delete()
    return volunteer is not None


@transaction.atomic
def renew_link(volunteer: Volunteer, *, now: datetime) -> None:
    """Make every link the person ever got void and mail a new one."""
    Volunteer.objects.filter(pk=volunteer.pk).update(link_version=F("link_version") + 1)
    volunteer.refresh_from_db()
    _mail_link(volunteer, key=f"my_pledges.renewed:{volunteer.pk}:{volunteer.link_version}", now=now)


def _mail_link(volunteer: Volunteer, *, key: str, now: datetime) -> None:
    queue(
        key=key,
        template="my_pledges_link",
        to_email=volunteer.email,
        context={"volunteer": volunteer, "my_pledges_url": my_pledges_url(volunteer, now)},
        now=now,
    )
