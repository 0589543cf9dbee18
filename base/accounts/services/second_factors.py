"""A lost telephone: the operator takes the second factor away, its owner sets up a new one."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.models import User
from accounts.services.sessions import end_sessions
from foundation.actors import Actor
from foundation.history import note_access


@transaction.atomic
def reset_second_factor(user: User, *, actor: Actor, now: datetime) -> bool:
    """Forget the app and the recovery codes of `user`, and end their sessions. False if there was nothing."""
    deleted, _by_model = Authenticator.objects.filter(user=user).delete()
    if deleted:
        note_access(user, "second_factor_taken_away", actor=actor, now=now)
        end_sessions(user, actor=actor, now=now)
    return bool(deleted)
