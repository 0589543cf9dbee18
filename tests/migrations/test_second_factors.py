"""Second factors that were stored in the clear go on working, and are in the clear no more."""

from importlib import import_module

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.test import Client

from tests.accounts.signing_in import PASSWORD, code_of, enter_code, same_half_minute, sign_in  # noqa: F401
from tests.factories import make_user

pytestmark = pytest.mark.django_db

hash_all = import_module("accounts.migrations.0008_hash_recovery_codes").hash_all


def test_secrets_of_before_are_encrypted_and_valid() -> None:
    user, secret = make_user(), generate_totp_secret()
    Authenticator.objects.create(user=user, type="totp", data={"secret": secret})
    codes = Authenticator.objects.create(
        user=user, type="recovery_codes", data={"seed": "ab" * 20, "used_mask": 1}
    )
    import_module("accounts.migrations.0003_encrypt_second_factors").encrypt_all(apps, None)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert "ab" * 20 not in stored
    assert TOTP(Authenticator.objects.get(type="totp")).validate_code(code_of(secret))
    codes.refresh_from_db()
    assert len(RecoveryCodes(codes).get_unused_codes()) == 9


def test_codes_of_before_are_hashed_and_go_on_working(settings) -> None:
    user = make_user(email="mara@example.org")
    user.set_password(PASSWORD)
    user.save()
    TOTP.activate(user, generate_totp_secret())
    codes = RecoveryCodes.activate(user)
    written_down = codes.get_unused_codes()
    assert codes.validate_code(written_down[4])
    hash_all(apps, None)
    row = Authenticator.objects.get(type="recovery_codes")
    assert set(row.data) == {"migrated_codes", "hashes"}
    assert len(row.data["hashes"]) == 9
    hash_all(apps, None)
    for code, lets_in in (
        (written_down[0], 302),
        (written_down[0], 422),
        (written_down[4], 422),
        (written_down[9], 302),
    ):
        client = Client()
        sign_in(client, user)
        assert enter_code(client, code).status_code == lets_in


def test_codes_that_no_key_opens_are_none(settings) -> None:
    settings.SECOND_FACTOR_KEYS = ["a-lost-key"]
    RecoveryCodes.activate(make_user())
    settings.SECOND_FACTOR_KEYS = ["another-key"]
    hash_all(apps, None)
    assert Authenticator.objects.get().data == {"migrated_codes": [], "hashes": []}
