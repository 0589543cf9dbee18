"""Finding rows in whose JSON somebody's words stand."""

import json
from collections.abc import Collection
from typing import TypeVar

from django.db.models import Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

M = TypeVar("M", bound=Model)


def as_json(phrase: str) -> str:
    """Return `phrase` as it stands within the text of a JSON value."""
    return json.dumps(phrase, ensure_ascii=False)[1:-1]


def holding(rows: QuerySet[M], column: str, phrases: Collection[str]) -> QuerySet[M]:
    """Return those of `rows` in whose JSON `column` one of `phrases` stands."""
    if not phrases:
        return rows.none()
    told = Q()
    for phrase in phrases:
        told |= Q(words__contains=as_json(phrase))
    return rows.alias(words=Cast(column, TextField())).filter(told)  # type: ignore[return-value]
