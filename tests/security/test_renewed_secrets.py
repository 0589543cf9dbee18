"""A new key for secrets: what is encrypted under the old one is brought over, so that the old one can go."""

from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
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
