"""What the apps above know of the person behind a mailbox.

They register, so that neither this app nor they themselves need to know each other.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Exists
from django.http import QueryDict

from citizens.domain.addresses import as_sent
from citizens.domain.links import LinkKind
from citizens.models import Mailbox
from outbox.domain.catalogue import MailKind


class NotNow(Exception):
    """Something outside the house cannot be ended just now, so nothing was done; the text says so plainly."""


@dataclass(frozen=True)
class Section:
    """One app's share of "Meine Seite": a template and what it shows."""

    template: str
    context: Mapping[str, Any]


@dataclass(frozen=True)
class OldLink:
    """A kind of link from before there was one page: it opens one part, found through the app's own row."""

    kind: LinkKind
    mailbox_of: Callable[[int], Mailbox | None]


class Preferences(Protocol):
    """One app's share of the settings: a form that knows how to store what it says."""

    def is_valid(self) -> bool: ...

    def save(self) -> None: ...


@dataclass(frozen=True)
class Part:
    """One app's knowledge of people.

    `section` returns None when there is nothing to show, and is not asked where `holds`, read in the query of
    the mailbox itself (`OuterRef("pk")`), finds nothing; `knows` whether the owner may ask for the link;
    `data` what the owner may take along (Art. 15, 20 DSGVO); `let_go` ends what runs outside the house and
    raises NotNow; `words` are names by which the history could know the person; `minors` first and family
    name (which may be empty) of each confirmed person below 18; `erase` empties the rows inside the
    transaction of the erasure; `preferences` its form in the settings, filled with what was sent, or None.
    `take_over` gives what was typed for an address, and confirmed by nobody, to the mailbox that moves there;
    False if somebody acts there already.
    `links` are the kinds the owner can make void on their own, with their names; `notices` the texts that its
    acts leave on the page. `asks_again` mails anew, by the purpose of their link, what is open and can be
    answered by that link alone, because it became void. `link_kinds` are all the kinds of links that stand in
    its mails.
    """

    name: str
    section: Callable[[Mailbox, str, datetime], Section | None]
    knows: Callable[[Mailbox], bool]
    data: Callable[[Mailbox], Mapping[str, Any]]
    erase: Callable[[Mailbox, datetime], None]
    words: Callable[[Mailbox], Collection[str]] = lambda _mailbox: ()
    minors: Callable[[Mailbox], Collection[tuple[str, str]]] = lambda _mailbox: ()
    holds: Callable[[], Exists] | None = None
    let_go: Callable[[Mailbox, datetime], None] = lambda _mailbox, _now: None
    take_over: Callable[[Mailbox, Mailbox], bool] = lambda _typed, _to: True
    preferences: Callable[[Mailbox, QueryDict | None], Preferences | None] = lambda _mailbox, _sent: None
    old_link: OldLink | None = None
    link_kinds: tuple[LinkKind, ...] = ()
    links: Mapping[str, Any] = field(default_factory=dict)
    mail_kinds: tuple[MailKind, ...] = ()
    notices: Mapping[str, Any] = field(default_factory=dict)
    asks_again: Mapping[str, Callable[[Mailbox, datetime], None]] = field(default_factory=dict)


_parts: dict[str, Part] = {}


def register(part: Part) -> None:
    """Make `part` known; registered again it replaces itself."""
    _parts[part.name] = part


def all_parts() -> list[Part]:
    """Return every part, time before money."""
    return sorted(_parts.values(), key=lambda part: part.name, reverse=True)


def ask_again(mailbox: Mailbox, now: datetime, *purposes: str) -> None:
    """Mail anew what waits behind links that became void, of these purposes or of all."""
    for part in all_parts():
        for purpose, ask in part.asks_again.items():
            if not purposes or purpose in purposes:
                ask(mailbox, now)


def asked_again() -> set[str]:
    """Return the purposes of links that are mailed anew when they became void."""
    return {purpose for part in all_parts() for purpose in part.asks_again}


def link_kinds() -> list[LinkKind]:
    """Return the kinds of links that stand in mails of the apps above."""
    return [kind for part in all_parts() for kind in part.link_kinds]


def is_known(mailbox: Mailbox) -> bool:
    """Whether there is anything behind this mailbox that its owner could see."""
    return mailbox.erased_at is None and any(part.knows(mailbox) for part in all_parts())


def minors_at(typed: str) -> list[tuple[str, str]]:
    """Return first and family names of the confirmed people below 18 at an address, however it is written."""
    mailbox = Mailbox.objects.filter(email=as_sent(typed)).first()
    if mailbox is None:
        return []
    return [name for part in all_parts() for name in part.minors(mailbox)]


def optional_mails() -> list[MailKind]:
    """Return the kinds of mail that can be declined."""
    return [kind for part in all_parts() for kind in part.mail_kinds]
