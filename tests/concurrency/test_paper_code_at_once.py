"""A code on paper is typed twice at the same moment, in two processes: it lets in once."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from allauth.mfa.models import Authenticator
from django.db import connections, transaction
from django.test import Client

from accounts.services.recovery_codes import make_codes, use_code
from programs.models import Membership
from tests.accounts.signing_in import PASSWORD, enter_code, give_second_factor, is_signed_in, sign_in
from tests.concurrency.test_looked_at_again import somebody_waits
from tests.factories import make_provider, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_second_of_two_at_once_is_refused() -> None:
    user = make_user(Membership.Role.COORDINATOR, make_provider(), email="mara@example.org")
    user.set_password(PASSWORD)
    user.save()
    give_second_factor(user)
    _row, codes = make_codes(user)
    client = Client()
    sign_in(client, user)

    def type_it() -> int:
        try:
            return enter_code(client, codes[0]).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert use_code(user, codes[0])
            second = pool.submit(type_it)
            while not second.done() and not somebody_waits():
                sleep(0.01)
            assert not second.done()
        assert second.result(timeout=60) == 422
    assert not is_signed_in(client)
    assert len(Authenticator.objects.get(type="recovery_codes").data["hashes"]) == 9
