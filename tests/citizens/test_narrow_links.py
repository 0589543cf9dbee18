"""A link opens its own subject; nothing on the pages behind it opens more."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from citizens.domain.links import CONFIRM_ADDRESS, STOP_ADDRESS
from citizens.models import LinkRequest
from citizens.services.links import ask_token
from citizens.services.parts import link_kinds
from citizens.services.waiting_mails import of_the_mailbox
from donations.domain.links import MY_GIFTS
from foundation.clock import utc_now
from foundation.links import LinkNotValid, signed_text
from foundation.sweeps import run
from outbox.models import Message
from tests.access.people import Who
from tests.access.scene import Scene
from tests.access.signed_links import PAGES, before
from tests.volunteers.pledging import link_in, mails
from volunteers.domain.links import MY_PLEDGES
from volunteers.models import Offer, Volunteer
from volunteers.services.links import offer_url
from volunteers.wording.mails import DATE_REMINDERS

pytestmark = pytest.mark.django_db

TOKEN = re.compile(r"[\w-]+:[\w-]+:[\w-]{43}(?![\w-])")
NARROW = {
    "offer_answer": "offer",
    "placement_letter": "letter",
    "placement_steps": "steps",
    "guardian": "guardian",
    "stand_in_answer": "stand_in",
    "placement_leave_step": "leave",
    "pledge_confirm": "confirm",
    "my_page_erase_step": "erase",
    "my_address_confirm": "new_address",
    "my_address_stop": "old_address",
    "pledge_withdraw_step": "withdraw",
    "my_gifts_end_step": "end_monthly",
    "my_gifts_change_step": "change_monthly",
    "monthly_mend": "mend_monthly",
    "my_receipt_address_step": "correct_address",
    "unsubscribe": "unsubscribe",
}
WHOLE = {"my_page", "giver", "my_pledges", "my_gifts"}
"""Links that open "Meine Seite", the last two only their own part of it."""

FILES = {"placement_calendar": "calendar", "person_calendar": "feed"}
NARROW_STEPS = (
    "my_page_erase_step",
    "my_address_confirm",
    "my_address_stop",
    "pledge_withdraw_step",
    "placement_leave_step",
    "my_gifts_end_step",
    "my_gifts_change_step",
    "monthly_mend",
    "my_receipt_address_step",
)
NOT_RENEWED = (CONFIRM_ADDRESS, STOP_ADDRESS, MY_GIFTS, MY_PLEDGES)
Answers = Callable[[Scene], dict[str, Any]]
ANSWERS: dict[str, Answers] = {
    "offer_answer": lambda _scene: {"answer": "accept"},
    "stand_in_answer": lambda _scene: {"answer": "accept"},
    "placement_steps": lambda _scene: {"email": "eltern@example.org", "born_in": "2010-05"},
    "guardian": lambda scene: {"version": scene.consent_text.pk, "name": "Eva Muster", "agreed": "on"},
}
SHOWN = {
    "placement_letter": (200, [405], 200),
    "my_page_erase_step": (200, [303, 200], 404),
    "my_address_stop": (200, [303, 200], 410),
    "my_gifts_end_step": (200, [503], 200),
    "my_gifts_change_step": (200, [422], 200),
    "monthly_mend": (200, [422], 200),
    "my_receipt_address_step": (200, [422], 200),
    "unsubscribe": (200, [200], 200),
}
"""What the link answers at first, its act and where that leads, and the link afterwards.

