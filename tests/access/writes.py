"""What a request writes into the database, whatever way it takes there."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

_WRITE = re.compile(r"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.IGNORECASE)
OWN_BUSINESS = {"accounts_session", "foundation_tokenbucket", "foundation_cache"}


@contextmanager
def recorded_writes() -> Iterator[list[str]]:
    """Collect the tables written to, but for sessions and the buckets of the limits."""
    tables: list[str] = []

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found = _WRITE.match(sql)
        if found and found[1] not in OWN_BUSINESS:
            tables.append(found[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield tables
