"""A storm from many networks costs everybody else nothing: what is typed is stored, what is mailed leaves."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from accounts.models import User
from donations.models import Donation
from foundation.clock import utc_now
from foundation.limits import LimitReached
from outbox.models import Message
from outbox.services.asked import take_mail
from programs.models import City
from tests.access.scene import Scene
from tests.donations.visits import give
from tests.kept import kept
from tests.volunteers.pledging import send_pledge
from volunteers.models import TimePledge
from wirbrauchensie.pages.contact import ContactForm, send_to_office

HOME = "198.51.100.77"
NETWORKS = 70


def hostile_address(number: int) -> str:
    """One of seventy networks, half of them IPv6 sites that take a new household for every try."""
    network = number % NETWORKS
    return f"192.{network}.2.{number % 250}" if network % 2 else f"2001:db8:{network:x}:{number:x}::1"


@pytest.fixture(scope="module")
def storm_of_module(scene_of_module: Scene, django_db_blocker: DjangoDbBlocker) -> Iterator[datetime]:
    with kept(brew, django_db_blocker) as moment:
        yield moment


@pytest.fixture
def storm(scene: Scene, storm_of_module: datetime) -> datetime:
    """A thousand mails asked for and a thousand letters written from seventy networks."""
    return storm_of_module


def brew() -> datetime:
    Message.objects.all().delete()
    city, now = City.objects.get(), utc_now()
    form = ContactForm({"topic": "frage", "text": "Sturm"})
    assert form.is_valid()
    refused = count()
    for number in range(1000):
        form.cleaned_data["text"] = f"Sturm {number}"
        try:
            take_mail(client=hostile_address(number), to_email=f"a{number}@example.org", now=now)
            send_to_office(form, city=city, client=hostile_address(number), now=now)
        except LimitReached:
            next(refused)
    assert next(refused) < 1000
    return now


def test_a_thousand_hostile_tries_leave_every_form_open(storm: datetime, scene: Scene) -> None:
    stored = Message.objects.count()
    assert stored > 200
    home = Client(REMOTE_ADDR=HOME)
    email = "ehrlich@example.org"
    before = TimePledge.objects.count(), Donation.objects.count()
    assert send_pledge(home, email=email, address=HOME).status_code == 303
    assert home.post("/kontakt/", {"topic": "frage", "text": "Ein echter Brief"}).status_code == 200
    user = User.objects.filter(is_active=True).exclude(password_hash=None).first()
    assert user is not None
    assert home.post("/konto/password/reset/", {"email": user.email}).status_code == 302
    transfer = give(home, what={"zweck": scene.fund.slug}, method="transfer", email=email)
    assert transfer.status_code == 303
    assert (TimePledge.objects.count(), Donation.objects.count()) == (before[0] + 1, before[1] + 1)
    ours = Message.objects.order_by("pk")[stored:]
    assert [mail.template for mail in ours] == [
        "pledge_confirm",
        "contact_message",
        "account_password_reset_key",
        "transfer_data",
    ]
    assert [mail.due_at - mail.queued_at for mail in ours] == [storm - storm] * 4


def test_letters_of_the_storm_are_kept_and_wait(storm: datetime) -> None:
    assert Message.objects.filter(due_at__lte=storm).count() <= 300
    assert Message.objects.filter(due_at__gt=storm).exists()
