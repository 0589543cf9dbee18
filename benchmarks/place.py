"""Servers and an empty database of its own for a benchmark."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from workshop.runner.configuration import needed_servers
from workshop.runner.place import ROOT, RUN
from workshop.runner.servers import ensure_servers

FOLDER = RUN / "bench"


def set_environment(**more: str) -> None:
    """Let this process and its children use the product's settings, and servers that nobody else uses."""
    needed = needed_servers(os.environ)
    addresses = ensure_servers(FOLDER, needed=needed).environment(needed=needed) if needed else {}
    os.environ |= {
        **addresses,
        "DJANGO_SETTINGS_MODULE": "wirbrauchensie.settings",
        "PYTHONPATH": os.pathsep.join(map(str, [ROOT, ROOT / "platform", ROOT / "base"])),
        **more,
    }


@contextmanager
def database() -> Iterator[None]:
    """Make an empty database next to the one that is configured, for this process and its children.

    It is migrated, unless MIGRATED_DATABASE names one that is: then it is a copy.
    """
    from django.db import connection

    options = connection.settings_dict["OPTIONS"]
    options["options"] = re.sub(r"statement_timeout=\d+", "statement_timeout=0", options["options"])
    connection.settings_dict["TEST"]["TEMPLATE"] = os.environ.get("MIGRATED_DATABASE")
    configured = connection.settings_dict["NAME"]
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    before = os.environ["DATABASE_URL"]
    os.environ["DATABASE_URL"] = before.rpartition("/")[0] + "/" + name
    try:
        yield
    finally:
        os.environ["DATABASE_URL"] = before
        connection.creation.destroy_test_db(configured, verbosity=0)
