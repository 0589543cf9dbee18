"""A new key for secrets: what is encrypted under the old one is brought over, so that the old one can go."""

import base64
import hmac
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.management import CommandError, call_command

from accounts.secrets import decrypt, encrypt
from foundation.clock import utc_now
from programs.models import Membership, Webhook
from programs.services.webhooks import end_webhook, make_webhook
from tests.factories import make_provider, make_user

pytestmark = pytest.mark.django_db
OLD = "old-old-old-old-old-old-old-old-old-old-old-old-old-old-old"
NEW = "new-new-new-new-new-new-new-new-new-new-new-new-new-new-new"


def test_a_command_lets_the_old_key_go(settings: Any) -> None:
    settings.SECOND_FACTOR_KEYS = [OLD]
    house = make_provider()
    owner = make_user(Membership.Role.OWNER, house)
    app = Authenticator.objects.create(user=owner, type="totp", data={"secret": encrypt("JBSWY3DPEHPK3PXP")})
    paper = {
        "seed": encrypt("saat"),
        "migrated_codes": [encrypt("1111"), encrypt("2222")],
        "used_mask": 5,
        "hashes": [encrypt("argon2$a")],
    }
    codes = Authenticator.objects.create(user=owner, type="recovery_codes", data=paper)
    webhook, secret = make_webhook(house, "https://hook.example/", by=owner, now=utc_now())
    ended, _secret = make_webhook(house, "https://alt.example/", by=owner, now=utc_now())
    end_webhook(ended, by=owner, now=utc_now())
    settings.SECOND_FACTOR_KEYS = [NEW, OLD]
    call_command("renew_secrets", stdout=(said := StringIO()))
    assert said.getvalue() == "Zweite Faktoren: 2\nMeldungen an Programme: 1\n"
    settings.SECOND_FACTOR_KEYS = [NEW]
    for row in (app, codes, webhook):
        row.refresh_from_db()
    assert (decrypt(app.data["secret"]), decrypt(codes.data["seed"])) == ("JBSWY3DPEHPK3PXP", "saat")
    assert [decrypt(each) for each in codes.data["migrated_codes"]] == ["1111", "2222"]
    assert [decrypt(each) for each in codes.data["hashes"]] == ["argon2$a"]
    assert (codes.data["used_mask"], decrypt(webhook.secret)) == (5, secret)
    call_command("renew_secrets", stdout=StringIO())


def as_of_before(text: str) -> str:
    """Return `text` as it was encrypted until November 2026."""
    key = base64.urlsafe_b64encode(hmac.digest(OLD.encode(), b"accounts.second_factor", "sha256"))
    return Fernet(key).encrypt(text.encode()).decode()


def test_what_was_encrypted_by_fernet_is_read_and_brought_over(settings: Any) -> None:
    settings.SECOND_FACTOR_KEYS = [NEW, OLD]
    house = make_provider()
    owner = make_user(Membership.Role.OWNER, house)
    before = as_of_before("JBSWY3DPEHPK3PXP")
    app = Authenticator.objects.create(user=owner, type="totp", data={"secret": before})
    webhook, _secret = make_webhook(house, "https://hook.example/", by=owner, now=utc_now())
    Webhook.objects.filter(pk=webhook.pk).update(secret=as_of_before("whsec_of-before"))
    assert decrypt(before) == "JBSWY3DPEHPK3PXP"
    call_command("renew_secrets", stdout=StringIO())
    settings.SECOND_FACTOR_KEYS = [NEW]
    app.refresh_from_db()
    webhook.refresh_from_db()
    kept = [app.data["secret"], webhook.secret]
    assert [decrypt(each) for each in kept] == ["JBSWY3DPEHPK3PXP", "whsec_of-before"]
    assert [each[:8] for each in kept] == ["A256GCM.", "A256GCM."]


def test_each_secret_is_sealed_by_itself_with_256_bits(settings: Any) -> None:
    """AES-256-GCM with 96 random bits in front; the key is what HKDF makes of the secret (RFC 5869)."""
    settings.SECOND_FACTOR_KEYS = [OLD]
    one, another = encrypt("JBSWY3DPEHPK3PXP"), encrypt("JBSWY3DPEHPK3PXP")
    sealed = [base64.urlsafe_b64decode(each.removeprefix("A256GCM.")) for each in (one, another)]
    assert sealed[0][:12] != sealed[1][:12]
    root = hmac.digest(bytes(32), OLD.encode(), "sha256")
    key = hmac.digest(root, b"accounts.second_factor\x01", "sha256")
    opened = [AESGCM(key).decrypt(each[:12], each[12:], b"accounts.second_factor") for each in sealed]
    assert opened == [b"JBSWY3DPEHPK3PXP"] * 2


@pytest.mark.parametrize("place", [8, 30, -1])
def test_what_somebody_changed_in_the_database_opens_nothing(settings: Any, place: int) -> None:
    settings.SECOND_FACTOR_KEYS = [OLD]
    signs = list(encrypt("JBSWY3DPEHPK3PXP"))
    signs[place] = "B" if signs[place] == "A" else "A"
    with pytest.raises(InvalidToken):
        decrypt("".join(signs))


@pytest.mark.parametrize("token", ["A256GCM.", "A256GCM.AA==", "A256GCM.A", "A256GCM.äöü"])
def test_what_is_no_secret_at_all_opens_nothing(settings: Any, token: str) -> None:
    settings.SECOND_FACTOR_KEYS = [OLD]
    with pytest.raises(InvalidToken):
        decrypt(token)


def test_what_no_key_opens_is_counted_and_stays(settings: Any) -> None:
    settings.SECOND_FACTOR_KEYS = [OLD]
    house = make_provider()
    owner = make_user(Membership.Role.OWNER, house)
    app = Authenticator.objects.create(user=owner, type="totp", data={"secret": encrypt("JBSWY3DPEHPK3PXP")})
    webhook, _secret = make_webhook(house, "https://hook.example/", by=owner, now=utc_now())
    settings.SECOND_FACTOR_KEYS = [NEW]
    with pytest.raises(CommandError, match="lesbar – zweite Faktoren: 1, Meldungen an Programme: 1"):
        call_command("renew_secrets", stdout=StringIO())
    assert Authenticator.objects.get().data == app.data
    assert Webhook.objects.get().secret == webhook.secret
