"""How the sign-in library behaves here: no sign-up, mails by the outbox, limits that all processes share."""

from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.mails import OF_ALLAUTH
from foundation.client import client_address
from foundation.clock import utc_now
from foundation.limit_values import LOGINS_PER_CLIENT, LOGINS_PER_MAILBOX
from foundation.limits import take, take_from_networks
from foundation.mailbox_names import normalised_email
from foundation.networks import networks_of
from outbox.services.asked import take_mail
from outbox.services.queue import queue

ASKED_BY_ANYBODY = {"password_reset_key", "unknown_account"}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by invitation of staff; nobody signs up, citizens act by signed link."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Dieses Konto ist gesperrt."),
        "email_password_mismatch": _("E-Mail-Adresse und Passwort passen nicht zusammen."),
        "enter_current_password": _("Bitte geben Sie Ihr bisheriges Passwort ein."),
        "incorrect_password": _("Das Passwort stimmt nicht."),
        "rate_limited": _("Das waren zu viele Versuche. Bitte warten Sie einige Minuten."),
        "too_many_login_attempts": _("Das waren zu viele Versuche. Bitte warten Sie einige Minuten."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Pages are the only way in; there is no second one in JSON."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a try to sign in, per mailbox and network: strangers lock nobody out. Raises LimitReached.

        Takes the place of the library's own count, which is by account.
        """
        now = utc_now()
        client = client_address(request)
        take_from_networks(LOGINS_PER_CLIENT, client, now=now)
        mailbox = normalised_email(credentials.get("email", ""))
        take(LOGINS_PER_MAILBOX, f"{mailbox} {networks_of(client)[-1].name}", now=now)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the address for the mail, from a setting and never from a request; `key` is id-token."""
        user_id, _separator, token = key.partition("-")
        return settings.PUBLIC_BASE_URL + reverse("account_reset_password_from_key", args=[user_id, token])

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue `emails/account_<name>`. Raises LimitReached for a mail that anybody can ask for."""
        name, now = template_prefix.rpartition("/")[2], utc_now()
        due_at = now
        if name in ASKED_BY_ANYBODY:
            due_at = take_mail(client=client_address(self.request), to_email=email, now=now)
        queue(
            key=f"account.{name}:{uuid4()}",
            mail=OF_ALLAUTH[name],
            to_email=email,
            context={
                "reset_url": context.get("password_reset_url"),
                "login_url": settings.PUBLIC_BASE_URL + reverse("account_login"),
                "forgotten_url": settings.PUBLIC_BASE_URL + reverse("account_reset_password"),
                "happened_at": now,
                "valid_days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
            },
            now=now,
            due_at=due_at,
        )
