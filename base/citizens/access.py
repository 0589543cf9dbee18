"""Who may do what by link: the one way from a token to what it stands for."""

from dataclasses import dataclass
from datetime import datetime

from citizens.domain.links import LinkKind
from citizens.models import Mailbox
from foundation.links import LinkNotValid, read_dated

_FIRST_VERSION = 1


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


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise LinkNotValid
    return int(text)
