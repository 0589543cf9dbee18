"""What can wait for somebody: one kind is one rule, the words of its rows, and who it is for.

A new kind is a `Kind` in a module beside this one and one line in `registry.KINDS`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeAlias

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.forms import Form
from django.utils.functional import Promise

from accounts.models import User
from programs.access import Role, houses_of, sees_whole_city
from programs.models import Membership, Provider
from programs.selectors.city_words import city_words
from programs.selectors.duty import left_alone, looked_after_by_others
from wirbrauchensie.dashboard.navigation import held_by

Things: TypeAlias = QuerySet[Any] | Sequence[Any]
Words: TypeAlias = str | Promise


@dataclass(frozen=True)
class Reader:
    """Who looks at the list, in which roles."""

    user: User
    roles: frozenset[str]
    sees_city: bool
    today: date
    is_deputy: bool = False
    stands_in: bool = False

    def resting(self, role: str = Role.COORDINATOR) -> QuerySet[Provider]:
        """The providers where the reader is a deputy in `role` and somebody else is there today."""
        if self.stands_in or not self.is_deputy:
            return Provider.objects.none()
        return looked_after_by_others(self.user, role, self.today)

    @cached_property
    def houses(self) -> QuerySet[Provider]:
        """Whose coordination is the reader's work today."""
        mine = Q(pk__in=houses_of(self.user)) & ~Q(pk__in=self.resting())
        if self.sees_city:
            mine |= Q(pk__in=left_alone(Role.COORDINATOR, self.today))
        return Provider.objects.filter(mine)

    def own_work(self) -> Q:
        """Return a filter for rows whose provider's texts the reader reads today: for the whole city all."""
        if self.sees_city:
            return ~Q(provider__in=self.resting())
        return Q(provider__in=self.houses)

    @property
    def rests(self) -> bool:
        """Whether some of what the reader may do is others' work today."""
        return self.is_deputy and any(self.resting(role).exists() for role in self.roles)

    @property
    def coordinates(self) -> bool:
        """Whether they coordinate for any provider."""
        return Role.COORDINATOR in self.roles

    @cached_property
    def city_words(self) -> frozenset[str]:
        """The words of the city's names, read once for all texts on the page."""
        return city_words()


def reader_of(user: User | AnonymousUser, today: date, *, stands_in: bool = False) -> Reader:
    """Return the reader; with `stands_in` a deputy sees what is others' work today, too.

    Raises PermissionDenied for somebody without any role.
    """
    held = held_by(user)
    if not held or not isinstance(user, User):
        raise PermissionDenied
    roles, is_deputy = frozenset(each.role for each in held), any(each.is_deputy for each in held)
    reader = Reader(user, roles, sees_whole_city(user), today, is_deputy, stands_in)
    rests_at_office = reader.resting().filter(is_youth_office=True).exists() if is_deputy else False
    return replace(reader, sees_city=False) if rests_at_office and not user.is_superuser else reader


@dataclass(frozen=True)
class Opening:
    """What is decided in a row that was opened: `template`, shown with `facts`, which are read only then."""

    template: str
    facts: Callable[[], dict[str, Any]]


@dataclass(frozen=True)
class Row:
    """One thing that waits: who, what, since when, and until when it is in time.

    `due_at` orders the list; what has no promised end is due since it is there, and then `until` is None.
    `url` is where more stands, "" for nowhere; `action` tells what is done there. `about` is the row itself.
    `opening` is for a row whose decision needs reads of its own: one of a page is opened at a time.
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
    opening: Opening | None = None


@dataclass(frozen=True)
class Kind:
    """`slug` is its word in the address; `waiting` returns what waits, soonest due first; `template` is what
    is done where the row stands, with the form that `form` makes for it. `prepare` reads for all rows of a
    page together what they show beside that. `on_record` is the role in which it is written down that
    somebody has looked at what its rows are about, None where that is not.
    """

    slug: str
    title: Words
    text: Words
    icon: str
    is_for: Callable[[Reader], bool]
    waiting: Callable[[Reader, datetime], Things]
    row: Callable[[Reader, Any, datetime], Row]
    template: str = "dashboard/today/_link.html"
    form: Callable[[Reader, Any, datetime], Form | None] | None = None
    prepare: Callable[[Reader, Sequence[Any]], None] = lambda _reader, _things: None
    on_record: Membership.Role | None = None
