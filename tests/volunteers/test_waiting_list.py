"""A full task has a waiting list: who waits longest gets the free place first, held until a stated day."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from citizens.services.links import my_page_token
from foundation.clock import utc_now
from foundation.sweeps import run
from programs.models import Opportunity, Role
from tests.factories import TUESDAY_AFTERNOON, make_opportunity, occupied
from tests.volunteers.pledging import mails, make_group, make_placement, make_pledge
from volunteers.models import Offer, Placement, TimePledge
from volunteers.services.answers import accept_offer, expire_due
from volunteers.services.pauses import pause_pledge
from volunteers.services.placement_endings import leave_placement

pytestmark = pytest.mark.django_db
SETTLED = timedelta(minutes=2)


@pytest.fixture
def full(now: datetime) -> Placement:
    """The only place of a task, and who has it."""
    task = make_opportunity("Lesecafé", slots=[TUESDAY_AFTERNOON], places=1, clearance_required=False)
    return make_placement(
        make_pledge(now, email="anna@example.org"), task, now, "active", from_on=date(2026, 3, 2)
    )


def waits(task: Opportunity, name: str, since: datetime) -> TimePledge:
    return make_pledge(since, email=f"{name.lower()}@example.org", first_name=name, wanted=task)


def match(now: datetime) -> None:
    run("volunteers.match", now)


def asked() -> list[tuple[str, str]]:
    rows = Offer.objects.filter(sent_at__isnull=False).order_by("sent_at", "pk")
    return [(row.pledge.volunteer.first_name, row.status) for row in rows.select_related("pledge__volunteer")]


class TestAFreePlace:
    def test_is_held_for_whoever_waits_longest_until_the_day_in_the_mail(
        self, full: Placement, now: datetime
    ) -> None:
        waits(full.opportunity, "Später", now + timedelta(hours=2))
        waits(full.opportunity, "Zuerst", now + timedelta(hours=1))
        match(now + timedelta(hours=3))
        assert asked() == []
        freed = now + timedelta(hours=4)
        assert leave_placement(full, now=freed)
        match(freed + SETTLED)
        assert asked() == [("Zuerst", "sent")]
        full.opportunity.refresh_from_db()
        assert (occupied(full.opportunity), full.opportunity.places) == (1, 1)
        offer = Offer.objects.get(status="sent")
        text = mails("offer").get().body_text.replace("\u00a0", " ")
        assert "So lange halten wir den Platz für Sie frei" in text
        assert "Montag, 9. März 2026" in text
        assert offer.expires_at is not None
        assert offer.expires_at.date() == date(2026, 3, 9)

    def test_that_is_not_confirmed_in_time_goes_to_the_next(self, full: Placement, now: datetime) -> None:
        waits(full.opportunity, "Zuerst", now)
        waits(full.opportunity, "Dann", now + timedelta(hours=1))
        leave_placement(full, now=now + timedelta(hours=2))
        match(now + timedelta(hours=2) + SETTLED)
        offer = Offer.objects.get(status="sent")
        assert offer.expires_at is not None
        late = offer.expires_at
        assert expire_due(late - timedelta(seconds=1)) == 0
        assert run("volunteers.expire_offers", late) == 1
        assert accept_offer(offer, now=late).status == "expired"
        match(late + SETTLED)
        assert asked() == [("Zuerst", "expired"), ("Dann", "sent")]
        accept_offer(Offer.objects.get(status="sent"), now=late + timedelta(hours=1))
        full.opportunity.refresh_from_db()
        assert occupied(full.opportunity) == 1
        assert Placement.objects.filter(status__in=Placement.HOLDING).count() == 1


def _copy(pledge: TimePledge) -> TimePledge:
    again = TimePledge.objects.get(pk=pledge.pk)
    again.pk, again.submission = None, uuid4()
    return again


class TestThePages:
    @pytest.fixture
    def task(self) -> Opportunity:
        return make_opportunity("Lesecafé", places=1, places_taken=1, clearance_required=False)

    def place_of(self, client: Client, pledge: TimePledge) -> str:
        token = my_page_token(pledge.volunteer.mailbox, utc_now())
        body = client.get(reverse("my_page", args=[token])).content.decode()
        return body.split("Warteliste an Stelle ")[1].split(".")[0] if "an Stelle" in body else ""

    def test_a_full_task_offers_its_waiting_list(self, client: Client, task: Opportunity) -> None:
        body = client.get(task.get_absolute_url()).content.decode()
        assert "Auf die Warteliste" in body
        assert f'href="{reverse("pledge_time_for", args=[task.slug])}"' in body
        Role.objects.filter(opportunity=task).update(places=2)
        assert "Warteliste" not in client.get(task.get_absolute_url()).content.decode()
        Opportunity.objects.filter(pk=task.pk).update(status="paused")
        assert "Warteliste" not in client.get(task.get_absolute_url()).content.decode()

    def test_each_reads_their_place_and_those_who_rest_or_are_there_do_not_count(
        self, client: Client, task: Opportunity
    ) -> None:
        now = utc_now()
        first, second, third = (
            waits(task, name, now - timedelta(hours=hours)) for name, hours in (("A", 3), ("B", 2), ("C", 1))
        )
        assert [self.place_of(client, each) for each in (first, second, third)] == ["1", "2", "3"]
        assert pause_pledge(first, until=now.date() + timedelta(days=30), now=now)
        assert self.place_of(client, third) == "2"
        Role.objects.filter(opportunity=task).update(places=2)
        make_placement(second, task, now, "awaiting_confirmation")
        assert self.place_of(client, third) == "1"

    def test_a_group_ahead_counts_with_all_its_heads_and_whoever_wishes_twice_once(
        self, client: Client, task: Opportunity
    ) -> None:
        now = utc_now()
        Role.objects.filter(opportunity=task).update(places=8, places_taken=8)
        choir = make_group(now - timedelta(hours=3), 6, wanted=task)
        twice = waits(task, "Zweimal", now - timedelta(hours=2))
        TimePledge.objects.bulk_create([_copy(twice)])
        last = waits(task, "Danach", now - timedelta(hours=1))
        assert [self.place_of(client, each) for each in (choir, last)] == ["1", "8"]

    def test_whoever_lacks_something_is_told_that_and_no_number(self, client: Client) -> None:
        task = make_opportunity("Chor", places=1, places_taken=1, languages=["tr"])
        assert self.place_of(client, waits(task, "A", utc_now())) == ""
