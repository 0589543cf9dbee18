"""From two apps with addresses of their own to one mailbox: no row is lost, links in people's mails still open."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.test.utils import override_settings
from pytest_django import DjangoDbBlocker

from foundation.links import sign
from tests.browser.running_product import fresh_database
from tests.migrations.test_november import manage
from tests.processes import database_address, environment

pytestmark = pytest.mark.live
BEFORE = (("volunteers", "0006_hours_by_day"), ("donations", "0007_ask_with_distance_and_checkpoints"))
CONFIRMED = "2026-03-02 09:00+00"
VOLUNTEERS = [  # pk, first name, address, confirmed, erased, version of links
    (1, "Maria", "maria@müller.de", CONFIRMED, None, 3),
    (2, "Tippt", "maria@xn--mller-kva.de", None, None, 1),
    (3, "Jonas", "Jonas@example.org", CONFIRMED, None, 1),
    (4, "", "geloescht-4@erased.invalid", CONFIRMED, CONFIRMED, 2),
    (5, "Nur", "nur-getippt@example.org", None, None, 1),
]
DONORS = [(1, "maria@müller.de"), (2, "Maria@xn--mller-kva.de"), (3, "geberin@example.org")]
FOUND = """
import json
from django.test import Client
from citizens.models import LinkRequest, Mailbox
from donations.models import Donation, Donor
from volunteers.models import Volunteer
links = json.loads('''{links}''')
print(json.dumps({{
    "mailboxes": sorted(Mailbox.objects.values_list("email", flat=True)),
    "people": list(Volunteer.objects.order_by("pk").values_list("first_name", "mailbox__email")),
    "confirmed": sorted(Mailbox.objects.filter(confirmed_at__isnull=False).values_list("email", flat=True)),
    "erased": list(Mailbox.objects.filter(erased_at__isnull=False).values_list("email", flat=True)),
    "givers": list(Donor.objects.order_by("pk").values_list("pk", "mailbox__email")),
    "gifts": list(Donation.objects.order_by("pk").values_list("donor_id", flat=True)),
    "requests": sorted(LinkRequest.objects.values_list("email", flat=True)),
    "opened": {{name: Client().get(path).status_code for name, path in links.items()}},
}}))
"""


def tokens(secret: str) -> dict[str, str]:
    """Return paths as the mails of the time before carry them."""
    now, half_a_year = datetime.now(UTC) - timedelta(days=1), timedelta(days=180)

    def meins(purpose: str, subject: str) -> str:
        return f"/meins/{sign(purpose, subject, now=now, valid_for=half_a_year)}/"

    with override_settings(SECRET_KEY=secret):
        return {
            "pledges of the renewed link": meins("my_pledges", "1.3"),
            "pledges of a link made void": meins("my_pledges", "1.2"),
            "pledges": meins("my_pledges", "3.1"),
            "gifts": meins("my_gifts", "1"),
            "gifts of a giver joined to another": meins("my_gifts", "2"),
            "erased": meins("my_pledges", "4.2"),
        }


@pytest.fixture(scope="module")
def found(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, object]]:
    with django_db_blocker.unblock(), fresh_database("test_mailboxes") as name:
        env = environment(DATABASE_URL=database_address(name))
        for app, migration in BEFORE:
            manage("migrate", "--no-input", app, migration, env=env)
        with psycopg.connect(database_address(name), autocommit=True) as database:
            _fill(database)
        manage("migrate", "--no-input", env=env)
        secret = manage("shell", "-v", "0", "-c", "from django.conf import settings; print(settings.SECRET_KEY)", env=env)
        script = FOUND.format(links=json.dumps(tokens(secret.strip())))
        yield json.loads(manage("shell", "-v", "0", "-c", script, env=env))


def _fill(database: psycopg.Connection) -> None:
    database.cursor().executemany(
        "INSERT INTO volunteers_volunteer (id, first_name, last_name, email, phone, is_adult, created_at, confirmed_at,"
        " erased_at, link_version, is_demo) VALUES (%s, %s, '', %s, '', true, now(), %s, %s, %s, false)",
        VOLUNTEERS,
    )
    database.cursor().executemany(
        "INSERT INTO donations_donor (id, email, created_at, is_demo) VALUES (%s, %s, now(), false)", DONORS
    )
    database.execute("INSERT INTO volunteers_linkrequest (email, requested_at) VALUES ('Jonas@Example.org', now())")
    database.execute("INSERT INTO donations_giftlinkrequest (email, requested_at) VALUES ('g@müller.de', now())")


def test_every_address_has_one_mailbox(found: dict[str, object]) -> None:
    assert found["mailboxes"] == [
        "geberin@example.org",
        "geloescht-4@erased.invalid",
        "jonas@example.org",
        "maria@xn--mller-kva.de",
        "nur-getippt@example.org",
    ]


def test_no_person_is_lost_drafts_included(found: dict[str, object]) -> None:
    assert found["people"] == [
        ["Maria", "maria@xn--mller-kva.de"],
        ["Tippt", "maria@xn--mller-kva.de"],
        ["Jonas", "jonas@example.org"],
        ["", "geloescht-4@erased.invalid"],
        ["Nur", "nur-getippt@example.org"],
    ]
    assert found["confirmed"] == ["geloescht-4@erased.invalid", "jonas@example.org", "maria@xn--mller-kva.de"]
    assert found["erased"] == ["geloescht-4@erased.invalid"]


def test_two_spellings_of_a_giver_are_one(found: dict[str, object]) -> None:
    assert found["givers"] == [[1, "maria@xn--mller-kva.de"], [3, "geberin@example.org"]]


def test_who_asked_for_a_link_in_that_moment_gets_it(found: dict[str, object]) -> None:
    assert found["requests"] == ["g@xn--mller-kva.de", "jonas@example.org"]


def test_links_in_mails_of_before_open_what_they_opened_and_void_ones_stay_void(
    found: dict[str, dict[str, int]],
) -> None:
    assert found["opened"] == {
        "pledges of the renewed link": 200,
        "pledges of a link made void": 404,
        "pledges": 200,
        "gifts": 200,
        "gifts of a giver joined to another": 404,
        "erased": 404,
    }
