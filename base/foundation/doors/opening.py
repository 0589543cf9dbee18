from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def opened(door: str) -> Iterator[None]:
    """Open `door` of the history inside this block; the database refuses doors that it does not know."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT foundation_open_door(%s)", [door])
        yield
        cursor.execute("SELECT foundation_close_door()")
