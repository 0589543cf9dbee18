"""The short step by mail: what cannot be undone is confirmed from the mailbox when the link was not fresh."""

from datetime import datetime

from citizens.domain.links import LinkKind, is_fresh
from citizens.domain.mails import CONFIRM_STEP
from citizens.models import Mailbox
from citizens.services.links import absolute, issue
from foundation.limit_values import CONFIRMATIONS_PER_MAILBOX
from foundation.limits import take
from outbox.services.queue import queue


def needs_step(mailbox: Mailbox, issued_at: datetime, now: datetime) -> bool:
    """Whether a link sent at `issued_at` is too old to do by itself what cannot be undone.

    Whoever gets letters has no mailbox to ask: the code on paper is all there is, and it stays at home.
    """
    return not (mailbox.is_on_paper or is_fresh(issued_at, now))


def ask_by_mail(
    mailbox: Mailbox, kind: LinkKind, subject: int, *, page: str, what: str, now: datetime
) -> None:
    """Mail a link of `kind` to the page that does the act; `what` says in a sentence what it will do.

    The link works once the owner opens it, for an hour, for this act alone. Raises LimitReached.
    """
    take(CONFIRMATIONS_PER_MAILBOX, str(mailbox.pk), now=now)
    queue(
        key=f"step.{kind.purpose}:{subject}:{now:%Y%m%d%H%M%S}",
        mail=CONFIRM_STEP,
        to_email=mailbox.email,
        context={"what": what, "step_url": absolute(page, issue(kind, mailbox, subject, now))},
        now=now,
        written_for=mailbox.pk,
    )
