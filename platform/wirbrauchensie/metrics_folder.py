"""Where the web processes of one server count together, so that whoever is asked tells the sum.

Must be said before prometheus_client is imported: from then on each process counts in a file of its own here.
"""

import os
import shutil
import tempfile

_NAME = "PROMETHEUS_MULTIPROC_DIR"


def open_anew() -> None:
    """Make an empty folder for the counters of the processes that are about to start."""
    os.environ[_NAME] = tempfile.mkdtemp(prefix="wbs-metrics-")


def is_used() -> bool:
    """Tell whether this process counts together with others."""
    return _NAME in os.environ


def remove() -> None:
    """Delete the folder when the last process has ended."""
    shutil.rmtree(os.environ.pop(_NAME, ""), ignore_errors=True)
