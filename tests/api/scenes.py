"""A small town for programs: what everybody may read, and a house whose program has a key."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from foundation.clock import local_day, utc_now
from programs.models import District, DistrictFigure, Membership, Opportunity, Provider, Shift
from programs.services.api_tokens import make_token
from tests.donations.gifts import PLEDGED_AT
from tests.factories import (
    make_activity,
    make_district,
    make_fund,
    make_opportunity,
    make_program,
    make_provider,
    make_shift,
    make_user,
)
from tests.figures.nights import book_gift, let_a_night_pass

ALL_SCOPES = ["tasks:read", "tasks:write", "dates:write"]


@dataclass(frozen=True)
class Town:
    """One public row of each kind, and one of each that is not."""

    soon: Shift
    district: District


def make_town() -> Town:
    district = make_district("Nord", slug="nord")
    house = make_provider("Haus", slug="haus", address="Weg 1")
    task = make_opportunity("Vorlesen", slug="vorlesen", provider=house, district=district, places=5)
    draft = make_opportunity("Geheim", slug="geheim", provider=house, district=district, status="draft")
    soon = make_shift(task, utc_now() + timedelta(days=3))
    make_shift(task, utc_now() - timedelta(days=1))
    make_shift(draft, utc_now() + timedelta(days=3))
    called_off = make_shift(task, utc_now() + timedelta(days=4))
    Shift.objects.filter(pk=called_off.pk).update(is_cancelled=True)
    fund = make_fund("Ranzen", slug="ranzen", provider=house, district=district)
    for _number in range(3):
        book_gift(fund, 3_000, PLEDGED_AT)
    let_a_night_pass(PLEDGED_AT)
    make_program("Treff", slug="treff", districts=[district], provider=house, topics=["family"])
    make_program("Weg", slug="weg", has_ended=True)
    DistrictFigure.objects.create(district=district, kind="population", value=4711, year=2023, source="Stadt")
    return Town(soon, district)


@dataclass(frozen=True)
class House:
    """A house with a published task that has a date, and the text of its key."""

    provider: Provider
    task: Opportunity
    key: str


def make_house() -> House:
    provider = make_provider("Haus am Markt")
    owner = make_user(Membership.Role.OWNER, provider)
    task = make_opportunity("Basteln", provider=provider, slots=[])
    make_shift(task, utc_now() + timedelta(days=3))
    key = make_token(provider, "Dienstplan", ALL_SCOPES, by=owner, now=utc_now())[1]
    return House(provider, task, key)


def said_of_a_task(**change: Any) -> dict[str, Any]:
    """What a program says of a new task; its district and activity are made."""
    district, activity = make_district("Süd", slug="sued"), make_activity("Vorlesen")
    said = {
        "title": "Vorlesen",
        "task": "Sie lesen einer Gruppe vor.",
        "field": "education",
        "district": district.slug,
        "site": "Stadtbücherei",
        "starts_on": str(local_day(utc_now()) + timedelta(days=7)),
        "activity": activity.slug,
        "places": 3,
        "weekly": [{"weekday": 1, "from": "15:00", "to": "16:30"}],
    }
    return {**said, **change}
