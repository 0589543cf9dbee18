"""A role ends, and with it every session of whoever had it."""

from datetime import datetime

import structlog
from django.db import transaction

from accounts.models import User
from accounts.services.sessions import end_sessions
from programs.access import inviter_actor
from programs.models import Membership

log = structlog.get_logger(__name__)


@transaction.atomic
def end_role(membership: Membership, *, by: User, now: datetime) -> bool:
    """Take the role away; the database writes down which, and by whom. False for one's own, or if it is gone.

    That nobody takes their own away keeps the last one from locking everybody out.
    """
    if membership.user_id == by.pk:
        return False
    deleted, _by_model = Membership.objects.filter(pk=membership.pk).delete()
    if deleted:
        end_sessions(membership.user, actor=inviter_actor(by), now=now)
        told = {"provider": membership.provider_id, "role": membership.role, "by": by.pk}
        log.info("role_ended", account=membership.user_id, **told)
    return bool(deleted)
