"""Limits of the forms anybody may send and that mail an address somebody typed.

One budget over all such forms, so that no combination of them can flood a mailbox.
"""

from datetime import datetime, timedelta

from foundation.limits import Limit, normalised_email, take

PER_CLIENT = Limit("asked_mail.client", 30, timedelta(hours=1))  # a whole hall behind one address may join in
PER_MAILBOX = Limit("asked_mail.mailbox", 2, timedelta(days=1))
IN_ALL = Limit("asked_mail.all", 2000, timedelta(hours=1))


def take_mail(*, client: str, to_email: str, now: datetime) -> None:
    """Count one mail that the visitor at `client` wants sent to `to_email`. Raises LimitReached."""
    take(PER_CLIENT, client, now=now)
    take(PER_MAILBOX, normalised_email(to_email), now=now)
    take(IN_ALL, "all", now=now)
