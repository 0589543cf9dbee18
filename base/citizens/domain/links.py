"""Kinds of signed links: what each is for and how long it works.

The apps above declare their own kinds beside these. A link is narrow: it opens its own subject, and the page
behind it never holds a link that opens more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from citizens.domain.address_changes import CONFIRMED_WITHIN, STOPPED_BY_LETTER, STOPPED_WITHIN

FRESH_FOR = timedelta(minutes=60)


@dataclass(frozen=True)
class LinkKind:
    """A purpose that no other link can serve, and how long a link of it works."""

    purpose: str
    valid_for: timedelta


MY_PAGE = LinkKind("my_page", timedelta(days=180))
ASK_FOR_PAGE = LinkKind("ask_for_page", timedelta(days=2))
ERASE = LinkKind("erase", FRESH_FOR)
CONFIRM_ADDRESS = LinkKind("confirm_address", CONFIRMED_WITHIN)
STOP_ADDRESS = LinkKind("stop_address", STOPPED_WITHIN)
STOP_ADDRESS_BY_LETTER = LinkKind(STOP_ADDRESS.purpose, STOPPED_BY_LETTER)
UNSUBSCRIBE = LinkKind("unsubscribe", timedelta(days=730))  # outlives what lies unread


def unsubscribe_kind(name: str) -> LinkKind:
    """Return the kind of link that declines the optional mails called `name`, and no others."""
    return LinkKind(f"{UNSUBSCRIBE.purpose}.{name}", UNSUBSCRIBE.valid_for)


def is_fresh(issued_at: datetime, now: datetime) -> bool:
    """Whether a link was sent so lately that whoever opens it has the mailbox at hand."""
    return now - issued_at < FRESH_FOR
