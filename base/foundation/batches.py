"""Changing many rows a batch at a time: each batch is a short transaction, and what is done stays done."""

from typing import Any

from django.db.models import Model, QuerySet

BATCH = 2000


def update_in_batches(rows: QuerySet[Any], values: dict[str, Any], *, batch: int = BATCH) -> int:
    """Update `rows` and return how many. A row that was updated must not belong to `rows` any more."""
    done = 0
    while ids := _some(rows, batch):
        done += rows.filter(pk__in=ids).update(**values)
    return done


def delete_in_batches(rows: QuerySet[Any], *, batch: int = BATCH) -> int:
    """Delete `rows` and return how many of them went, without what went along."""
    model: type[Model] = rows.model
    done = 0
    while ids := _some(rows, batch):
        done += rows.filter(pk__in=ids).delete()[1].get(model._meta.label, 0)
    return done


def _some(rows: QuerySet[Any], batch: int) -> list[Any]:
    return list(rows.order_by().values_list("pk", flat=True)[:batch])
