"""One town for all tests of a class."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from pytest_django import DjangoDbBlocker

from tests.api.scenes import Town, make_town
from tests.kept import kept


@pytest.fixture(scope="class")
def town_of_class(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    with kept(make_town, django_db_blocker) as town:
        yield town


@pytest.fixture
def town(db: None, town_of_class: Town) -> Town:
    """One public row of each kind and one of each that is not; the objects are the test's own."""
    return deepcopy(town_of_class)
