"""The one door of every free text: what may not be stored is refused before a row is written.

A column is named `app.Model.column`. Which columns are free texts, and what is asked of each, is declared
once (wirbrauchensie.free_texts); forms and models only say which column a text is for.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.deconstruct import deconstructible

Reasons = Callable[[str], list[str]]
_doors: dict[str, Reasons] = {}


def guard(doors: Mapping[str, Reasons]) -> None:
    """Say who judges each column: a function from a text to the reasons against it, in German."""
    _doors.update(doors)


@deconstructible
class FreeText:
    """A validator for forms and columns. Raises ValidationError with every reason against a text."""

    def __init__(self, column: str) -> None:
        self.column = column

    def __call__(self, value: Any) -> None:
        # A list was typed in one field: what its points tell together, it tells.
        is_list = isinstance(value, list) and all(isinstance(each, str) for each in value)
        between = ", " if is_list else "\n"
        reasons = _doors[self.column](between.join(_texts(value)))
        if reasons:
            # Of a list of mere texts the code would be lost.
            raise ValidationError([ValidationError(each, code="betrays_somebody") for each in reasons])


def _texts(value: Any) -> Iterable[str]:
    """Yield every text in a value, also of lists and JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, Iterable):
        for each in value:
            yield from _texts(each)
