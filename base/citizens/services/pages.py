"""Opening "Meine Seite", by its own link or by one from before there was one page."""

from dataclasses import dataclass
from datetime import datetime

from citizens.access import subject_of
from citizens.domain.links import MY_PAGE
from citizens.models import Mailbox
from citizens.services.parts import OldLink, Part, all_parts
from citizens.services.steps import needs_step
from foundation.links import LinkNotValid


@dataclass(frozen=True)
class Opened:
    """A mailbox and the link it was opened by; an old link shows its own part only."""

    mailbox: Mailbox
    token: str
    issued_at: datetime
    only: str = ""

    def shows(self, part: str) -> bool:
        """Whether this link reaches that part."""
        return self.only in ("", part)

    @property
    def is_whole(self) -> bool:
        """Whether it is the owner's own link and reaches everything."""
        return not self.only

    def needs_step(self, now: datetime) -> bool:
        """Whether what cannot be undone takes a step by mail from here."""
        return needs_step(self.mailbox, self.issued_at, now)

    def parts(self) -> list[Part]:
        """Return the parts this link shows."""
        return [part for part in all_parts() if self.shows(part.name)]

    def filled_parts(self) -> list[Part]:
        """Return those of them that have something to show, as far as the row of the mailbox tells."""
        return [part for part in self.parts() if vars(self.mailbox).get(_mark(part), True)]


def open_page(token: str, now: datetime, *, part: str = "") -> Opened:
    """Return what `token` opens. Raises LinkNotValid (also when it does not reach `part`) or LinkExpired."""
    opened = _by_own_link(token, now)
    if part and not opened.shows(part):
        raise LinkNotValid
    return opened


def _by_own_link(token: str, now: datetime) -> Opened:
    try:
        subject = subject_of(MY_PAGE, token, now)
    except LinkNotValid:
        return _by_old_link(token, now)
    marks = {_mark(part): part.holds() for part in all_parts() if part.holds}
    mailbox = Mailbox.objects.annotate(**marks).filter(pk=subject.pk).first()
    if mailbox is None:
        raise LinkNotValid
    subject.check(mailbox)
    return Opened(mailbox, token, subject.issued_at)


def _mark(part: Part) -> str:
    return f"holds_{part.name}"


def _by_old_link(token: str, now: datetime) -> Opened:
    for part in all_parts():
        if part.old_link is not None:
            try:
                return _read_old(part.name, part.old_link, token, now)
            except LinkNotValid:
                continue
    raise LinkNotValid


def _read_old(part: str, link: OldLink, token: str, now: datetime) -> Opened:
    subject = subject_of(link.kind, token, now)
    mailbox = link.mailbox_of(subject.pk)
    if mailbox is None:
        raise LinkNotValid
    subject.check(mailbox)
    return Opened(mailbox, token, subject.issued_at, only=part)
