"""Writing single columns of a row that the caller has locked."""

from typing import Any

from django.db import models


def change(row: models.Model, **values: Any) -> None:
    """Set these values on `row` and write them, and no other column: what it was read with is left alone."""
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=values.keys())
