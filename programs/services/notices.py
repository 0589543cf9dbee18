"""Notices about published texts: filed by anybody, decided by the youth office, forgotten in time."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import transaction

from accounts.models import User
from foundation.batches import delete_in_batches
from foundation.brakes import is_newcomer, turn_at
from foundation.clock import local_day
from foundation.limit_values import NOTICES, NOTICES_PER_ADDRESS
from foundation.limits import LimitReached, take_from_networks
from foundation.transitions import move
from outbox.domain.catalogue import Mail
from outbox.services.asked import take_reminder
from outbox.services.queue import queue
from programs.access import actor_of
from programs.domain.notices import NOTICE_MOVES, NoticeStatus, Reported
from programs.models import Fund, FundUpdate, Notice, Opportunity, Program, Provider
from programs.selectors.notices import Target, shown_target
from programs.services import publishing
from programs.services.takedowns import forget_history
from programs.services.text_drafts import forget_draft
from programs.wording.mails import NOTICE_DECIDED, NOTICE_REASONS, NOTICE_RECEIVED

KEPT = relativedelta(months=6)
"""How long a decision can be objected to (Art. 20 Abs. 1 DSA); after that the notice goes."""


@transaction.atomic
def file_notice(
    target: Target, *, ground: str, text: str, email: str, client: str, now: datetime
) -> Notice | None:
    """Store a notice and acknowledge it; the same one again on the same day is None and changes nothing.

    When very many report, or the mailbox has had its mails for the day, the acknowledgement waits or is
    left out; the notice itself never is. Raises LimitReached for a network that floods.
    """
    take_from_networks(NOTICES_PER_ADDRESS, client, now=now)
    newcomer = is_newcomer(NOTICES, client, now=now)
    due_at = turn_at(NOTICES, newcomer=newcomer, now=now)
    notice, is_new = Notice.objects.get_or_create(
        digest=_digest(target, ground, text, email, now),
        defaults={
            "about": target.about,
            "row_id": target.pk,
            "ground": ground,
            "text": text,
            "email": email,
            "filed_at": now,
            "status_changed_at": now,
        },
    )
    if not is_new:
        return None
    if email:
        _acknowledge(notice, target, due_at, now)
    return notice


def _digest(target: Target, ground: str, text: str, email: str, now: datetime) -> str:
    said = "\n".join((target.about, str(target.pk), ground, text, email, str(local_day(now))))
    return hashlib.sha256(said.encode()).hexdigest()


def _acknowledge(notice: Notice, target: Target, due_at: datetime, now: datetime) -> None:
    try:
        free_at = take_reminder(to_email=notice.email, now=now)
    except LimitReached:
        return
    queue(
        mail=NOTICE_RECEIVED,
        key=f"notice.received:{notice.pk}",
        to_email=notice.email,
        context=_said(notice, target),
        now=now,
        due_at=max(due_at, free_at),
    )


@transaction.atomic
def decide_notice(notice: Notice, *, outcome: str, reasons: str, by: User, now: datetime) -> bool:
    """Decide whether the text stays, and tell both sides why; False if somebody else has decided meanwhile.

    The address of who reported goes from the row at once: its last use is this answer.
    """
    email = notice.email
    target = shown_target(notice.about, notice.row_id)
    moved = move(notice, NOTICE_MOVES, outcome, actor=actor_of(by), now=now, reasons=reasons, email="")
    if not moved:
        return False
    if outcome == NoticeStatus.TAKEN_OUT and target is not None:
        _take_out(target, by, now)
    context = _said(notice, target)
    if email:
        _tell(NOTICE_DECIDED, f"notice.decided:{notice.pk}", email, context, now)
    if target is not None:
        address = (target.provider.coordination_email if target.provider else "") or settings.OFFICE_EMAIL
        _tell(NOTICE_REASONS, f"notice.reasons:{notice.pk}", address, context, now)
    return True


def _tell(mail: Mail, key: str, to_email: str, context: Mapping[str, Any], now: datetime) -> None:
    queue(mail=mail, key=key, to_email=to_email, context=context, now=now)


def _said(notice: Notice, target: Target | None) -> dict[str, Any]:
    """Return what the mails say; never what was reported in somebody's own words, nor by whom."""
    return {
        "about": notice.about_label,
        "title": target.title if target else "",
        "address": settings.PUBLIC_BASE_URL + target.path if target else "",
        "ground": notice.ground_label,
        "is_taken_out": notice.status == NoticeStatus.TAKEN_OUT,
        "reasons": notice.reasons,
        "filed_at": notice.filed_at,
    }


def _take_out(target: Target, by: User, now: datetime) -> None:
    """Take a text out of public by what its kind has for it."""
    if target.about == Reported.TASK:
        publishing.close(Opportunity.objects.get(pk=target.pk), by=by, now=now)
        forget_history(Opportunity.objects.get(pk=target.pk))
    elif target.about == Reported.PROGRAM:
        Program.objects.filter(pk=target.pk).update(is_listed=False)
    elif target.about == Reported.PURPOSE:
        Fund.objects.filter(pk=target.pk).update(is_open=False, is_shown=False)
    elif target.about == Reported.PROVIDER:
        Provider.objects.filter(pk=target.pk).update(address="", public_contact="")
    else:
        FundUpdate.objects.filter(pk=target.pk).delete()
    forget_draft(target.about, target.pk)


def purge_notices(now: datetime) -> int:
    """Delete the notices that were decided longer than `KEPT` ago; return how many."""
    decided = Notice.objects.exclude(status=NoticeStatus.OPEN)
    return delete_in_batches(decided.filter(status_changed_at__lte=now - KEPT))
