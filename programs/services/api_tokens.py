"""Keys for programs of providers: made and shown once, used within their rights, taken back at once."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from foundation.history import note_access
from programs.access import inviter_actor, staffed_by
from programs.models import ApiToken, Provider

PREFIX = "wbs_"
"""So that a key is recognised where somebody left it by mistake."""

_WRITTEN_EVERY = timedelta(minutes=1)


@transaction.atomic
def make_token(
    provider: Provider, label: str, scopes: Collection[str], *, by: User, now: datetime
) -> tuple[ApiToken, str]:
    """Make a key of `provider`; the text is returned here and nowhere else."""
    text = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        provider=provider,
        label=label,
        scopes=sorted(scopes),
        digest=digest_of(text),
        created_by=by,
        created_at=now,
    )
    note_access(by, "api_token_made", actor=inviter_actor(by), now=now)
    return token, text


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User, now: datetime) -> bool:
    """Take a key back. False if it was already."""
    revoked = ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)
    if revoked:
        note_access(by, "api_token_revoked", actor=inviter_actor(by), now=now)
    return bool(revoked)


def token_of(text: str, *, now: datetime) -> ApiToken | None:
    """Return the key that `text` is, and note that it was used; None if it opens nothing (any more).

    It lives as long as whoever made it might make it today.
    """
    rows = ApiToken.objects.select_related("provider", "created_by")
    token = rows.filter(digest=digest_of(text), revoked_at=None, created_by__is_active=True).first()
    if token is None or not staffed_by(token.created_by).filter(pk=token.provider_id).exists():
        return None
    unseen = Q(last_used_at=None) | Q(last_used_at__lt=now - _WRITTEN_EVERY)
    ApiToken.objects.filter(unseen, pk=token.pk).update(last_used_at=now)
    return token


def digest_of(text: str) -> str:
    """Return what is kept of a key."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
