"""A database of November 2026, made by its own demo, comes to today's schema without loss."""

import json

import pytest

from tests.migrations.old_rows import JOINED_DONORS, VOLUNTEERS, manage

pytestmark = pytest.mark.live

# Run in a process of its own on the migrated database.
COUNT = r"""
import json
from collections import Counter
from django.apps import apps
from django.db.models import Count, F, Q, Sum
from django.test import Client
from foundation.models import Event
from donations.models import Donation, LedgerEntry
from donations.selectors.ledger import balance_lines, faults
from donations.selectors.row_faults import row_faults
from figures.models import Fact
from figures.services import sources
from programs.models import ActivityVersion, Fund, FundUpdate, Role
from volunteers.models import Assignment, HoursEntry, Offer, Placement, TimePledge

NEEDED = ("name", "places", "skills", "languages", "minimum_age")

def by_status(model):
    return dict(Counter(model.objects.values_list("status", flat=True)))

print(json.dumps({
    "rows": {model._meta.label: model._base_manager.count() for model in apps.get_models()},
    "pledges": by_status(TimePledge),
    "offers": by_status(Offer),
    "placements": by_status(Placement),
    "assignments": by_status(Assignment),
    "asked": sorted(map(list, Role.objects.values_list(
        "opportunity", "contact_with_minors", "clearance_required", "activity__slug"))),
    "needed": sorted(map(list, Role.objects.values_list("opportunity", *NEEDED))),
    "occupied": sorted(map(list, Role.objects.annotate(
        asked=Count("offers", filter=Q(offers__status="sent"))).values_list(
        "opportunity", F("places_taken") + F("places_held"), F("places_held") - F("asked")))),
    "hanging": [
        model.objects.filter(role__opportunity=F(task)).count() for model, task in (
            (Offer, "opportunity"), (Placement, "opportunity"), (Assignment, "shift__opportunity"))],
    "wished": TimePledge.objects.exclude(wanted_opportunity=F("wanted_role__opportunity")).exclude(
        wanted_opportunity=None).count(),
    "confirmed": ActivityVersion.objects.exclude(released_at=None).count(),
    "minutes": HoursEntry.objects.aggregate(total=Sum("minutes"))["total"],
    "given": Donation.objects.aggregate(total=Sum("amount_cents"))["total"],
    "entries": LedgerEntry.objects.count(),
    "funds": {
        fund.slug: [fund.received_cents, fund.balance_cents, fund.gift_count] for fund in Fund.objects.all()
    },
    "news": list(FundUpdate.objects.values_list("title", "is_shown")),
    "faults": [*faults(), *row_faults()],
    "balances": sorted(line.split("\t") for line in balance_lines()),
    "hands": dict(Counter(Event.objects.filter(kind="transition", object_id__lt=900000).values_list(
        "actor_kind", flat=True))),
    "moves": list(Event.objects.filter(object_id__gt=900000).order_by("object_id").values_list(
        "object_id", "app_label", "model", "from_status", "to_status",
        "actor_kind", "actor_user", "actor_role", "reason")),
    "facts": dict(Counter(Fact.objects.filter(measure__in=["hours", "placed"]).values_list("measure", flat=True))),
    "untrue": sources.differences(),
    "pages": {path: Client().get(path).status_code for path in ("/", "/zeit/", "/spenden/", "/hilfe/")},
}))
"""


@pytest.fixture(scope="module")
def found(migrated: dict[str, str]) -> dict[str, object]:
    return json.loads(manage("shell", "-v", "0", "-c", COUNT, env=migrated))


def test_no_row_of_a_person_a_date_or_a_gift_is_lost(found: dict[str, dict[str, int]]) -> None:
    kept = {
        "accounts.User": 6,
        "donations.Allocation": 42,
        "donations.BankTransaction": 44,
        "donations.Donation": 45,
        "donations.Donor": 45 + len(JOINED_DONORS),
        "donations.LedgerEntry": 88,
        "donations.LedgerTransaction": 44,
        "donations.Payment": 42,
        "donations.TransferReference": 45,
        "outbox.Message": 285,
        "programs.District": 22,
        "programs.Fund": 5,
        "programs.Membership": 8,
        "programs.Opportunity": 20,
        "programs.Program": 38,
        "programs.Provider": 17,
        "programs.Role": 20,
        "programs.Shift": 428,
        "volunteers.Assignment": 249,
        "volunteers.Availability": 238,
        "volunteers.Clearance": 14,
        "volunteers.HoursEntry": 100,
        "volunteers.MatchRun": 4,
        "volunteers.Offer": 47,
        "volunteers.Placement": 23,
        "volunteers.TimePledge": 60,
        "volunteers.Volunteer": 60 + len(VOLUNTEERS),
    }
    assert {label: found["rows"].get(label) for label in kept} == kept


def test_every_task_asks_for_what_it_asked_for_and_has_the_activity_that_does(
    found: dict[str, list[list[object]]], asked_before: list[list[object]]
) -> None:
    assert [row[:3] for row in found["asked"]] == asked_before
    fitting = {
        (True, True): "regelmaessig-begleiten",
        (True, False): "bisher-ohne-zeugnis",
        (False, True): "bisher-ohne-kontakt-mit-zeugnis",
        (False, False): "ohne-kontakt",
    }
    asked = {(row[1], row[2]) for row in asked_before}
    assert len(asked) == 4
    assert {(row[1], row[2], row[3]) for row in found["asked"]} == {(*key, fitting[key]) for key in asked}
    assert found["confirmed"] == 0


def test_each_task_has_one_role_with_all_that_it_needed_and_everything_hangs_on_it(
    found: dict[str, object], needed_before: dict[str, list[list[object]]]
) -> None:
    assert found["needed"] == needed_before["needed"]
    assert found["occupied"] == needed_before["occupied"]
    assert found["hanging"] == [47, 23, 249]
    assert found["wished"] == 0


def test_what_happened_before_facts_were_written_at_once_is_a_fact(found: dict[str, object]) -> None:
    assert found["facts"] == {"hours": 100, "placed": 16}
    assert found["untrue"] == {}


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


def test_each_entry_stands_on_the_account_its_word_meant(
    found: dict[str, list[list[str]]], old_sums: list[list[str]]
) -> None:
    """An account at the bank is named by its IBAN from now on; nothing else is new, and no sum."""
    now = sorted([kind, fund, owner.partition("/")[0], cents] for kind, fund, owner, cents in found["balances"])
    assert now == old_sums
    assert {row[3] for row in now if row[0] == "unclear"} == {"-100", "-200"}
    assert sum(int(row[3]) for row in now) == 0


def test_news_that_were_public_stay_public(found: dict[str, list[list[object]]]) -> None:
    assert found["news"] == [["Danke", True]]


def test_the_pages_open_on_the_old_data(found: dict[str, object]) -> None:
    assert found["pages"] == {"/": 200, "/zeit/": 200, "/spenden/": 200, "/hilfe/": 200}


def test_loading_the_city_again_loses_nothing(
    found: dict[str, dict[str, int]], migrated: dict[str, str]
) -> None:
    manage("load_city", "dueren", env=migrated)
    again = json.loads(manage("shell", "-v", "0", "-c", COUNT, env=migrated))
    for label in ("programs.Opportunity", "programs.Program", "programs.Provider", "programs.Fund"):
        assert again["rows"][label] >= found["rows"][label]
    assert again["funds"] == found["funds"]
