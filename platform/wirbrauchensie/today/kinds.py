"""What can wait for somebody: one kind is one rule, the words of its rows, and who it is for.

A new kind is a `Kind` in a module beside this one and one line in `registry.KINDS`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeAlias

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form
from django.utils.functional import Promise

from accounts.models import User
from programs.access import Role, sees_whole_city
from programs.selectors.city_words import city_words
from wirbrauchensie.dashboard.navigation import roles_of

Things: TypeAlias = QuerySet[Any] | Sequence[Any]
Words: TypeAlias = str | Promise


@dataclass(frozen=True)
class Reader:
    """Who looks at the list, in which roles."""

    user: User
    roles: frozenset[str]
    sees_city: bool

    @property
    def coordinates(self) -> bool:
        """Whether they coordinate for any provider."""
        return Role.COORDINATOR in self.roles

    @cached_property
    def city_words(self) -> frozenset[str]:
        """The words of the city's names, read once for all texts on the page."""
        return city_words()


def reader_of(user: User | AnonymousUser) -> Reader:
    """Return the reader. Raises PermissionDenied for somebody without any role."""
    roles = frozenset(roles_of(user))
    if not roles or not isinstance(user, User):
        raise PermissionDenied
    return Reader(user, roles, sees_whole_city(user))


@dataclass(frozen=True)
class Row:
    """One thing that waits: who, what, since when, and until when it is in time.

    `due_at` orders the list; what has no promised end is due since it is there, and then `until` is None.
    `url` is where more stands, "" for nowhere; `action` tells what is done there. `about` is the row itself.
    """

    key: str
    who: str
    what: str
    due_at: datetime
    since: date | None = None
    until: date | None = None
    url: str = ""
    action: str = ""
    about: Any = None


@dataclass(frozen=True)
class Kind:
    """`slug` is its word in the address; `waiting` returns what waits, soonest due first; `template` is what
    is done where the row stands, with the form that `form` makes for it.
    """

    slug: str
    title: Words
    text: Words
    icon: str
    is_for: Callable[[Reader], bool]
    waiting: Callable[[Reader, datetime], Things]
    row: Callable[[Reader, Any, datetime], Row]
    template: str = "dashboard/today/_link.html"
    form: Callable[[Reader, Any, datetime], Form] | None = None
