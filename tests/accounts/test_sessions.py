"""A session ends, leaves nothing behind, and strangers cannot keep its owner from beginning one."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.fernet import InvalidToken
from django.core.cache import caches
from django.test import Client

from accounts.models import Session, User
from accounts.services.recovery_codes import make_codes
from accounts.sessions import SEEN_AT, SIGNED_IN_AT
from tests.accounts.signing_in import (
    PASSWORD,
    code_of,
    enter_code,
    give_second_factor,
    is_signed_in,
    sign_in,
    sign_in_with_code,
)

pytestmark = pytest.mark.django_db
INSIDE = "/koordination/"


def age(client: Client, name: str, *, minutes: float) -> None:
    session = client.session
    session[name] = time.time() - minutes * 60
    session.save()


@pytest.mark.parametrize(("minutes", "status"), [(59, 200), (60.1, 302)])
def test_who_does_nothing_for_an_hour_signs_in_anew(
    client: Client, coordinator: User, minutes: float, status: int
) -> None:
    sign_in(client, coordinator)
    age(client, SEEN_AT, minutes=minutes)
    answer = client.get(INSIDE)
    assert answer.status_code == status
    assert is_signed_in(client) is (status == 200)
    if status == 302:
        assert answer["Location"] == "/konto/login/?next=/koordination/"


def test_who_keeps_working_stays_but_for_twelve_hours(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    age(client, SEEN_AT, minutes=50)
    assert client.get(INSIDE).status_code == 200
    assert time.time() - client.session[SEEN_AT] < 60
    age(client, SIGNED_IN_AT, minutes=12 * 60 - 1)
    assert client.get(INSIDE).status_code == 200
    age(client, SIGNED_IN_AT, minutes=12 * 60)
    assert client.get(INSIDE).status_code == 302
    assert not is_signed_in(client)


def test_a_session_that_does_not_know_when_it_began_is_over(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    session = client.session
    del session[SIGNED_IN_AT]
    session.save()
    assert client.post(INSIDE).status_code == 302
    assert not is_signed_in(client)


def test_pages_of_the_signed_in_stay_in_no_cache(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    for address in (INSIDE, "/", "/konto/2fa/"):
        assert "no-store" in client.get(address)["Cache-Control"]
    assert "no-store" not in Client().get("/hilfe/").get("Cache-Control", "")


@pytest.mark.parametrize("by", ["password", "code"])
def test_a_second_proof_gives_the_session_a_new_key(client: Client, coordinator: User, by: str) -> None:
    """Whoever took the old one has nothing of what the proof opens, nor anything else any more."""
    secret = give_second_factor(coordinator)
    _row, codes = make_codes(coordinator)
    sign_in_with_code(client, coordinator, secret)
    old = client.cookies["sessionid"].value
    door = "/konto/reauthenticate/" if by == "password" else "/konto/2fa/reauthenticate/"
    assert client.post(door, {by: "falsch"}).status_code == 422
    assert client.cookies["sessionid"].value == old

    assert client.post(door, {by: PASSWORD if by == "password" else codes[0]}).status_code == 302
    assert client.cookies["sessionid"].value != old
    assert client.get(INSIDE).status_code == 200
    assert Session.objects.get().user_id == coordinator.pk
    taken = Client()
    taken.cookies["sessionid"] = old
    assert taken.get(INSIDE).status_code == 302


def test_signing_out_clears_the_browser(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    assert "Clear-Site-Data" not in client.get("/konto/logout/")
    answer = client.post("/konto/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_signed_in(client)


def test_strangers_who_guess_lock_nobody_out(coordinator: User) -> None:
    for network in range(3):
        stranger = Client(REMOTE_ADDR=f"203.0.{network}.9")
        statuses = [sign_in(stranger, coordinator, f"geraten-{n}").status_code for n in range(12)]
        assert statuses[-1] == 429
    owner = Client(REMOTE_ADDR="198.51.100.7")
    assert sign_in(owner, coordinator).status_code == 302
    assert is_signed_in(owner)


def test_a_code_works_once_whichever_process_is_asked(coordinator: User) -> None:
    secret = give_second_factor(coordinator)
    code = code_of(secret)
    first = Client()
    sign_in(first, coordinator)
    answer = enter_code(first, code)
    assert answer.status_code == 302
    caches.close_all()
    watcher = Client()
    sign_in(watcher, coordinator)
    assert enter_code(watcher, code).status_code == 422
    assert not is_signed_in(watcher)


def test_what_is_remembered_about_codes_stands_in_the_database(settings) -> None:
    assert settings.CACHES["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"


class TestSecrets:
    def test_are_stored_encrypted(self, coordinator: User) -> None:
        secret = give_second_factor(coordinator)
        stored = str(list(Authenticator.objects.values_list("data", flat=True)))
        assert secret not in stored
        assert stored.count("A256GCM.") == 11

    def test_survive_a_new_key_while_the_old_one_is_named(
        self, client: Client, coordinator: User, settings
    ) -> None:
        secret = give_second_factor(coordinator)
        settings.SECOND_FACTOR_KEYS = ["a-new-key", *settings.SECOND_FACTOR_KEYS]
        sign_in_with_code(client, coordinator, secret)
        assert is_signed_in(client)

    def test_are_worth_nothing_without_the_key(self, coordinator: User, settings) -> None:
        secret = give_second_factor(coordinator)
        settings.SECOND_FACTOR_KEYS = ["another-key"]
        totp = TOTP(Authenticator.objects.get(type="totp"))
        with pytest.raises(InvalidToken):
            totp.validate_code(code_of(secret))
