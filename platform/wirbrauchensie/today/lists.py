"""The list of one reader: the numbers, the soonest of all kinds, and all of one kind. Bounded reads only."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from wirbrauchensie.today.kinds import Kind, Reader, Row, Things
from wirbrauchensie.today.registry import kinds_for

SHOWN = 20
"""So many rows stand on the first page; each kind has a list of its own for the rest."""

ROWS_PER_PAGE = 20
KIND, STANDS_IN, OPEN = "art", "vertretung", "offen"


@dataclass(frozen=True)
class Waiting:
    """A kind, how many of it wait, and the first of them if they were read; `url` is the list of these."""

    kind: Kind
    count: int
    first: Sequence[Any]
    stands_in: bool = False

    @property
    def url(self) -> str:
        more = {STANDS_IN: "1"} if self.stands_in else {}
        return reverse("coordination", query={KIND: self.kind.slug, **more})


@dataclass(frozen=True)
class Place:
    """A list as it was asked for: its address, with no row opened, and the key of the row to open, or ""."""

    address: str
    opened: str = ""

    def at(self, key: str) -> str:
        """Return the address of the row `key`."""
        return f"{self.address}#{key}"

    def opening(self, key: str) -> str:
        """Return the address of the row `key`, opened."""
        return f"{self.address}{'&' if '?' in self.address else '?'}{urlencode({OPEN: key})}#{key}"


def place_of(path: str, asked: QueryDict) -> Place:
    """Return the list at `path` with the other parameters it was asked for with."""
    others = asked.copy()
    opened = others.pop(OPEN, [""])[-1]
    return Place(f"{path}?{others.urlencode()}" if others else path, opened)


@dataclass(frozen=True)
class Shown:
    """A row as it stands on a page: `back` is the anchor to return to when it is done and gone.

    `opens` and `closes` are the addresses of the list with the row opened or not; `facts` are those of an
    opened row, None for a closed one.
    """

    kind: Kind
    row: Row
    is_late: bool
    back: str
    form: Form | None
    opens: str
    closes: str
    facts: dict[str, Any] | None


def waiting_for(reader: Reader, now: datetime) -> list[Waiting]:
    """Return how many of each kind wait; nothing that is at zero."""
    return _waiting(reader, now, lambda things: (_count(things), ()))


def waiting_with_rows(reader: Reader, now: datetime) -> list[Waiting]:
    """Return the same with the first `SHOWN` of each kind; where there are no more, reading counts them."""

    def read(things: Things) -> tuple[int, Sequence[Any]]:
        first = list(things[:SHOWN])
        return (len(first) if len(first) < SHOWN else _count(things)), first

    return _waiting(reader, now, read)


def _waiting(
    reader: Reader, now: datetime, read: Callable[[Things], tuple[int, Sequence[Any]]]
) -> list[Waiting]:
    found = ((kind, read(kind.waiting(reader, now))) for kind in kinds_for(reader))
    return [Waiting(kind, count, first, reader.stands_in) for kind, (count, first) in found if count]


def soonest(reader: Reader, waiting: Sequence[Waiting], now: datetime, place: Place) -> list[Shown]:
    """Return the first `SHOWN` rows of all kinds together, read with them, soonest due first.

    What is due at the same moment stands kind by kind, each in the order of its own list.
    """
    for each in waiting:
        each.kind.prepare(reader, each.first)
    rows = [(each.kind, each.kind.row(reader, thing, now), thing) for each in waiting for thing in each.first]
    rows.sort(key=lambda line: line[1].due_at)
    return list(_shown(reader, rows[:SHOWN], now, place))


def page_of(reader: Reader, kind: Kind, number: str | None, now: datetime) -> Page:
    """Return one page of all that waits of `kind`; a number beyond the last gives the last."""
    return Paginator(kind.waiting(reader, now), ROWS_PER_PAGE).get_page(number)


def rows_of(reader: Reader, kind: Kind, page: Page, now: datetime, place: Place) -> list[Shown]:
    """Return the rows of that page."""
    things = list(page)
    kind.prepare(reader, things)
    lines = [(kind, kind.row(reader, thing, now), thing) for thing in things]
    return list(_shown(reader, lines, now, place))


def _shown(
    reader: Reader, rows: Sequence[tuple[Kind, Row, Any]], now: datetime, place: Place
) -> Iterator[Shown]:
    """Who has done a row goes on with the next one, with the one before after the last."""
    anchors = [row.key for _kind, row, _thing in rows]
    for number, (kind, row, thing) in enumerate(rows):
        near = anchors[number + 1 : number + 2] or anchors[max(number - 1, 0) : number] or ["liste"]
        form = kind.form(reader, thing, now) if kind.form else None
        is_late = row.until is not None and row.due_at <= now
        facts = row.opening.facts() if row.opening and row.key == place.opened else None
        opens, closes = place.opening(row.key), place.at(row.key)
        yield Shown(kind, row, is_late, place.at(near[0]), form, opens, closes, facts)


def _count(things: Things) -> int:
    return things.count() if isinstance(things, QuerySet) else len(things)
