"""Writing to somebody elsewhere: asked on "Meine Seite", moved when the new and the old address said yes.

Whoever lost the old mailbox waits: without a no from there the new one's yes is enough after UNOPPOSED_AFTER.
Until the end of STOPPED_WITHIN the old address has the last word: it stops the change or takes it back.
Whoever gets letters is told by one, and their silence counts UNOPPOSED_BY_LETTER after it was posted.
Whoever comes by a link of somebody else's cannot keep the mailbox.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import translation

from citizens.domain.address_changes import (
    ADDRESS_CHANGE_MOVES,
    STOPPED_WITHIN,
    UNOPPOSED_AFTER,
    UNOPPOSED_BY_LETTER,
)
from citizens.domain.links import CONFIRM_ADDRESS, STOP_ADDRESS, STOP_ADDRESS_BY_LETTER
from citizens.domain.mails import ADDRESS_BACK, ADDRESS_CONFIRM, ADDRESS_TAKEN, ADDRESS_TOLD, MY_PAGE_LINK
from citizens.models import AddressChange, Mailbox
from citizens.services.letters import write
from citizens.services.link_requests import renew_links
from citizens.services.links import absolute, issue
from citizens.services.mailboxes import confirm, locked
from citizens.services.parts import all_parts
from citizens.services.waiting_mails import carry_over
from foundation.actors import Actor, citizen, system
from foundation.history import note_transition
from foundation.limit_values import ADDRESS_CHANGES_PER_MAILBOX
from foundation.limits import take
from foundation.transitions import move
from outbox.services.asked import take_mail
from outbox.services.paper import is_on_its_way, send_instead, take_back, was_posted
from outbox.services.purge import KEEP_TEXT, forget_address, forget_messages
from outbox.services.queue import queue

Status = AddressChange.Status
MAILS = [ADDRESS_CONFIRM, ADDRESS_TAKEN, ADDRESS_TOLD, ADDRESS_BACK]
OWNER = citizen("mailbox")
SETTLING = system("citizens.settle_address_changes")
UNOPPOSED = system("citizens.move_unopposed")


def ask_for_change(mailbox: Mailbox, to_email: str, *, client: str, now: datetime) -> None:
    """Mail both addresses for their yes, the old one at once; a change asked before is over.

    `to_email` is in its one form. Whether it has a mailbox already shows in its own mail alone.
    Raises LimitReached.
    """
    take(ADDRESS_CHANGES_PER_MAILBOX, str(mailbox.pk), now=now)
    due_at = take_mail(client=client, to_email=to_email, now=now)
    with transaction.atomic():
        row = locked(mailbox.pk)
        for earlier in row.address_changes.filter(status=Status.ASKED):
            _end(earlier, Status.STOPPED, OWNER, now, reason="asked again")
        change = AddressChange.objects.create(
            mailbox=row, from_email=row.email, to_email=to_email, status_changed_at=now, asked_at=now
        )
        note_transition(change, from_status="", to_status=Status.ASKED, reason="", actor=OWNER, now=now)
        with translation.override(row.language):
            _ask_new(change, now, due_at)
            _ask_old(change, now)


def _ask_new(change: AddressChange, now: datetime, due_at: datetime) -> None:
    is_taken = Mailbox.objects.filter(email=change.to_email, confirmed_at__isnull=False).exists()
    confirm_url = absolute("my_address_confirm", issue(CONFIRM_ADDRESS, change.mailbox, change.pk, now))
    queue(
        key=f"address.{'taken' if is_taken else 'confirm'}:{change.pk}",
        mail=ADDRESS_TAKEN if is_taken else ADDRESS_CONFIRM,
        to_email=change.to_email,
        context={} if is_taken else {"confirm_url": confirm_url, "change": change},
        now=now,
        due_at=due_at,
    )


def _ask_old(change: AddressChange, now: datetime) -> None:
    kind = STOP_ADDRESS_BY_LETTER if change.is_from_paper else STOP_ADDRESS
    queue(
        key=_told_key(change),
        mail=ADDRESS_TOLD,
        to_email=change.from_email,
        context={
            "stop_url": absolute("my_address_stop", issue(kind, change.mailbox, change.pk, now)),
            "stop_until": now + STOPPED_WITHIN,
            "moves_at": now + UNOPPOSED_AFTER,
        },
        now=now,
    )


def _told_key(change: AddressChange) -> str:
    return f"address.told:{change.pk}"


@transaction.atomic
def say_yes(change: AddressChange, now: datetime, *, new: bool) -> str:
    """Note the yes of the new or of the old address and move the mailbox if nothing is missing any more.

    Returns the status of the change: still asked, moved, refused because the address got a mailbox of its
    own meanwhile, or whatever ended it before.
    """
    row = locked(change.mailbox_id)
    change.refresh_from_db()
    if change.status != Status.ASKED:
        return change.status
    if new:
        change.new_confirmed_at = change.new_confirmed_at or now
    else:
        change.old_confirmed_at = change.old_confirmed_at or now
    change.save(update_fields=["new_confirmed_at", "old_confirmed_at"])
    if change.new_confirmed_at and change.old_confirmed_at:
        _move(change, row, OWNER, now)
    return change.status


def move_unopposed(now: datetime) -> int:
    """Move the mailboxes whose old address let its time pass without a no; return how many changes ended."""
    due = AddressChange.objects.filter(
        status=Status.ASKED, asked_at__lte=now - UNOPPOSED_AFTER, new_confirmed_at__isnull=False
    )
    return sum(_move_unopposed(pk, now) for pk in list(due.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _move_unopposed(pk: int, now: datetime) -> bool:
    change = AddressChange.objects.get(pk=pk)
    row = locked(change.mailbox_id)
    change.refresh_from_db()
    if change.status != Status.ASKED or not _had_its_time(change, now):
        return False
    to_email = change.to_email
    if not _move(change, row, UNOPPOSED, now):
        with translation.override(row.language):
            queue(key=f"address.taken:{pk}", mail=ADDRESS_TAKEN, to_email=to_email, context={}, now=now)
    return True


def _had_its_time(change: AddressChange, now: datetime) -> bool:
    """Whether the old address could have said no for long enough."""
    if change.is_from_paper:
        return was_posted(_told_key(change), now - UNOPPOSED_BY_LETTER)
    return change.asked_at <= now - UNOPPOSED_AFTER


def _move(change: AddressChange, row: Mailbox, actor: Actor, now: datetime) -> bool:
    """Move the mailbox to its new address, make its old links void and mail a new one; False if taken.

    Links in letters stay: nobody else has them, and letters that wait to be printed go out as mails.
    """
    before, envelope = row.email, row.postal_address
    if not _write_to(row, change.to_email):
        _end(change, Status.REFUSED, actor, now, reason="address has a mailbox")
        return False
    move(change, ADDRESS_CHANGE_MOVES, Status.MOVED, actor=actor, now=now, from_postal_address=envelope)
    confirm(row.pk, now)
    if change.is_from_paper:
        take_back([ADDRESS_TOLD], change.pk, to_email=before)
        key = f"my_page.renewed:{row.pk}:{row.link_version}:{change.pk}"
        write(row, key=key, mail=MY_PAGE_LINK, context={}, now=now)
        send_instead(before, row.email, now)
    else:
        renew_links(row, now=now)
    return True


def make_links_void(mailbox: Mailbox, now: datetime) -> None:
    """Make every link void and mail a new one; a change of address that waits was asked by one of them."""
    with transaction.atomic():
        row = locked(mailbox.pk)
        for waiting in row.address_changes.filter(status=Status.ASKED):
            _end(waiting, Status.STOPPED, OWNER, now, reason="links made void")
        renew_links(row, now=now)


@transaction.atomic
def keep_old(change: AddressChange, now: datetime) -> bool:
    """End the change and every later one, moved or not; old links are void, a new one is mailed.

    Returns False, changing nothing, if the old address got a mailbox of its own meanwhile. With nothing
    left to end nothing is done.
    """
    row = locked(change.mailbox_id)
    to_end = list(change.and_later_open())
    if not to_end:
        return True
    moved = next((each for each in to_end if each.status == Status.MOVED), None)
    old, envelope = (
        (moved.from_email, moved.from_postal_address) if moved else (row.email, row.postal_address)
    )
    if not _write_to(row, old, envelope):
        return False
    for each in to_end:
        _keep(each, row, now)
    renew_links(row, now=now)
    return True


def _keep(change: AddressChange, mailbox: Mailbox, now: datetime) -> None:
    if change.status == Status.ASKED:
        _end(change, Status.STOPPED, OWNER, now, reason="old address")
        return
    with translation.override(mailbox.language):
        queue(
            key=f"address.back:{change.pk}",
            mail=ADDRESS_BACK,
            to_email=change.to_email,
            context={"change": change},
            now=now,
        )
    _end(change, Status.TAKEN_BACK, OWNER, now, reason="old address")


def settle(now: datetime) -> int:
    """End every change whose mails are emptied by now, and forget its addresses; return how many.

    Until then an erasure needs them, to find what was written there.
    """
    over = AddressChange.objects.filter(status__in=AddressChange.OPEN, status_changed_at__lte=now - KEEP_TEXT)
    return sum(_settle(pk, now) for pk in list(over.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _settle(pk: int, now: datetime) -> bool:
    change = AddressChange.objects.get(pk=pk)
    locked(change.mailbox_id)
    change.refresh_from_db()
    if change.status not in AddressChange.OPEN or _waits_for_a_letter(change, now):
        return False
    to = Status.SETTLED if change.status == Status.MOVED else Status.LAPSED
    return _end(change, to, SETTLING, now)


def _waits_for_a_letter(change: AddressChange, now: datetime) -> bool:
    is_agreed = change.status == Status.ASKED and change.new_confirmed_at is not None
    return is_agreed and change.is_from_paper and is_on_its_way(_told_key(change), now - KEEP_TEXT)


def forget_changes(mailbox: Mailbox) -> None:
    """Delete what is stored of changed addresses, with the mails to them. Called inside the erasure."""
    changes = list(mailbox.address_changes.all())
    if not changes:
        return
    forget_messages([mail.template for mail in MAILS], [change.pk for change in changes])
    for change in changes:
        if change.status == Status.MOVED and not Mailbox.objects.filter(email=change.from_email).exists():
            forget_address(change.from_email)
    mailbox.address_changes.all().delete()


def _end(change: AddressChange, to: Status, actor: Actor, now: datetime, reason: str = "") -> bool:
    forget_messages([ADDRESS_CONFIRM.template], [change.pk])
    take_back([ADDRESS_TOLD], change.pk, to_email=change.from_email)
    return move(
        change,
        ADDRESS_CHANGE_MOVES,
        to,
        actor=actor,
        now=now,
        reason=reason,
        from_email="",
        from_postal_address="",
        to_email="",
    )


def _write_to(mailbox: Mailbox, email: str, postal_address: str = "") -> bool:
    """Give the mailbox the address, for letters with what stands on the envelope; False if it is taken.

    What was only typed for it goes along: the address is proved by whoever moves there, and asked anew. What
    was declined there, as the mail about a promise allows, stays declined.
    """
    try:
        with transaction.atomic():
            if not _take_over(email, mailbox):
                return False
            Mailbox.objects.filter(pk=mailbox.pk).update(
                email=email, bounced_at=None, postal_address=postal_address
            )
    except IntegrityError:
        return False
    mailbox.email, mailbox.postal_address = email, postal_address
    return True


def _take_over(email: str, mailbox: Mailbox) -> bool:
    typed = Mailbox.objects.select_for_update().filter(email=email, confirmed_at=None).first()
    if typed is None or typed.pk == mailbox.pk:
        return True
    if not all(part.take_over(typed, mailbox) for part in all_parts()):
        transaction.set_rollback(True)
        return False
    mailbox.unwanted = sorted({*mailbox.unwanted, *typed.unwanted})
    mailbox.took_over = [*mailbox.took_over, typed.pk]
    mailbox.save(update_fields=["unwanted", "took_over"])
    carry_over(typed, mailbox)
    typed.delete()
    return True
