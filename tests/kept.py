"""Rows that many tests look at: made once for a module, and every test sees them untouched."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import transaction
from pytest_django import DjangoDbBlocker

Rows = TypeVar("Rows")


@contextmanager
def kept(make: Callable[[], Rows], blocker: DjangoDbBlocker) -> Iterator[Rows]:
    """Make the rows in a transaction that is rolled back at the end.

    The transaction of each test inside becomes a savepoint. A test that really commits has no place in such a
    module.
    """
    with blocker.unblock(), transaction.atomic():
        yield make()
        transaction.set_rollback(True)


@contextmanager
def taken_back() -> Iterator[None]:
    """Take back whatever is written inside, at once."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
