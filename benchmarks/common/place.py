"""Servers and an empty database of its own for a benchmark."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from workshop.runner.configuration import needed_servers
from workshop.runner.place import ROOT, RUN
from workshop.runner.servers import ensure_servers


@contextmanager
def fresh_database(**more: str) -> Iterator[None]:
    """Set Django up for this process and its children, and let both use an empty database.

    It lies beside the one that is configured, on servers of the benchmark where none are named, and is gone
    at the end, also when the process is asked to end. It is migrated, unless MIGRATED_DATABASE names one that
    is: then it is a copy. `more` joins the environment.
    """
    _set_environment(more)
    signal.signal(signal.SIGTERM, lambda *_about: sys.exit(128 + signal.SIGTERM))
    import django

    django.setup()
    from django.db import connection

    settings = connection.settings_dict
    settings["OPTIONS"]["options"] = re.sub(
        r"statement_timeout=\d+", "statement_timeout=0", settings["OPTIONS"]["options"]
    )
    configured = settings["NAME"]
    settings["TEST"]["NAME"] = f"bench_{configured}"[:63]  # tests may run beside it
    settings["TEST"]["TEMPLATE"] = os.environ.get("MIGRATED_DATABASE")
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    before = os.environ["DATABASE_URL"]
    os.environ["DATABASE_URL"] = before.rpartition("/")[0] + "/" + name
    try:
        yield
    finally:
        os.environ["DATABASE_URL"] = before
        connection.creation.destroy_test_db(configured, verbosity=0)


def _set_environment(more: dict[str, str]) -> None:
    needed = needed_servers(os.environ)
    addresses = ensure_servers(RUN / "bench", needed=needed).environment(needed=needed) if needed else {}
    os.environ |= {
        **addresses,
        "DJANGO_SETTINGS_MODULE": "wirbrauchensie.settings",
        "PYTHONPATH": os.pathsep.join(map(str, [ROOT, ROOT / "platform", ROOT / "base"])),
        **more,
    }
