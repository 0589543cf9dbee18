"""An empty database next to the one that is configured, on servers of the benchmark where none are named."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from workshop.runner.configuration import needed_servers
from workshop.runner.place import RUN
from workshop.runner.servers import ensure_servers


@contextmanager
def fresh_database() -> Iterator[None]:
    """Set Django up and let it use an empty database, until the block ends.

    It is migrated, unless MIGRATED_DATABASE names one that is: then it is a copy.
    """
    needed = needed_servers(os.environ)
    if needed:
        os.environ |= ensure_servers(RUN / "bench", needed=needed).environment(needed=needed)
    import django

    django.setup()
    from django.db import connection

    configured = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"bench_{configured}"[:63]  # tests may run beside it
    connection.settings_dict["TEST"]["TEMPLATE"] = os.environ.get("MIGRATED_DATABASE")
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(configured, verbosity=0)
