"""An invitation is accepted twice at the same moment: one account, one role, and nobody sees a fault."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from django.db import connections, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from foundation.clock import utc_now
from programs.models import Invitation, Membership
from programs.services.invitations import accept_with_new_account, invite_to_role, staff_token
from tests.accounts.signing_in import PASSWORD
from tests.concurrency.test_looked_at_again import somebody_waits
from tests.factories import make_provider, make_user

pytestmark = pytest.mark.django_db(transaction=True)
GUEST = "nele.neu@example.org"
SAID = {"name": "Nele Neu", "password1": PASSWORD, "password2": PASSWORD}


def test_the_second_of_two_clicks_finds_the_link_used() -> None:
    now, house = utc_now(), make_provider("Haus am Markt")
    owner = make_user(Membership.Role.OWNER, house)
    assert invite_to_role(house, "coordinator", GUEST, by=owner, now=now) is None
    invitation = Invitation.objects.get()
    link = reverse("staff_invitation", args=[staff_token(invitation, now=now)])

    def click() -> int:
        try:
            return Client().post(link, SAID).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert accept_with_new_account(invitation, name="Nele", password=PASSWORD, now=now)
            second = pool.submit(click)
            while not second.done() and not somebody_waits():
                sleep(0.01)
            assert not second.done()
        assert second.result(timeout=60) == 404
    kept = Membership.objects.filter(user__email=GUEST).values_list("provider", "role")
    assert list(kept) == [(house.pk, "coordinator")]
    assert User.objects.get(email=GUEST).name == "Nele"
