"""Second factors that were stored in the clear go on working, and are in the clear no more."""

from importlib import import_module

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps

from tests.accounts.signing_in import code_of
from tests.factories import make_user

pytestmark = pytest.mark.django_db


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
