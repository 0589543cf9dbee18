"""An account is made by staff; its owner gets a link to choose the password."""

from datetime import datetime

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from accounts.mails import INVITATION
from accounts.models import User
from outbox.services.queue import queue


def invite(user: User, *, now: datetime) -> bool:
    """Mail the link with which `user` chooses a password. False for an account that has one or is closed.

    The link works once, and until settings.PASSWORD_RESET_TIMEOUT is over; "forgotten?" gives a new one.
    """
    if not user.is_active or user.has_usable_password():
        return False
    token = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), token])
    return queue(
        key=f"account.invitation:{user.pk}:{now:%Y%m%d%H%M%S}",
        mail=INVITATION,
        to_email=user.email,
        context={
            "user": user,
            "invitation_url": settings.PUBLIC_BASE_URL + path,
            "login_url": settings.PUBLIC_BASE_URL + reverse("account_login"),
            "forgotten_url": settings.PUBLIC_BASE_URL + reverse("account_reset_password"),
            "valid_days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
        },
        now=now,
    )
