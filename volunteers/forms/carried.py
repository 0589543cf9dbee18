"""Answers of one screen that travel with the address to the next.

The first screens are asked by GET: back, reload and a second tab are harmless, nothing is kept on a server,
and no address holds anything that points to a person.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict

_TYPED_TIMES = [f"times_{day}_{end}" for day in range(7) for end in ("from", "to")]


def carried(query: QueryDict, *asked: Iterable[str]) -> list[tuple[str, str]]:
    """Return (name, value) of everything in `query` named in `asked`, empty answers left out."""
    names = [name for each in asked for name in each]
    names += _TYPED_TIMES if "times" in names else []
    return [(name, value) for name in names for value in query.getlist(name) if value]


def as_typed(asked: Mapping[str, forms.Field], query: QueryDict) -> dict[str, Any]:
    """Return the initial values that show what `query` answers to these fields, without judging it."""
    fields = asked.items()
    return {
        name: field.widget.value_from_datadict(query, {}, name)
        for name, field in fields
        if not field.widget.value_omitted_from_data(query, {}, name)
    }
