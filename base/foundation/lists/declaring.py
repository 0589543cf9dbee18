"""What a list is: its columns, what it can be narrowed by, and where a typed word is looked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias, TypeVar

from django import forms
from django.db.models import Aggregate, F, Model, Q, QuerySet
from django.db.models.expressions import Case, OrderBy, Subquery
from django.utils.functional import Promise

from foundation.lists.searching import Word

Row = TypeVar("Row", bound=Model)
Words: TypeAlias = str | Promise
Looked: TypeAlias = Callable[[Word], Q]


@dataclass(frozen=True)
class Column(Generic[Row]):
    """`cell` is what a table that is taken away holds; `order` is by what the rows are put in order by it.

    Both hold only what the reader of this list may know: an order betrays what it is made of. `sums` are what
    `order` adds up from other tables: joined and added up once for all rows, where a subquery would be asked
    for each.
    """

    label: Words
    cell: Callable[[Row], object]
    order: tuple[str | Case | Subquery, ...] = ()
    is_numeric: bool = False
    sums: Mapping[str, Aggregate] = field(default_factory=dict)


@dataclass(frozen=True)
class Filter(Generic[Row]):
    """A field to choose by, and what its value leaves of the rows; it is asked for an empty value, too."""

    field: forms.Field
    narrow: Callable[[QuerySet[Row], Any], QuerySet[Row]]


def only(lookup: str) -> Callable[[QuerySet[Row], Any], QuerySet[Row]]:
    """Return what leaves the rows that have the chosen value at `lookup`; all if nothing is chosen."""

    def narrow(rows: QuerySet[Row], value: Any) -> QuerySet[Row]:
        return rows if value in ("", None) else rows.filter(**{lookup: value})

    return narrow


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """A list as one reader may ask it. `name` is its word in files and in the history.

    Without another wish the rows stand as they are handed in; `usual` tells how that is.
    """

    name: str
    columns: Mapping[str, Column[Row]]
    filters: Mapping[str, Filter[Row]]
    looked: Looked
    usual: Words

    def in_order(self, rows: QuerySet[Row], word: str) -> QuerySet[Row]:
        """Return `rows` in the order of that word."""
        return rows.annotate(**self.columns[word.removeprefix("-")].sums).order_by(*self.orders()[word])

    def orders(self) -> dict[str, list[OrderBy]]:
        """Return every order by its word in the address, a minus before it turns it round.

        Rows that are equal stand by their key, so that no page shows one twice or leaves one out.
        """
        found: dict[str, list[OrderBy]] = {}
        for name, column in self.columns.items():
            if column.order:
                parts = [F(part) if isinstance(part, str) else part for part in column.order]
                found[name] = [*(part.asc(nulls_last=True) for part in parts), F("pk").asc()]
                found[f"-{name}"] = [*(part.desc(nulls_last=True) for part in parts), F("pk").desc()]
        return found
