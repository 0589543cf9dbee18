"""Who reads people reads no hash of a password: it is in a row of its own (docs/decisions/0071)."""

from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import ProgrammingError, connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils.crypto import salted_hmac
from psycopg import sql

from accounts.models import PasswordHash, User
from programs.models import Membership
from tests.accounts.signing_in import PASSWORD, is_signed_in, sign_in
from wirbrauchensie import settings as product

pytestmark = pytest.mark.django_db
HASHES = PasswordHash._meta.db_table


def kept(user: User) -> str:
    return PasswordHash.objects.get(user=user).value


def test_a_person_is_read_without_it_however(coordinator: User) -> None:
    with CaptureQueriesContext(connection) as asked:
        User.objects.get(pk=coordinator.pk)
        Membership.objects.select_related("user").get()
        list(User.objects.prefetch_related("memberships"))
        coordinator.refresh_from_db()
    assert len(asked) >= 4
    assert [each["sql"] for each in asked if "password" in each["sql"]] == []
    assert "password" not in {field.column for field in User._meta.concrete_fields}
    assert kept(coordinator).startswith("md5$")


def test_a_page_reads_it_together_with_who_is_signed_in(client: Client, coordinator: User) -> None:
    """With the session Django compares what it was signed with."""
    sign_in(client, coordinator)
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/koordination/").status_code == 200
    (reading,) = [each["sql"] for each in asked if HASHES in each["sql"]]
    assert f'LEFT OUTER JOIN "{HASHES}"' in reading
    assert f'FROM "{User._meta.db_table}"' in reading


def test_who_is_shut_out_is_led_to_the_sign_in_page(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    assert client.get("/koordination/").status_code == 200
    User.objects.filter(pk=coordinator.pk).update(is_active=False)
    assert client.get("/koordination/").status_code == 302


def test_sessions_are_signed_as_where_the_hash_is_a_column(client: Client, coordinator: User) -> None:
    """The session is signed as Django signs it where the hash is a column of the person."""
    sign_in(client, coordinator)
    salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
    assert client.session[HASH_SESSION_KEY] == (
        salted_hmac(salt, kept(coordinator), algorithm="sha256").hexdigest()
    )


def test_the_worker_that_asks_for_it_is_refused(coordinator: User, made: tuple[str, str]) -> None:
    """Everything else of a person it reads."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(made[1])))
        user = User.objects.get(pk=coordinator.pk)
        assert user.email == "mara@example.org"
        with pytest.raises(ProgrammingError) as refusal:
            user.has_usable_password()
    assert isinstance(refusal.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_whoever_saves_a_person_read_before_keeps_the_newer_password(coordinator: User) -> None:
    elsewhere = User.objects.get(pk=coordinator.pk)
    assert elsewhere.check_password(PASSWORD)
    coordinator.set_password("Ein anderer Satz, ganz lang")
    coordinator.save()
    elsewhere.name = "Mara Neu"
    elsewhere.save()
    again = User.objects.get(pk=coordinator.pk)
    assert again.name == "Mara Neu"
    assert again.check_password("Ein anderer Satz, ganz lang")


def test_only_what_is_named_is_saved(coordinator: User) -> None:
    before = kept(coordinator)
    coordinator.name = "Nicht gespeichert"
    coordinator.set_password("Ein anderer Satz, ganz lang")
    coordinator.save(update_fields=["last_login"])
    assert kept(coordinator) == before
    coordinator.save(update_fields=["password"])
    assert kept(coordinator) == coordinator.password != before
    assert User.objects.get().name != "Nicht gespeichert"
    coordinator.set_password("Noch ein ganz anderer Satz")
    coordinator.refresh_from_db()
    assert coordinator.check_password("Ein anderer Satz, ganz lang")


@override_settings(PASSWORD_HASHERS=product.PASSWORD_HASHERS)
def test_a_hash_of_an_older_way_is_made_anew_at_sign_in(client: Client, coordinator: User) -> None:
    old = make_password(PASSWORD, hasher="pbkdf2_sha256")
    PasswordHash.objects.filter(user=coordinator).update(value=old)
    sign_in(client, coordinator)
    assert is_signed_in(client)
    assert client.get("/koordination/").status_code == 200
    assert kept(coordinator).startswith("argon2$")
    again = Client()
    sign_in(again, coordinator)
    assert is_signed_in(again)


def test_a_new_password_voids_sessions_whose_rows_are_left(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    coordinator.set_password(PASSWORD)
    coordinator.save()
    assert client.get("/koordination/").status_code == 302
    assert not is_signed_in(client)


def test_without_a_row_nothing_opens(client: Client, coordinator: User) -> None:
    PasswordHash.objects.all().delete()
    bare = User.objects.get()
    assert not bare.has_usable_password()
    for password in (PASSWORD, "", "!"):
        assert not bare.check_password(password)
    sign_in(client, coordinator)
    assert not is_signed_in(client)
    bare.set_password(PASSWORD)
    bare.save()
    sign_in(client, coordinator)
    assert is_signed_in(client)


def test_the_first_operator_is_made_by_the_command_and_gets_in(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", "--no-input", "--email", "bo@example.org", verbosity=0)
    operator = User.objects.get()
    assert operator.is_superuser
    sign_in(client, operator)
    assert is_signed_in(client)


def test_the_operator_changes_it_by_the_command(
    client: Client, coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda **_prompt: "Ein anderer Satz, ganz lang")
    call_command("changepassword", coordinator.email, stdout=StringIO())
    sign_in(client, coordinator)
    assert not is_signed_in(client)
    sign_in(client, coordinator, "Ein anderer Satz, ganz lang")
    assert is_signed_in(client)


def test_a_copy_of_the_rows_brings_it_along(client: Client, coordinator: User, tmp_path: Path) -> None:
    rows = tmp_path / "rows.json"
    call_command("dumpdata", "accounts.User", "accounts.PasswordHash", output=str(rows))
    Membership.objects.all().delete()
    coordinator.delete()
    call_command("loaddata", str(rows), verbosity=0)
    assert User.objects.get().check_password(PASSWORD)


def test_who_goes_takes_it_along(coordinator: User) -> None:
    coordinator.delete()
    assert not PasswordHash.objects.exists()
