"""The way back without a password: the link to "Meine Seite" on request, and making old ones void."""

from datetime import datetime

from django.db import transaction

from citizens.domain.addresses import as_sent
from citizens.domain.mails import MY_PAGE_LINK
from citizens.models import LinkRequest, Mailbox
from citizens.services.letters import write
from citizens.services.links import revoke_all, revoke_kinds
from citizens.services.parts import ask_again, is_known
from foundation.sweeps import nudge
from outbox.services.asked import take_mail

ANSWER_REQUESTS = "citizens.answer_link_requests"


def request_link(email: str, *, client: str, now: datetime) -> None:
    """Note that somebody wants the link; known and unknown addresses cost the same. Raises LimitReached."""
    address = as_sent(email)
    due_at = take_mail(client=client, to_email=address, now=now)
    with transaction.atomic():
        LinkRequest.objects.create(email=address, requested_at=due_at)
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
    mailbox = Mailbox.objects.filter(email=request.email).first()
    is_answered = mailbox is not None and is_known(mailbox)
    if mailbox is not None and is_answered:
        write(mailbox, key=f"my_page.link:{request.pk}", mail=MY_PAGE_LINK, context={}, now=now)
    request.delete()
    return is_answered


@transaction.atomic
def renew_links(mailbox: Mailbox, *, now: datetime) -> None:
    """Make every link the mailbox ever got void, for time and money alike, and mail a new one.

    What waits for an answer by one of them is asked anew.
    """
    revoke_all(mailbox)
    key = f"my_page.renewed:{mailbox.pk}:{mailbox.link_version}"
    write(mailbox, key=key, mail=MY_PAGE_LINK, context={}, now=now)
    ask_again(mailbox, now)


@transaction.atomic
def make_kind_void(mailbox: Mailbox, purpose: str, *, now: datetime) -> None:
    """Make the links of one purpose void; what waits for an answer by one of them is asked anew."""
    revoke_kinds(mailbox, purpose)
    ask_again(mailbox, now, purpose)
