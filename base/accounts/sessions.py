"""How long somebody stays signed in: an end after idleness and an end in any case."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from foundation.clock import utc_now

SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"
_WRITTEN_EVERY = timedelta(minutes=1)  # so that not each page costs a write


def begin(sender: object, request: HttpRequest, **_more: Any) -> None:
    """Note when somebody signed in."""
    now = utc_now().timestamp()
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = now


def is_over(session: SessionBase, now: datetime) -> bool:
    """Return whether the session was idle or open for too long; one that does not know when it began is."""
    began, seen = session.get(SIGNED_IN_AT, 0), session.get(SEEN_AT, 0)
    idle = timedelta(minutes=settings.SESSION_IDLE_MINUTES).total_seconds()
    longest = timedelta(hours=settings.SESSION_HOURS).total_seconds()
    return now.timestamp() - seen >= idle or now.timestamp() - began >= longest


def touch(session: SessionBase, now: datetime) -> None:
    """Note that the session is in use."""
    if now.timestamp() - session[SEEN_AT] >= _WRITTEN_EVERY.total_seconds():
        session[SEEN_AT] = now.timestamp()


def connect() -> None:
    user_logged_in.connect(begin, dispatch_uid="accounts.sessions.begin")
