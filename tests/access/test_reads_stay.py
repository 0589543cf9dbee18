"""What a page of the coordination reads does not grow with its rows."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from donations.models import Refund
from figures.models import CityReport
from foundation.clock import local_day
from programs.models import Opportunity
from programs.services.closures import close_days
from tests.access.people import Who
from tests.access.scene import Scene
from tests.donations.gifts import make_donation
from tests.factories import (
    make_activity,
    make_district,
    make_fund,
    make_notice,
    make_opportunity,
    make_program,
    make_provider,
    make_role,
    make_shift,
)
from tests.volunteers.pledging import make_placement, make_pledge, make_sent_offer
from volunteers.models import Assignment

PAGES = {
    Who.YOUTH_OFFICE: [
        "coordination",
        "coordination_activities",
        "coordination_dashboard",
        "coordination_notices",
        "coordination_offers",
        "coordination_opportunities",
        "coordination_placements",
        "coordination_pledges",
        "coordination_providers",
        "coordination_reports",
        "coordination_roster",
        "coordination_weights",
    ],
    Who.OFFICER: ["coordination", "coordination_clearances"],
    Who.YOUTH_OFFICER: ["coordination", "coordination_silences"],
    Who.TREASURER: [
        "coordination",
        "coordination_books",
        "coordination_donations",
        "coordination_receipts",
        "coordination_wishes",
    ],
    Who.OPERATOR: ["coordination", "coordination_night_watch"],
}


def addresses(scene: Scene, who: Who) -> list[str]:
    found = [reverse(name) for name in PAGES[who]]
    if who is Who.YOUTH_OFFICE:
        task = scene.published.pk
        found += [
            reverse("coordination_opportunity", args=[task]),
            reverse("coordination_task_people", args=[task]),
            reverse("coordination_person", args=[scene.person.pk]),
            reverse("coordination_placement", args=[scene.active.pk]),
        ]
    return found


def grow(scene: Scene, numbers: range) -> None:
    """Make one more of everything that these pages show, for each number."""
    now, own = scene.now, scene.provider
    for number in numbers:
        days = timedelta(days=number + 1)
        district = make_district(f"Viertel {number}")
        make_program(districts=[district])
        make_activity()
        task = make_opportunity(provider=own, district=district, places=9)
        make_role(task, "Fahren", places=2)
        make_opportunity(provider=make_provider(), district=district)
        make_opportunity(provider=own, district=district, status="in_review")
        pledge = make_pledge(now, email=f"mensch-{number}@example.org", home_district=district)
        make_placement(pledge, make_opportunity(provider=own), now, "awaiting_clearance")
        make_placement(pledge, _open_task(scene), now, "awaiting_confirmation")
        placement = make_placement(scene.pledge, _open_task(scene), now, "active", from_on=local_day(now))
        for moment in (now - days, now + days):
            for held, hours in ((placement, 0), (scene.active, 4)):
                shift = make_shift(held.opportunity, moment + timedelta(hours=hours))
                Assignment.objects.create(placement=held, shift=shift, status_changed_at=now)
        other = make_pledge(now, email=f"frage-{number}@example.org")
        make_sent_offer(other, make_opportunity(provider=own), now)
        close_days(
            task, from_on=local_day(now + days), until_on=local_day(now + days), reason="illness", now=now
        )
        make_notice("task", task.pk, now)
        fund = make_fund(provider=own)
        kept = make_donation(fund, status="received", received_at=now)
        Refund.objects.create(
            donation=kept,
            external_id=f"re_grown_{number}",
            amount_cents=500,
            status="failed",
            refunded_at=now,
            failed_at=now,
        )
        make_donation(fund, amount_cents=200_000, status="received", received_at=now, acceptance="awaiting")
        CityReport.objects.create(
            made_at=now, counted_on=local_day(now), period="365", content=scene.report.content
        )


def _open_task(scene: Scene) -> Opportunity:
    return make_opportunity(provider=scene.provider, clearance_required=False)


def reads(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200, address
    return len(seen)


def test_ten_times_the_rows_are_read_in_as_many_queries(scene: Scene) -> None:
    clients = {who: scene.client(who) for who in PAGES}

    def measured() -> dict[tuple[Who, str], int]:
        return {
            (who, address): reads(client, address)
            for who, client in clients.items()
            for address in addresses(scene, who)
        }

    grow(scene, range(1))
    measured()  # what is kept between pages is kept now
    few = measured()
    grow(scene, range(1, 10))
    many = measured()
    grown = {page: (few[page], many[page]) for page in few if many[page] > few[page]}
    assert grown == {}
    assert max(many.values()) <= 60
