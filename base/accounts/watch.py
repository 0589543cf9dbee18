"""What happens at the door of staff is told as an event of its own: whose account, which factor, what came.

In the log as a line, which names network and time and never an address, a password or a code; in the history
as a row, which nobody can change.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import structlog
from allauth.account import signals as account
from allauth.mfa import signals as factor
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import Signal

from accounts.models import User
from foundation.actors import staff, system
from foundation.brakes import take_if_there
from foundation.clock import utc_now
from foundation.history import note_access
from foundation.limit_values import FAILURES_ON_RECORD

UNKNOWN = 0
"""Stands for the account in rows about an address that has none."""

log = structlog.get_logger(__name__)
_EVENTS: tuple[tuple[Signal, str, Callable[..., Any]], ...] = (
    (user_logged_in, "signed_in", log.info),
    (user_logged_out, "signed_out", log.info),
    (user_login_failed, "sign_in_failed", log.warning),
    (account.password_set, "password_set", log.info),
    (account.password_changed, "password_changed", log.info),
    (account.password_reset, "password_reset", log.info),
    (factor.authenticator_added, "second_factor_added", log.info),
    (factor.authenticator_removed, "second_factor_removed", log.warning),
    (factor.authenticator_reset, "second_factor_renewed", log.info),
    (factor.authenticator_used, "second_factor_used", log.info),
    (factor.authentication_failed, "second_factor_failed", log.warning),
)


def connect() -> None:
    """Listen to everything that proves, or fails to prove, who somebody is."""
    for signal, event, tell in _EVENTS:
        signal.connect(partial(_tell, tell, event), weak=False, dispatch_uid=f"accounts.watch.{event}")


def _tell(
    tell: Callable[..., Any],
    event: str,
    sender: object,
    *,
    user: User | None = None,
    authenticator: Authenticator | None = None,
    credentials: dict[str, Any] | None = None,
    **_more: Any,
) -> None:
    tell(event, account=user.pk if user else None, factor=authenticator.type if authenticator else None)
    if user is not None:
        _put_on_record(user, event)
    elif credentials is not None:
        _put_guess_on_record(str(credentials.get("email", "")), event)


def _put_on_record(user: User, event: str) -> None:
    note_access(user, event, actor=staff(user.pk, ""), now=utc_now())


def _put_guess_on_record(email: str, event: str) -> None:
    """Write that somebody guessed, at the account they guessed at; known or unknown costs the same.

    Bounded, so that guessing does not fill what nobody can delete.
    """
    user, now = User.objects.filter(email__iexact=email).first() or User(pk=UNKNOWN), utc_now()
    if take_if_there(FAILURES_ON_RECORD, str(user.pk), now=now):
        note_access(user, event, actor=system("sign_in"), now=now)
