"""Whether somebody is known here cannot be found out by asking."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from outbox.models import Message
from tests.access.people import Who
from tests.access.scene import GIVER, Scene
from tests.accounts.signing_in import PASSWORD, sign_in
from tests.donations.visits import give
from tests.volunteers.pledging import send_pledge

pytestmark = pytest.mark.django_db

STRANGER = "niemand.kennt.mich@example.org"
Asked = Callable[[Client, str], HttpResponse]

FORMS: dict[str, tuple[Asked, str, int]] = {
    "link of somebody with time": (
        lambda client, email: client.post("/meins/", {"email": email}),
        "citizen",
        303,
    ),
    "link of a giver": (lambda client, email: client.post("/meins/", {"email": email}), "giver", 303),
    "pledge": (lambda client, email: send_pledge(client, email=email), "citizen", 303),
    "password forgotten": (
        lambda client, email: client.post("/konto/password/reset/", {"email": email}),
        "staff",
        302,
    ),
    "sign in": (lambda client, email: sign_in(client, email, "falsch-und-lang-genug"), "staff", 422),
}


def address_of_kind(kind: str, scene: Scene) -> str:
    if kind == "staff":
        user = scene.people[Who.COORDINATOR]
        user.set_password(PASSWORD)
        user.save()
        return user.email
    return {"citizen": "maria@example.org", "giver": GIVER}[kind]


def without_own_words(answer: HttpResponse, email: str) -> str:
    page = answer.content.decode().replace(email, "…")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


@pytest.mark.parametrize("form", FORMS)
def test_known_and_unknown_addresses_get_the_same_answer_at_the_same_cost(form: str, scene: Scene) -> None:
    ask, kind, status = FORMS[form]
    Client().get("/")
    seen = []
    for email in (address_of_kind(kind, scene), STRANGER):
        before = Message.objects.count()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = ask(Client(), email)
        mails = Message.objects.count() - before
        where = answer.headers.get("Location")
        seen.append((answer.status_code, where, without_own_words(answer, email), mails, len(queries)))
    known, unknown = seen
    assert known[0] == status
    assert known[:4] == unknown[:4]
    assert abs(known[4] - unknown[4]) <= 1


def test_a_gift_is_taken_alike_from_known_and_unknown_givers(scene: Scene) -> None:
    what = {"zweck": scene.fund.slug}
    answers = [give(Client(), what=what, method="transfer", email=email) for email in (GIVER, STRANGER)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert all(re.fullmatch(r"/spenden/ueberweisung/[0-9a-f-]{36}/", a["Location"]) for a in answers)
    pages = [Client().get(answer["Location"]).content.decode() for answer in answers]
    assert not any(GIVER in page or STRANGER in page for page in pages)
