"""Whoever changes what proves who they are is signed out everywhere else (OWASP ASVS 5.0, 7.4.3)."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as factor
from django.http import HttpRequest

from accounts.models import User
from accounts.services.sessions import end_sessions
from accounts.sessions import HANDLE
from foundation.actors import staff
from foundation.clock import utc_now

_NEW_PROOFS = (
    account.password_set,
    account.password_changed,
    account.password_reset,
    factor.authenticator_added,
    factor.authenticator_removed,
    factor.authenticator_reset,
)


def connect() -> None:
    """Listen to every change of a password or a second factor."""
    for signal in _NEW_PROOFS:
        signal.connect(_end_others, dispatch_uid="accounts.new_proofs")


def _end_others(sender: object, *, request: HttpRequest, user: User, **_more: Any) -> None:
    but = request.session.get(HANDLE) if request.user.is_authenticated else None
    end_sessions(user, actor=staff(user.pk, ""), now=utc_now(), but=but)
