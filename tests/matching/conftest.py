"""`test_compiled.py` compares both ways of running the kernel, and so exists only where numba does."""

from importlib.util import find_spec

import pytest

NUMBA = find_spec("numba") is not None

collect_ignore = [] if NUMBA else ["test_compiled.py"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not NUMBA:
        terminalreporter.write_line(
            "tests/matching/test_compiled.py is not collected: numba is not installed."
        )
