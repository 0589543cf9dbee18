"""Limits of the forms anybody may send and that mail an address somebody typed.

One budget over all such forms, so that no combination of them can flood a mailbox.
"""

from datetime import datetime

from foundation.limit_values import ASKED_MAILS_IN_ALL, ASKED_MAILS_PER_CLIENT, ASKED_MAILS_PER_MAILBOX
from foundation.limits import normalised_email, take


def take_mail(*, client: str, to_email: str, now: datetime) -> None:
    """Count one mail that the visitor at `client` wants sent to `to_email`. Raises LimitReached."""
    take(ASKED_MAILS_PER_CLIENT, client, now=now)
    take(ASKED_MAILS_PER_MAILBOX, normalised_email(to_email), now=now)
    take(ASKED_MAILS_IN_ALL, "all", now=now)
