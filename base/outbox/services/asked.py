"""Limits of the forms anybody may send and that mail an address somebody typed.

One budget over all such forms, so that no combination of them can flood a mailbox. The act itself is stored
at once; its mail waits for its turn. Only a network that floods, and a mailbox for which two mails wait
already, are refused.
"""

from datetime import datetime

from foundation.brakes import is_newcomer, turn_at
from foundation.limit_values import (
    ASKED_MAIL_MAY_WAIT,
    ASKED_MAILS,
    ASKED_MAILS_PER_CLIENT,
    ASKED_MAILS_PER_MAILBOX,
)
from foundation.limits import take_from_networks, turn
from foundation.mailbox_names import normalised_email


def take_mail(*, client: str, to_email: str, now: datetime) -> datetime:
    """Count one mail that the visitor at `client` wants sent to `to_email`; return when it may leave.

    Raises LimitReached.
    """
    take_from_networks(ASKED_MAILS_PER_CLIENT, client, now=now)
    free_at = take_reminder(to_email=to_email, now=now)
    newcomer = is_newcomer(ASKED_MAILS, client, now=now)
    return max(free_at, turn_at(ASKED_MAILS, newcomer=newcomer, now=now))


def take_reminder(*, to_email: str, now: datetime) -> datetime:
    """Count one mail of ours to an address nobody has proved to own; return when it may leave.

    Raises LimitReached.
    """
    mailbox = normalised_email(to_email)
    return now + turn(ASKED_MAILS_PER_MAILBOX, mailbox, now=now, patience=ASKED_MAIL_MAY_WAIT)
