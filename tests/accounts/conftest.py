"""What the tests of accounts share."""

import pytest

from accounts.models import User
from programs.models import Membership
from tests.accounts.signing_in import PASSWORD, same_half_minute  # noqa: F401
from tests.factories import make_provider, make_user


@pytest.fixture
def coordinator(db: None) -> User:
    """Somebody who coordinates, with a password."""
    user = make_user(Membership.Role.COORDINATOR, make_provider(), email="mara@example.org")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def operator(db: None) -> User:
    """Somebody with access to the administration, with a password."""
    user = make_user(email="bo@example.org", is_staff=True, is_superuser=True)
    user.set_password(PASSWORD)
    user.save()
    return user
