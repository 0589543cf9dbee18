"""What may be asked for in an address; a value that makes no sense is left out, never an error."""

from copy import deepcopy
from typing import Any, Self

from django import forms
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from foundation.lists.declaring import Listing

SEARCH, SORT = "q", "sort"


class FilterForm(forms.Form):
    """A form read from the query string."""

    method = "get"

    @classmethod
    def of(cls, query: QueryDict, **more: Any) -> Self:
        """Return a valid form of what makes sense in `query`."""
        form = cls(query, **more)
        if not form.is_valid():
            sensible = query.copy()
            for name in form.errors:
                sensible.pop(name, None)
            form = cls(sensible, **more)
            form.full_clean()
        return form

    @property
    def asks_for_something(self) -> bool:
        """True if any part of it is filled."""
        return any(value not in ("", None) for value in self.cleaned_data.values())


class ListForm(FilterForm):
    """Search, filters and order of one list."""

    q = forms.CharField(
        label=_("Suche"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    def __init__(self, data: QueryDict, *, listing: Listing[Any]) -> None:
        super().__init__(data)
        for name, each in listing.filters.items():
            self.fields[name] = field = deepcopy(each.field)
            if isinstance(field, forms.ChoiceField):
                choices: Any = field.choices
                field.choices = list(choices)  # read once for checking and drawing
        self.fields[SORT] = forms.ChoiceField(
            label=_("Reihenfolge"), required=False, choices=_orders(listing)
        )

    @property
    def is_narrowed(self) -> bool:
        """True if it leaves out rows: an order does not."""
        return any(value not in ("", None) for name, value in self.cleaned_data.items() if name != SORT)


def _orders(listing: Listing[Any]) -> list[tuple[str, Any]]:
    choices: list[tuple[str, Any]] = [("", listing.usual)]
    for name in listing.orders():
        label = listing.columns[name.removeprefix("-")].label
        way = _("absteigend") if name.startswith("-") else _("aufsteigend")
        choices.append((name, format_lazy("{}, {}", label, way)))
    return choices
