"""Passwords of before go on working, in the table where only web reads them, and on the way back."""

import pytest
from psycopg import connect

from tests.migrations.old_rows import manage

pytestmark = pytest.mark.live


def test_every_hash_moves_to_its_person(migrated: dict[str, str], hashes_before: dict[str, str]) -> None:
    with connect(migrated["DATABASE_URL"], autocommit=True) as database:
        moved = "SELECT email, value FROM accounts_user JOIN accounts_passwordhash ON user_id = id"
        assert dict(database.execute(moved).fetchall()) == hashes_before
        assert len(hashes_before) > 5
        manage("migrate", "--no-input", "accounts", "0008", env=migrated)
        assert dict(database.execute("SELECT email, password FROM accounts_user").fetchall()) == hashes_before
        manage("migrate", "--no-input", "accounts", env=migrated)
        assert dict(database.execute(moved).fetchall()) == hashes_before
