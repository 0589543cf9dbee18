"""Passwords are stored as the product stores them, not as the tests do."""

import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.test import override_settings

from wirbrauchensie import settings as product

KEPT = override_settings(PASSWORD_HASHERS=product.PASSWORD_HASHERS)


@KEPT
def test_a_password_is_stored_by_argon2id_with_the_memory_that_owasp_asks_for() -> None:
    stored = make_password("Ein langer Satz, den keiner rät")
    assert stored.startswith("argon2$argon2id$v=19$m=47104,t=1,p=1$")
    assert check_password("Ein langer Satz, den keiner rät", stored)
    assert not check_password("ein langer Satz, den keiner rät", stored)


@KEPT
def test_the_same_password_is_never_stored_twice_alike() -> None:
    assert make_password("geheim") != make_password("geheim")


@KEPT
def test_an_older_way_is_still_read_and_renewed() -> None:
    renewed: list[str] = []
    old = make_password("geheim", hasher="pbkdf2_sha256")
    assert check_password("geheim", old, setter=renewed.append)
    assert renewed == ["geheim"]


def test_what_costs_the_tests_nothing_is_unknown_to_the_product() -> None:
    quick = make_password("geheim")
    with KEPT, pytest.raises(ValueError, match="Unknown password hashing algorithm"):
        identify_hasher(quick)
