"""The sessions of somebody, and ending one of them or all."""

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Session, User
from accounts.sessions import idle_time, longest_time
from foundation.actors import Actor
from foundation.history import note_access


def running_sessions(user: User, now: datetime) -> QuerySet[Session]:
    """Return the sessions in which `user` is signed in, the last used first."""
    rows = Session.objects.filter(user=user, expire_date__gt=now)
    lasting = rows.filter(seen_at__gt=now - idle_time(), began_at__gt=now - longest_time())
    return lasting.order_by("-seen_at", "handle")


def end_session(user: User, handle: str, *, actor: Actor, now: datetime) -> bool:
    """End the session of `user` that is called `handle`. False if they have no such session."""
    ended, _by_model = Session.objects.filter(user=user, handle=handle).delete()
    if ended:
        note_access(user, "session_ended", actor=actor, now=now)
    return bool(ended)


def end_sessions(user: User, *, actor: Actor, now: datetime, but: str | None = None) -> int:
    """End all sessions of `user`, `but` the one of that handle; return how many ended."""
    rows = Session.objects.filter(user=user)
    ended, _by_model = (rows.exclude(handle=but) if but else rows).delete()
    if ended:
        note_access(user, "sessions_ended", actor=actor, now=now)
    return ended
