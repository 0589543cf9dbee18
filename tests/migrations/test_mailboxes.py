"""From two apps with addresses of their own to one mailbox: no row is lost, links in people's mails still open."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test.utils import override_settings

from foundation.links import sign
from tests.migrations.old_rows import FIRST, manage

pytestmark = pytest.mark.live
FOUND = """
import json
from django.test import Client
from citizens.models import LinkRequest, Mailbox
from donations.models import Donation, Donor
from volunteers.models import Volunteer
links = json.loads('''{links}''')
mailboxes = Mailbox.objects.exclude(email__endswith="@demo.example")
requests = LinkRequest.objects.exclude(email__endswith="@demo.example")
print(json.dumps({{
    "mailboxes": sorted(mailboxes.values_list("email", flat=True)),
    "people": list(Volunteer.objects.filter(pk__gte={first}).order_by("pk").values_list("first_name", "mailbox__email")),
    "confirmed": sorted(mailboxes.filter(confirmed_at__isnull=False).values_list("email", flat=True)),
    "erased": list(mailboxes.filter(erased_at__isnull=False).values_list("email", flat=True)),
    "givers": list(Donor.objects.filter(pk__gte={first}).order_by("pk").values_list("pk", "mailbox__email")),
    "gifts": list(Donation.objects.filter(donor__gte={first}).order_by("pk").values_list("donor_id", flat=True)),
    "requests": sorted(requests.values_list("email", flat=True)),
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
            "pledges of the renewed link": meins("my_pledges", f"{FIRST + 1}.3"),
            "pledges of a link made void": meins("my_pledges", f"{FIRST + 1}.2"),
            "pledges": meins("my_pledges", f"{FIRST + 3}.1"),
            "gifts": meins("my_gifts", f"{FIRST + 1}"),
            "gifts of a giver joined to another": meins("my_gifts", f"{FIRST + 2}"),
            "erased": meins("my_pledges", f"{FIRST + 4}.2"),
        }


@pytest.fixture(scope="module")
def found(migrated: dict[str, str]) -> dict[str, object]:
    """What became of these rows; those of the demo stand beside them."""
    show_secret = "from django.conf import settings; print(settings.SECRET_KEY)"
    secret = manage("shell", "-v", "0", "-c", show_secret, env=migrated)
    script = FOUND.format(links=json.dumps(tokens(secret.strip())), first=FIRST)
    return json.loads(manage("shell", "-v", "0", "-c", script, env=migrated))


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
    assert found["givers"] == [
        [FIRST + 1, "maria@xn--mller-kva.de"],
        [FIRST + 3, "geberin@example.org"],
    ]


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
