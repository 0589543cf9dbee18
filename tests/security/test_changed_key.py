"""The secret key is changed: what was signed before still opens, for as long as the old key is kept."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from cryptography.fernet import InvalidToken
from django.test import Client
from django.urls import reverse

from accounts.secrets import decrypt, encrypt
from foundation.clock import utc_now
from foundation.links import LinkNotValid, read, sign
from tests.access.people import Who
from tests.access.scene import Scene
from tests.access.signed_links import PAGES, signed_paths

pytestmark = pytest.mark.django_db
OLD = "old-old-old-old-old-old-old-old-old-old-old-old-old-old-old"
NEW = "new-new-new-new-new-new-new-new-new-new-new-new-new-new-new"


@pytest.fixture
def change_key(settings) -> Callable[[bool], None]:
    """From here the old key signs; `change_key(keep)` brings the new one in."""
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []

    def change(keep: bool) -> None:
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD] if keep else []

    return change


@pytest.mark.parametrize("kind", PAGES)
def test_a_link_in_an_old_mail_still_opens(scene: Scene, change_key, kind: str) -> None:
    path = signed_paths(scene)[kind]
    change_key(True)
    assert Client().get(path, follow=True).status_code == 200
    change_key(False)
    assert Client().get(path, follow=True).status_code == 404


def test_the_link_that_has_one_mailed_still_works(scene: Scene, change_key) -> None:
    address = reverse("my_page_ask", args=[scene.link("ask", Who.CITIZEN)])
    change_key(True)
    assert Client().post(address).status_code == 303
    change_key(False)
    assert Client().post(address).status_code == 404


def test_who_is_signed_in_stays_so_by_coming_while_both_keys_count(scene: Scene, change_key) -> None:
    came, stayed_away = scene.client(Who.COORDINATOR), scene.client(Who.COORDINATOR)
    change_key(True)
    assert came.get("/koordination/").status_code == 200
    change_key(False)
    assert came.get("/koordination/").status_code == 200
    assert stayed_away.get("/koordination/").status_code == 302


def test_a_link_to_set_a_password_still_works(scene: Scene, change_key) -> None:
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str

    user = scene.people[Who.COORDINATOR]
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    change_key(True)
    opened = Client().get(f"/konto/password/reset/key/{key}/", follow=True).content.decode()
    assert 'name="password1"' in opened
    change_key(False)
    assert (
        'name="password1"'
        not in Client().get(f"/konto/password/reset/key/{key}/", follow=True).content.decode()
    )


def test_what_is_signed_now_is_signed_with_the_new_key(change_key, settings) -> None:
    change_key(True)
    token = sign("any", "1", now=utc_now(), valid_for=timedelta(days=1))
    settings.SECRET_KEY_FALLBACKS = []
    assert read("any", token, now=utc_now()) == "1"
    settings.SECRET_KEY = OLD
    with pytest.raises(LinkNotValid):
        read("any", token, now=utc_now())


def test_second_factors_are_read_with_the_old_key_and_written_with_the_new(settings) -> None:
    settings.SECOND_FACTOR_KEYS = [OLD]
    stored = encrypt("JBSWY3DPEHPK3PXP")
    settings.SECOND_FACTOR_KEYS = [NEW, OLD]
    assert decrypt(stored) == "JBSWY3DPEHPK3PXP"
    written = encrypt("JBSWY3DPEHPK3PXP")
    settings.SECOND_FACTOR_KEYS = [NEW]
    assert decrypt(written) == "JBSWY3DPEHPK3PXP"
    with pytest.raises(InvalidToken):
        decrypt(stored)
