"""A role is given by an invitation: sent by mail, accepted once by whoever holds its link, or taken back."""

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from foundation.actors import staff
from foundation.batches import delete_in_batches
from foundation.history import acting, note_act
from foundation.limit_values import INVITATIONS_PER_INVITER
from foundation.limits import take
from foundation.links import LinkExpired, LinkNotValid, read, sign
from foundation.transitions import move
from outbox.services.queue import queue
from programs.access import inviter_actor, staffed_by
from programs.domain.invitations import INVITATION_MOVES, InvitationRefusal, InvitationStatus
from programs.models import Invitation, Membership, Provider
from programs.wording.mails import STAFF_INVITATION

PURPOSE = "staff_invitation"
KEPT = timedelta(days=90)
log = structlog.get_logger(__name__)


def invite_to_role(
    provider: Provider, role: str, email: str, *, by: User, now: datetime
) -> InvitationRefusal | None:
    """Mail an invitation to take `role` at `provider`, whose people `by` invites.

    Returns why nobody was invited, or None. Raises LimitReached for somebody who invites too many.
    """
    email = email.strip().lower()
    refusal = _reason_against(provider, role, email, by)
    if refusal:
        return refusal
    take(INVITATIONS_PER_INVITER, str(by.pk), now=now)
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                email=email,
                provider=provider,
                role=role,
                invited_by=by,
                invited_at=now,
                expires_at=now + _valid_for(),
                status_changed_at=now,
            )
            _send(invitation, "sent", by, now)
    except IntegrityError:
        return InvitationRefusal.IS_OPEN
    return None


def _reason_against(provider: Provider, role: str, email: str, by: User) -> InvitationRefusal | None:
    account = User.objects.filter(email__iexact=email).first()
    if email == by.email.lower():
        return InvitationRefusal.OWN_ADDRESS
    if account and not account.is_active:
        return InvitationRefusal.ACCOUNT_CLOSED
    if account and Membership.objects.filter(user=account, provider=provider, role=role).exists():
        return InvitationRefusal.HAS_ROLE
    return None


@transaction.atomic
def send_invitation_anew(invitation: Invitation, *, by: User, now: datetime) -> bool:
    """Mail a new link, after which the former ones open nothing. False if it is open no more.

    Whoever sends it stands for it from here on. Raises LimitReached.
    """
    take(INVITATIONS_PER_INVITER, str(by.pk), now=now)
    row = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not row.is_open:
        return False
    row.serial, row.invited_by, row.invited_at = row.serial + 1, by, now
    row.expires_at = now + _valid_for()
    row.save(update_fields=["serial", "invited_by", "invited_at", "expires_at"])
    _send(row, "sent_anew", by, now)
    return True


def withdraw_invitation(invitation: Invitation, *, by: User, now: datetime) -> bool:
    """Take it back, so that its link opens nothing. False if it is open no more."""
    return move(invitation, INVITATION_MOVES, InvitationStatus.WITHDRAWN, actor=inviter_actor(by), now=now)


def invitation_of(token: str, *, now: datetime) -> Invitation:
    """Return the invitation that the link `token` opens.

    Raises LinkNotValid if it was accepted, taken back or sent anew since, or whoever sent it could not send
    it today; LinkExpired when its time is over.
    """
    pk, _separator, serial = read(PURPOSE, token, now=now).partition(".")
    rows = Invitation.objects.select_related("provider", "invited_by")
    found = rows.filter(pk=pk, serial=serial, status=InvitationStatus.OPEN).first()
    if found is None or not _is_stood_for(found):
        raise LinkNotValid(PURPOSE)
    if found.is_over(now):
        raise LinkExpired(PURPOSE)
    return found


def _is_stood_for(invitation: Invitation) -> bool:
    by = invitation.invited_by
    return by is not None and by.is_active and staffed_by(by).filter(pk=invitation.provider_id).exists()


def account_of(invitation: Invitation) -> User | None:
    """Return the account of the invited person, None as long as there is none."""
    return User.objects.filter(email__iexact=invitation.email).first()


@transaction.atomic
def accept_with_new_account(
    invitation: Invitation, *, name: str, password: str, now: datetime
) -> User | None:
    """Give the role to a new account, or to one that nobody chose a password for yet.

    Returns None, changing nothing, if somebody was faster.
    """
    user = account_of(invitation) or User(email=invitation.email)
    if user.has_usable_password() and user.pk:
        return None
    user.name = name
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:  # by a second click, or another invitation, the account was made at this moment
        return None
    if not accept_invitation(invitation, user, now=now):
        transaction.set_rollback(True)
        return None
    return user


@transaction.atomic
def accept_invitation(invitation: Invitation, user: User, *, now: datetime) -> bool:
    """Give `user`, who holds the link and the account, the role. False if somebody was faster."""
    actor = staff(user.pk, invitation.role)
    if not move(invitation, INVITATION_MOVES, InvitationStatus.ACCEPTED, actor=actor, now=now):
        return False
    with acting(actor, "staff_invitation"):
        Membership.objects.get_or_create(user=user, provider=invitation.provider, role=invitation.role)
    log.info("role_given", account=user.pk, provider=invitation.provider_id, role=invitation.role)
    return True


def purge_invitations(now: datetime) -> int:
    """Delete invitations that were settled or over longer than `KEPT` ago; return how many."""
    settled = ~Q(status=InvitationStatus.OPEN) & Q(status_changed_at__lte=now - KEPT)
    return delete_in_batches(Invitation.objects.filter(settled | Q(expires_at__lte=now - KEPT)))


def _valid_for() -> timedelta:
    return timedelta(days=settings.INVITATION_DAYS)


def staff_token(invitation: Invitation, *, now: datetime) -> str:
    """Return what the link of the mail carries."""
    subject = f"{invitation.pk}.{invitation.serial}"
    return sign(PURPOSE, subject, now=now, valid_for=invitation.expires_at - now)


def _send(invitation: Invitation, what: str, by: User, now: datetime) -> None:
    note_act(invitation, invitation.role, what, actor=inviter_actor(by), now=now)
    token = staff_token(invitation, now=now)
    queue(
        mail=STAFF_INVITATION,
        key=f"staff.invitation:{invitation.pk}.{invitation.serial}",
        to_email=invitation.email,
        context={
            "provider": invitation.provider.in_dative,
            "role": invitation.get_role_display(),
            "inviter": str(by),
            "invitation_url": settings.PUBLIC_BASE_URL + reverse("staff_invitation", args=[token]),
            "valid_days": settings.INVITATION_DAYS,
        },
        now=now,
    )
