"""`flush` in the tests: nothing that a test committed is left, and what refuses to forget refuses again."""

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection

from foundation.clock import utc_now
from tests.access.scene import make_scene
from tests.emptying.management.commands.flush import KEPT, Command

LEFT = {"auth_permission", "django_content_type", "django_migrations"}


def silent_triggers() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
def test_one_row_of_everything_goes_and_the_history_is_shut_again() -> None:
    make_scene(utc_now())
    filled = Command().filled()
    assert len(filled) > 40
    assert {"donations_ledgerentry", "foundation_event", "programs_opportunity", "accounts_user"} < {*filled}
    permissions = Permission.objects.count()

    call_command("flush", interactive=False, reset_sequences=False)

    assert Command().filled() == []
    assert KEPT == LEFT
    assert Permission.objects.count() == permissions > 0
    assert silent_triggers() == 0


@pytest.mark.django_db
def test_an_empty_database_stays_as_it_is() -> None:
    call_command("flush", interactive=False)
    call_command("flush", interactive=False)
    assert Command().filled() == []
