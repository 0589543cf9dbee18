"""Who may do what by link: the one way from a token to what it stands for."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from citizens.domain.links import CONFIRM_ADDRESS, STOP_ADDRESS, LinkKind
from citizens.models import AddressChange, Mailbox
from foundation.links import LinkExpired, LinkNotValid, LinkUsed, read_dated

_FIRST_VERSION = 1
_UNREACHABLE: ContextVar[set[int] | None] = ContextVar("unreachable", default=None)


@contextmanager
def noting_unreachable() -> Iterator[set[int]]:
    """Give the keys of the mailboxes, noted as unreachable, of which a link is opened meanwhile."""
    found: set[int] = set()
    before = _UNREACHABLE.set(found)
    try:
        yield found
    finally:
        _UNREACHABLE.reset(before)


@dataclass(frozen=True)
class Subject:
    """What a genuine token says: which row, in which version, sent when."""

    kind: LinkKind
    pk: int
    version: int
    issued_at: datetime

    def check(self, mailbox: Mailbox) -> None:
        """Raise LinkNotValid if the link was revoked since, or its mailbox erased."""
        if mailbox.erased_at is not None or self.version != mailbox.version_of(self.kind.purpose):
            raise LinkNotValid(self.kind.purpose)
        unreachable = _UNREACHABLE.get()
        if unreachable is not None and mailbox.bounced_at is not None and self.kind != CONFIRM_ADDRESS:
            unreachable.add(mailbox.pk)


def subject_of(kind: LinkKind, token: str, now: datetime, *, even_if_over: bool = False) -> Subject:
    """Return what `token` stands for; links from before versions count as the first.

    The caller finds the row and lets `check` see its mailbox. `even_if_over` is for offering a new link only.
    Raises LinkNotValid or LinkExpired.
    """
    text, ends_at = read_dated(kind.purpose, token, now=now, even_if_over=even_if_over)
    pk, separator, version = text.partition(".")
    return Subject(
        kind, _number(pk), _number(version) if separator else _FIRST_VERSION, ends_at - kind.valid_for
    )


def access_mailbox(kind: LinkKind, token: str, now: datetime) -> Mailbox:
    """Return the mailbox of a link whose subject is a mailbox. Raises LinkNotValid or LinkExpired."""
    subject = subject_of(kind, token, now)
    mailbox = Mailbox.objects.filter(pk=subject.pk).first()
    if mailbox is None:
        raise LinkNotValid(kind.purpose)
    subject.check(mailbox)
    return mailbox


def access_mailbox_to_decline(kind: LinkKind, token: str, now: datetime) -> tuple[Mailbox | None, bool]:
    """Return where `token` declines mails of its kind, and whether it may take that back too.

    The version of the links is not asked, for an old mail must decline still (RFC 8058): such a link does
    that and no more. The mailbox may be one that took over the one it was for; it is None if nothing is
    written to anybody there any more. Raises LinkNotValid or LinkExpired.
    """
    subject = subject_of(kind, token, now)
    mailbox = _mailbox_of_now(subject.pk)
    if mailbox is None or mailbox.erased_at is not None:
        return None, False
    try:
        subject.check(mailbox)
    except LinkNotValid:
        return mailbox, False
    return mailbox, mailbox.pk == subject.pk


def _mailbox_of_now(pk: int) -> Mailbox | None:
    found = Mailbox.objects.filter(pk=pk).first()
    return found or Mailbox.objects.filter(took_over__contains=[pk]).first()


def access_address_to_confirm(token: str, now: datetime) -> AddressChange:
    """Return the change that the new address is asked to confirm.

    Raises LinkNotValid, LinkUsed where it is written to since, or LinkExpired.
    """
    subject = subject_of(CONFIRM_ADDRESS, token, now)
    change = _change(subject)
    if change.is_moved:
        raise LinkUsed(CONFIRM_ADDRESS.purpose)
    subject.check(change.mailbox)
    if change.status != AddressChange.Status.ASKED:
        raise LinkNotValid(CONFIRM_ADDRESS.purpose)
    return change


def access_address_to_stop(token: str, now: datetime) -> AddressChange:
    """Return the change that the old address may end, it or one asked after it being open still.

    The version of the links is not asked: whoever moved the mailbox made the others void, this one must
    outlive that. Raises LinkNotValid, LinkUsed where all of them have ended, or LinkExpired, as where
    the move is for good by now.
    """
    change = _change(subject_of(STOP_ADDRESS, token, now))
    if not change.and_later_open().exists():
        if change.status == AddressChange.Status.SETTLED:
            raise LinkExpired(STOP_ADDRESS.purpose)
        raise LinkUsed(STOP_ADDRESS.purpose)
    return change


def _change(subject: Subject) -> AddressChange:
    found = AddressChange.objects.select_related("mailbox").filter(pk=subject.pk, mailbox__erased_at=None)
    change = found.first()
    if change is None:
        raise LinkNotValid(subject.kind.purpose)
    return change


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise LinkNotValid
    return int(text)
