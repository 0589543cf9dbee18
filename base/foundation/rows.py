"""Locking rows, and writing single columns of one that is locked."""

from typing import Any, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


def locked_first(rows: models.QuerySet[Row]) -> models.QuerySet[Row]:
    """Lock these rows until the end of the transaction, by their keys in order; return them to be read then.

    Who locks and joins in one statement and has to wait sees the row as it became, but what it refers to as
    that was before, or not at all.
    """
    list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk"))
    return rows


def change(row: models.Model, **values: Any) -> None:
    """Set these values on `row` and write them, and no other column: what it was read with is left alone."""
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=values.keys())