No payment service answers here, and nothing is typed into the forms of givers.
"""
AS_USUAL = (200, [303, 200], 200)
WIDER = (
    "my_address",
    "my_page",
    "my_settings",
    "my_links",
    "my_data",
    "my_page_erase",
    "my_pledges_with",
    "my_gifts",
)


def pages_behind(name: str, token: str, scene: Scene) -> Iterator[str]:
    """Yield what the link shows: at first, after its act, and where the act leads; each with its status."""
    client = Client()
    address = reverse(name, args=[*before(name), token])
    first = client.get(address)
    yield first.content.decode()
    answer = client.post(address, ANSWERS.get(name, lambda _scene: {})(scene), follow=True)
    yield answer.content.decode() + " ".join(where for where, _status in answer.redirect_chain)
    again = client.get(address)
    yield again.content.decode()
    led = [status for _where, status in answer.redirect_chain]
    assert (first.status_code, [*led, answer.status_code], again.status_code) == SHOWN.get(name, AS_USUAL)


@pytest.mark.parametrize("name", NARROW)
def test_no_page_of_a_narrow_link_holds_a_link_that_opens_more(name: str, scene: Scene) -> None:
    Volunteer.objects.filter(pk=scene.to_inspect.volunteer_id).update(last_name="")
    token = scene.link(NARROW[name], Who.CITIZEN)
    for page in pages_behind(name, token, scene):
        for found in set(TOKEN.findall(page)) | {token}:
            opened = {wider: Client().get(reverse(wider, args=[found])).status_code for wider in WIDER}
            assert set(opened.values()) == {404}, (name, opened)


@pytest.mark.parametrize("status", ["accepted", "declined", "expired", "withdrawn"])
def test_nor_does_a_question_that_is_answered_or_over(status: str, scene: Scene) -> None:
    Offer.objects.filter(pk=scene.offer.pk).update(status=status, answered_at=scene.now)
    page = Client().get(offer_url(scene.offer, scene.now)).content.decode()
    assert "Link zu „Meine Seite“ per E-\u2060Mail schicken" in page
    (found,) = set(TOKEN.findall(page))
    assert {Client().get(reverse(wider, args=[found])).status_code for wider in WIDER} == {404}


def test_every_kind_of_link_is_tried_here_or_opens_the_whole_page(scene: Scene) -> None:
    tokens = [scene.link(kind, Who.CITIZEN) for kind in (*NARROW.values(), *WHOLE, *FILES.values(), "ask")]
    kinds = {kind.purpose for kind in (*of_the_mailbox(), *link_kinds(), *NOT_RENEWED)}
    optional = {kind for kind in kinds if kind.startswith("unsubscribe.")}
    genuine = {kind for kind in kinds for token in tokens if is_genuine(kind, token)}
    assert kinds - genuine == optional - {f"unsubscribe.{DATE_REMINDERS.name}"}


def is_genuine(purpose: str, token: str) -> bool:
    try:
        signed_text(purpose, token)
    except LinkNotValid:
        return False
    return True


@pytest.mark.parametrize("name", FILES)
def test_no_calendar_file_holds_a_link_that_opens_anything(name: str, scene: Scene) -> None:
    answer = Client().get(reverse(name, args=[scene.link(FILES[name], Who.CITIZEN)]))
    assert answer.status_code == 200
    assert TOKEN.findall(answer.content.decode()) == []


def test_the_page_comes_by_mail_to_the_mailbox_and_nowhere_else(scene: Scene) -> None:
    client = Client()
    page = client.get(offer_url(scene.offer, scene.now)).content.decode()
    action = re.search(r'action="(/meins/anfordern/[^"]+)"', page)
    assert action is not None
    answer = client.post(action[1], {"email": "evil@example.org"})
    assert (answer.status_code, answer["Location"]) == (303, "/meins/gesendet/")
    assert TOKEN.findall(answer.content.decode()) == []
    run("citizens.answer_link_requests", utc_now())
    mail = mails("my_page_link").get()
    assert mail.to_email == "maria@example.org"
    assert client.get(link_in(mail, "/meins/")).status_code == 200


def test_asking_from_there_is_counted_like_asking_anywhere(scene: Scene) -> None:
    address = reverse("my_page_ask", args=[ask_token(scene.others_pledge.volunteer.mailbox, scene.now)])
    assert [Client().post(address).status_code for _turn in range(5)] == [303] * 4 + [429]
    assert LinkRequest.objects.count() == 4


def test_a_thanks_page_of_a_gift_holds_no_signed_link(scene: Scene) -> None:
    for name in ("donate_thanks", "donate_transfer"):
        page = Client().get(reverse(name, args=[scene.donation.public_id])).content.decode()
        assert TOKEN.findall(page) == []


def test_no_link_of_another_kind_passes_as_a_step(scene: Scene) -> None:
    """The 180-day link of a mail must not do by itself what a step of an hour does."""
    for step in NARROW_STEPS:
        for kind in {*PAGES, "ask", "feed"} - {NARROW[step]}:
            address = reverse(step, args=[scene.link(kind, Who.CITIZEN)])
            assert Client().post(address).status_code == 404, (step, kind)
    assert not Message.objects.filter(template="pledge_withdrawn").exists()
