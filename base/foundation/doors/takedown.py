"""What once stood in a text that was taken down goes from the history; that it was changed stays."""

from collections.abc import Collection
from typing import Any

from django.db import models

from foundation.doors.opening import opened
from foundation.history import lines_of
from foundation.models import Event


def values_told(row: models.Model, columns: Collection[str]) -> list[Any]:
    """Return every value, before and after, that the history tells of these columns of `row`."""
    lines = lines_of(row).filter(changes__has_any_keys=list(columns))
    return [
        value
        for changes in lines.values_list("changes", flat=True)
        for column in columns
        for value in (changes or {}).get(column, ())
    ]


def forget_values(row: models.Model, columns: Collection[str]) -> int:
    """Drop these columns from every line about `row`; return how many lines told of them.

    Who changed something, and when, stays.
    """
    wanted = set(columns)
    lines = lines_of(row).filter(changes__has_any_keys=sorted(wanted))
    with opened("erasure"):
        for line in lines:
            kept = {name: values for name, values in (line.changes or {}).items() if name not in wanted}
            Event.objects.filter(pk=line.pk).update(changes=kept or None)
    return len(lines)
