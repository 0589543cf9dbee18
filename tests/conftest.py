"""What every test may need; nothing of our own is patched."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.core.management import call_command


@pytest.fixture
def now() -> datetime:
    """A fixed moment: Monday, 2 March 2026, 10:00 in Düren."""
    return datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def city(db: None) -> None:
    """Düren as `load_city` brings it in."""
    call_command("load_city", "dueren", verbosity=0)


@pytest.fixture
def run_commits(django_capture_on_commit_callbacks: Callable[..., object]) -> Callable[..., object]:
    """Run what waits for the commit: `with run_commits(execute=True): …`."""
    return django_capture_on_commit_callbacks
