"""One page of a list, and how its heads lead to another order."""

from dataclasses import dataclass
from typing import Any, Generic

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict

from foundation.lists.declaring import Listing, Row, Words
from foundation.lists.forms import SEARCH, SORT, ListForm
from foundation.lists.searching import words_in

ROWS_PER_PAGE = 20
MOST_COUNTED = 10_000
"""A count reads every row it counts; beyond this nobody turns pages, one narrows."""


class BoundedPaginator(Paginator):
    """Counts and pages at most the first `MOST_COUNTED` rows.

    `keys` are those of the rows in their order, at most one more than are counted. What a page shows of a row
    is read for its rows alone, instead of being put together and sorted for all of them.
    """

    def __init__(self, rows: QuerySet[Any], keys: list[Any]) -> None:
        super().__init__(keys[:MOST_COUNTED], ROWS_PER_PAGE)
        self._rows = rows
        self.is_cut = len(keys) > MOST_COUNTED

    def page(self, number: int | str) -> Page:
        """Return that page; a row that went in between is left out."""
        keys = super().page(number)
        rows = {row.pk: row for row in self._rows.filter(pk__in=list(keys)).order_by()}
        return Page([rows[key] for key in keys if key in rows], keys.number, self)


def _keys_of(rows: QuerySet[Any]) -> list[Any]:
    return list(rows.values_list("pk", flat=True)[: MOST_COUNTED + 1])


@dataclass(frozen=True)
class Head:
    """The head of the column `name`: `turn` is the order a click on it asks for, "" where there is none."""

    name: str
    label: Words
    turn: str
    aria_sort: str
    is_numeric: bool


@dataclass(frozen=True)
class Asked(Generic[Row]):
    """A list with what somebody asks of it; `is_alike` when it holds what is only spelled alike.

    `keys` are those of its rows where they are known already, because words were looked for.
    """

    listing: Listing[Row]
    form: ListForm
    rows: QuerySet[Row]
    is_alike: bool
    keys: list[Any] | None = None

    @property
    def heads(self) -> list[Head]:
        """The heads of the table."""
        asked = self.form.cleaned_data[SORT]
        return [self._head(name, asked) for name in self.listing.columns]

    def _head(self, name: str, asked: str) -> Head:
        column = self.listing.columns[name]
        direction = {name: "ascending", f"-{name}": "descending"}.get(asked, "")
        turn = (f"-{name}" if asked == name else name) if column.order else ""
        return Head(name, column.label, turn, direction, column.is_numeric)

    @property
    def is_filtered(self) -> bool:
        """Whether rows are left out."""
        return self.form.is_narrowed

    def page(self, number: str | None) -> Page:
        """Return that page; the first or last for a number that makes no sense."""
        keys = _keys_of(self.rows) if self.keys is None else self.keys
        return BoundedPaginator(self.rows, keys).get_page(number)


def asked_of(listing: Listing[Row], rows: QuerySet[Row], query: QueryDict) -> Asked[Row]:
    """Return what `query` asks of `rows`, all that the reader may see.

    Words are looked for as they are written; only if that finds nothing, also for what is spelled alike.
    """
    form = ListForm.of(query, listing=listing)
    wanted: dict[str, Any] = form.cleaned_data
    for name, each in listing.filters.items():
        rows = each.narrow(rows, wanted[name])
    if wanted[SORT]:
        rows = listing.in_order(rows, wanted[SORT])
    if not wanted[SEARCH]:
        return Asked(listing, form, rows, is_alike=False)
    found, keys = _found(listing, rows, wanted[SEARCH], is_lenient=False)
    if keys:
        return Asked(listing, form, found, is_alike=False, keys=keys)
    alike, keys = _found(listing, rows, wanted[SEARCH], is_lenient=True)
    return Asked(listing, form, alike, is_alike=True, keys=keys)


def _found(
    listing: Listing[Row], rows: QuerySet[Row], typed: str, *, is_lenient: bool
) -> tuple[QuerySet[Row], list[Any]]:
    for word in words_in(typed, is_lenient=is_lenient):
        rows = rows.filter(listing.looked(word))
    return rows, _keys_of(rows)
