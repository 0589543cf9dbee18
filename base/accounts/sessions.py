"""How long somebody stays signed in: an end after idleness, an end in any case, and an end by hand."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from accounts.devices import device_of
from foundation.clock import utc_now

SIGNED_IN_AT, SEEN_AT, DEVICE, HANDLE = "signed_in_at", "seen_at", "device", "handle"
_WRITTEN_EVERY = timedelta(minutes=1)  # so that not each page costs a write


def begin(sender: object, request: HttpRequest, **_more: Any) -> None:
    """Note when and with what somebody signed in."""
    now = utc_now().timestamp()
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = now
    request.session[DEVICE] = device_of(request.headers.get("User-Agent", ""))
    request.session[HANDLE] = uuid4().hex


def idle_time() -> timedelta:
    """Return how long nothing may be done before a session is over."""
    return timedelta(minutes=settings.SESSION_IDLE_MINUTES)


def longest_time() -> timedelta:
    """Return after how long a session is over in any case."""
    return timedelta(hours=settings.SESSION_HOURS)


def is_over(session: SessionBase, now: datetime) -> bool:
    """Return whether the session was idle or open for too long; one that does not know when it began is."""
    began, seen = session.get(SIGNED_IN_AT, 0), session.get(SEEN_AT, 0)
    return (
        now.timestamp() - seen >= idle_time().total_seconds()
        or now.timestamp() - began >= longest_time().total_seconds()
    )


def touch(session: SessionBase, now: datetime) -> None:
    """Note that the session is in use."""
    if now.timestamp() - session[SEEN_AT] >= _WRITTEN_EVERY.total_seconds():
        session[SEEN_AT] = now.timestamp()


def connect() -> None:
    user_logged_in.connect(begin, dispatch_uid="accounts.sessions.begin")
