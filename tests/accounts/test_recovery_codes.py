"""Codes on paper: shown once, kept as hashes, each good for one proof (OWASP ASVS 5.0, 6.5.2)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import identify_hasher
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.secrets import decrypt
from accounts.services.recovery_codes import make_codes
from foundation.models import Event
from outbox.models import Message
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

ACTIVATE = "/konto/2fa/totp/activate/"
ACCOUNT = "/konto/2fa/"
GENERATE = "/konto/2fa/recovery-codes/generate/"
CODE = r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}"


def set_up(client: Client, user: User) -> HttpResponse:
    """Sign in, set up the app and return the page after it."""
    sign_in(client, user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    secret = re.search(r"<strong>([A-Z2-7]{32})</strong>", client.get(ACTIVATE).content.decode())
    assert secret
    return client.post(ACTIVATE, {"code": code_of(secret[1])})


def shown(page: HttpResponse) -> list[str]:
    return re.findall(rf"<li[^>]*>({CODE})</li>", page.content.decode())


def tried(user: User, code: str) -> bool:
    """Whether `code` is the second step of a new sign-in."""
    client = Client()
    sign_in(client, user)
    answer = enter_code(client, code)
    assert answer.status_code == (302 if is_signed_in(client) else 422)
    return is_signed_in(client)


def test_ten_are_shown_when_the_app_is_set_up_and_never_again(client: Client, coordinator: User) -> None:
    page = set_up(client, coordinator)
    codes = shown(page)
    assert (page.status_code, len(codes), len(set(codes))) == (200, 10, 10)
    assert "no-store" in page["Cache-Control"]
    to_save = r'href="data:text/plain;charset=utf-8,([^"]*)" download="ersatzcodes.txt"'
    file = re.search(to_save, page.content.decode())
    assert file
    assert file[1].split("%0A") == [*codes, ""]
    again = client.post(ACTIVATE, {"code": "000000"})
    assert (again.status_code, again["Location"]) == (302, ACCOUNT)
    for address in (ACCOUNT, GENERATE):
        assert not re.search(CODE, client.get(address).content.decode())


def test_only_their_hashes_are_kept(client: Client, coordinator: User) -> None:
    codes = shown(set_up(client, coordinator))
    row = Authenticator.objects.get(type="recovery_codes")
    hashes = [decrypt(each) for each in row.data.pop("hashes")]
    assert row.data == {"migrated_codes": []}
    assert len({identify_hasher(each).decode(each)["salt"] for each in hashes}) == 10
    assert not any(code.replace("-", "") in each.upper() for code in codes for each in hashes)


def test_each_replaces_the_telephone_once(coordinator: User) -> None:
    give_second_factor(coordinator)
    _row, codes = make_codes(coordinator)
    for code in (codes[3], codes[0], codes[9]):
        assert tried(coordinator, code)
        assert not tried(coordinator, code)
    client = Client()
    sign_in(client, coordinator)
    assert enter_code(client, codes[1]).status_code == 302
    assert "Sie haben noch 6 Ersatzcodes" in client.get(ACCOUNT).content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: code.lower(),
        lambda code: code.replace("-", ""),
        lambda code: f"  {code.replace('-', ' ')} ",
        lambda code: code.replace("-", "\u2013"),
        lambda code: code.replace("0", "o").replace("1", "L"),
        lambda code: code.replace("1", "i"),
    ],
)
def test_it_is_taken_as_people_type_it(coordinator: User, typed: Callable[[str], str], monkeypatch) -> None:
    give_second_factor(coordinator)
    signs = iter("01AZ" * 30)
    monkeypatch.setattr("accounts.services.recovery_codes.choice", lambda _signs: next(signs))
    _row, codes = make_codes(coordinator)
    assert codes[0] == "01AZ-01AZ-01AZ"
    assert tried(coordinator, typed(codes[0]))


def test_one_of_somebody_else_is_none(coordinator: User, operator: User) -> None:
    give_second_factor(coordinator)
    give_second_factor(operator)
    _row, codes = make_codes(operator)
    assert not tried(coordinator, codes[0])
    assert tried(operator, codes[0])


def test_wrong_ones_are_few_and_told(client: Client, coordinator: User) -> None:
    give_second_factor(coordinator)
    _row, codes = make_codes(coordinator)
    sign_in(client, coordinator)
    for _try in range(5):
        assert "Der Code stimmt nicht." in enter_code(client, "ZZZZ-ZZZZ-ZZZZ").content.decode()
    assert Event.objects.filter(reason="second_factor_failed").count() == 5
    assert "zu viele Versuche" in enter_code(client, codes[0]).content.decode()
    assert not is_signed_in(client)


def test_it_is_a_second_proof_before_what_matters(client: Client, coordinator: User) -> None:
    secret = give_second_factor(coordinator)
    _row, codes = make_codes(coordinator)
    sign_in_with_code(client, coordinator, secret)
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    assert client.get(GENERATE).status_code == 302
    asked = reverse("mfa_reauthenticate")
    assert client.post(asked, {"code": "ZZZZ-ZZZZ-ZZZZ"}).status_code == 422
    assert client.post(asked, {"code": codes[0]}).status_code == 302
    assert client.get(GENERATE).status_code == 200
    assert client.post(asked, {"code": codes[0]}).status_code == 422


def test_new_ones_end_the_old_ones(
    client: Client, coordinator: User, run_commits: Callable[..., Any]
) -> None:
    old = shown(set_up(client, coordinator))
    with run_commits(execute=True):
        page = client.post(GENERATE)
    new = shown(page)
    assert (page.status_code, len(new)) == (200, 10)
    assert set(new).isdisjoint(old)
    assert Message.objects.filter(template="account_recovery_codes_generated").count() == 1
    assert not tried(coordinator, old[0])
    assert tried(coordinator, new[0])


def test_without_the_app_there_are_none(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.post(GENERATE).status_code == 422
    assert not Authenticator.objects.exists()


def test_they_follow_a_change_of_the_key_and_end_with_a_lost_one(coordinator: User, settings) -> None:
    give_second_factor(coordinator)
    _row, codes = make_codes(coordinator)
    settings.SECOND_FACTOR_KEYS = ["a-new-key", *settings.SECOND_FACTOR_KEYS]
    assert tried(coordinator, codes[0])
    settings.SECOND_FACTOR_KEYS = ["another-key"]
    assert not tried(coordinator, codes[1])
