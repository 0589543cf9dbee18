"""What every test may need; nothing of our own is patched."""

import gc
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.database import be_patient, use_template
from tests.profiles import load_profile
from tests.reporting import Reporting

load_profile()


def pytest_configure(config: pytest.Config) -> None:
    """The roles know the product's models, which are there only now."""
    from tests import roles

    config.pluginmanager.register(roles)
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Reporting())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What starts processes takes longest: first, so that no worker is left alone with it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("live") is None)


def pytest_collection_finish() -> None:
    """Modules and collected tests stay to the end: the collector need not look through them again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, django_db_keepdb: bool, django_db_blocker: DjangoDbBlocker
) -> None:
    """The test database is a copy of one that is migrated already, whatever the number of workers.

    One that is kept from run to run is migrated itself.
    """
    be_patient(connection.settings_dict)
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            use_template(connection.settings_dict)
    request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")


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
