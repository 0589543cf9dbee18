"""A lost telephone: the operator takes the second factor away, its owner sets up a new one."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.db import transaction

from accounts.models import User
from accounts.secrets import renewed
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


def renew_secrets() -> tuple[int, int]:
    """Encrypt the secrets of second factors anew, under the first key.

    Returns how many were, and how many no key opens. Each is locked alone: who signs in with a recovery code
    meanwhile changes the same row.
    """
    done = lost = 0
    for pk in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=pk).first()
            if row is None:
                continue
            try:
                row.data = _with_secrets(row.data, renewed)
            except InvalidToken:
                lost += 1
                continue
            row.save(update_fields=["data"])
            done += 1
    return done, lost


def _with_secrets(data: dict[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """Return what is known of a second factor with each of its secrets changed."""
    changed: dict[str, Any] = {name: change(data[name]) for name in ("secret", "seed") if name in data}
    for name in ("migrated_codes", "hashes"):
        if name in data:
            changed[name] = [change(each) for each in data[name]]
    return {**data, **changed}
