"""A database of November 2026, made by its own demo, comes to today's schema without loss."""

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg import connect
from pytest_django import DjangoDbBlocker

from tests.browser.running_product import fresh_database
from tests.processes import ROOT, database_address, environment

pytestmark = pytest.mark.live
DUMP = Path(__file__).with_name("november-2026.sql.gz")

# Moves such as older versions wrote them, beside those of the demo: object, noun, from, to, actor, reason.
MOVES = [
    (900001, "opportunity", "draft", "in_review", "user:12", ""),
    (900002, "donation", "pledged", "received", "stripe", "2500 Cent zugesagt"),
    (900003, "recurringdonation", "active", "cancelled", "donor", ""),
    (900004, "timepledge", "unconfirmed", "open", "volunteer", ""),
    (900005, "offer", "sent", "expired", "user:oops", ""),
    (900006, "ghost", "", "there", "", ""),
]

# Run in a process of its own on the migrated database.
COUNT = """
import json
from collections import Counter
from django.apps import apps
from django.db.models import Sum
from django.test import Client
from foundation.models import Event
from donations.models import Donation, LedgerEntry
from donations.selectors.ledger import faults
from programs.models import Fund
from volunteers.models import Assignment, HoursEntry, Offer, Placement, TimePledge

def by_status(model):
    return dict(Counter(model.objects.values_list("status", flat=True)))

print(json.dumps({
    "rows": {model._meta.label: model._base_manager.count() for model in apps.get_models()},
    "pledges": by_status(TimePledge),
    "offers": by_status(Offer),
    "placements": by_status(Placement),
    "assignments": by_status(Assignment),
    "minutes": HoursEntry.objects.aggregate(total=Sum("minutes"))["total"],
    "given": Donation.objects.aggregate(total=Sum("amount_cents"))["total"],
    "entries": LedgerEntry.objects.count(),
    "funds": {
        fund.slug: [fund.received_cents, fund.balance_cents, fund.gift_count] for fund in Fund.objects.all()
    },
    "faults": faults(),
    "hands": dict(Counter(Event.objects.filter(kind="transition", object_id__lt=900000).values_list(
        "actor_kind", flat=True))),
    "moves": list(Event.objects.filter(object_id__gt=900000).order_by("object_id").values_list(
        "object_id", "app_label", "model", "from_status", "to_status",
        "actor_kind", "actor_user", "actor_role", "reason")),
    "pages": {path: Client().get(path).status_code for path in ("/", "/zeit/", "/spenden/", "/hilfe/")},
}))
"""


@pytest.fixture(scope="module")
def old_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, str]]:
    """The environment of a process that works on the old data."""
    with django_db_blocker.unblock(), fresh_database("test_november") as name:
        with connect(database_address(name), autocommit=True) as database:
            database.execute(gzip.decompress(DUMP.read_bytes()).decode())
            database.cursor().executemany(
                "INSERT INTO public.foundation_transition"
                " (object_id, noun, from_status, to_status, actor, reason, happened_at)"
                " VALUES (%s, %s, %s, %s, %s, %s, now())",
                MOVES,
            )
        yield environment(DATABASE_URL=database_address(name))


def manage(*arguments: str, env: dict[str, str]) -> str:
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def found(old_database: dict[str, str]) -> dict[str, object]:
    manage("migrate", "--no-input", env=old_database)
    return json.loads(manage("shell", "-v", "0", "-c", COUNT, env=old_database))


def test_no_row_of_a_person_a_date_or_a_gift_is_lost(found: dict[str, dict[str, int]]) -> None:
    kept = {
        "accounts.User": 6,
        "donations.BankTransaction": 42,
        "donations.Donation": 45,
        "donations.Donor": 45,
        "donations.LedgerEntry": 84,
        "donations.LedgerTransaction": 42,
        "donations.Payment": 42,
        "donations.TransferReference": 45,
        "outbox.Message": 285,
        "programs.District": 22,
        "programs.Fund": 5,
        "programs.Membership": 8,
        "programs.Opportunity": 20,
        "programs.Program": 38,
        "programs.Provider": 17,
        "programs.Shift": 428,
        "volunteers.Assignment": 249,
        "volunteers.Availability": 238,
        "volunteers.Clearance": 14,
        "volunteers.HoursEntry": 100,
        "volunteers.MatchRun": 4,
        "volunteers.Offer": 47,
        "volunteers.Placement": 23,
        "volunteers.TimePledge": 60,
        "volunteers.Volunteer": 60,
    }
    assert {label: found["rows"].get(label) for label in kept} == kept


def test_everything_is_in_the_state_it_was_in(found: dict[str, object]) -> None:
    assert found["pledges"] == {"open": 44, "placed": 16}
    assert found["offers"] == {"accepted": 23, "declined": 10, "expired": 5, "sent": 9}
    assert found["placements"] == {"active": 16, "awaiting_confirmation": 7}
    assert found["assignments"] == {"attended": 100, "confirmed": 136, "excused": 13}
    assert found["minutes"] == 9570


def test_every_move_is_a_line_of_the_history_with_its_hand(found: dict[str, object]) -> None:
    assert found["hands"] == {"user": 40, "citizen": 93, "system": 253}
    assert found["moves"] == [
        [900001, "programs", "opportunity", "draft", "in_review", "user", 12, "", ""],
        [900002, "donations", "donation", "pledged", "received", "stripe", None, "", "2500 Cent zugesagt"],
        [900003, "donations", "recurringdonation", "active", "cancelled", "citizen", None, "donor", ""],
        [900004, "volunteers", "timepledge", "unconfirmed", "open", "citizen", None, "volunteer", ""],
        [900005, "volunteers", "offer", "sent", "expired", "system", None, "user:oops", ""],
        [900006, "", "ghost", "", "there", "system", None, "", ""],
    ]


def test_the_books_are_the_same(found: dict[str, object]) -> None:
    assert found["given"] == 211_000
    assert found["funds"] == {
        "kinderfonds": [64_500, 64_500, 17],
        "mikroprojekte": [5_000, 5_000, 2],
        "duerener-sommer": [49_500, 49_500, 10],
        "duerener-ranzen": [35_000, 35_000, 8],
        "schwimmkurse": [27_000, 27_000, 5],
    }
    assert found["faults"] == []


def test_the_pages_open_on_the_old_data(found: dict[str, object]) -> None:
    assert found["pages"] == {"/": 200, "/zeit/": 200, "/spenden/": 200, "/hilfe/": 200}


def test_loading_the_city_again_loses_nothing(
    found: dict[str, dict[str, int]], old_database: dict[str, str]
) -> None:
    manage("load_city", "dueren", env=old_database)
    again = json.loads(manage("shell", "-v", "0", "-c", COUNT, env=old_database))
    for label in ("programs.Opportunity", "programs.Program", "programs.Provider", "programs.Fund"):
        assert again["rows"][label] >= found["rows"][label]
    assert again["funds"] == found["funds"]
