"""`demo_people`: very many invented people, written in bulk, stand as if each had used the pages."""

from collections import Counter
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.test import Client

from accounts.models import User
from citizens.models import Mailbox
from donations.models import Donation, LedgerEntry
from donations.services.books.checks import check_whole_ledger
from foundation.clock import local_day, utc_now
from foundation.models import Event
from programs.models import Fund, Opportunity, Role, ShiftRole
from volunteers.domain.seats import HOLDS_SEAT
from volunteers.models import Assignment, HoursEntry, Offer, Placement, TimePledge, Volunteer, Wave
from volunteers.selectors.gate import gates_of
from volunteers.services.misfits import withdraw_misfits
from workshop.demo.progress import Progress

pytestmark = pytest.mark.django_db
PEOPLE = 60


@pytest.fixture
def lines(db: None, client: Client) -> list[str]:
    call_command("load_city", "dueren", "--demo-values", verbosity=0)
    out = StringIO()
    call_command("demo_people", volunteers=PEOPLE, seed=3, stdout=out)
    return out.getvalue().splitlines()


def test_a_crowd_stands_as_if_each_had_used_the_pages(lines: list[str], client: Client) -> None:
    assert "Personen mit Zeitzusage: 60 von 60, noch etwa 0 s" in lines
    everybody_is_there_once_and_confirmed()
    places_and_seats_are_what_the_rows_say()
    nobody_is_asked_whom_a_gate_refuses()
    answers_became_placements()
    nobody_comes_without_what_is_asked()
    hours_are_of_dates_somebody_came_to()
    books_agree()
    client.force_login(User.objects.get(email="jugendamt@demo.example"))
    assert client.get("/koordination/").status_code == 200


def everybody_is_there_once_and_confirmed() -> None:
    assert (Volunteer.objects.count(), TimePledge.objects.count()) == (PEOPLE, PEOPLE)
    assert not Volunteer.objects.exclude(is_demo=True, mailbox__email__endswith="@demo.example").exists()
    assert not Mailbox.objects.filter(volunteers__isnull=False, confirmed_at=None).exists()
    opened = Event.objects.filter(model="timepledge", from_status="unconfirmed", to_status="open")
    assert opened.values("object_id").distinct().count() == opened.count() == PEOPLE
    assert not TimePledge.objects.filter(windows=None).exists()
    assert not TimePledge.objects.filter(Q(confirmed_at=None) | Q(answer_due_at=None)).exists()
    assert TimePledge.objects.dates("confirmed_at", "week").count() > 1


def places_and_seats_are_what_the_rows_say() -> None:
    holding = Placement.objects.filter(role=OuterRef("pk"), status__in=Placement.HOLDING)
    asked = Offer.objects.filter(role=OuterRef("pk"), status="sent", is_shared=False)
    wave = Wave.objects.filter(role=OuterRef("pk"))
    roles = Role.objects.annotate(taken=_heads(holding), held=_heads(asked), shared=_sum(wave, "places"))
    assert not roles.exclude(places_taken=F("taken"), places_held=F("held") + F("shared")).exists()
    there = Assignment.objects.filter(shift=OuterRef("shift"), role=OuterRef("role"), status__in=HOLDS_SEAT)
    assert not ShiftRole.objects.annotate(there=_heads(there)).exclude(places_taken=F("there")).exists()


def _heads(rows: QuerySet[Any]) -> Coalesce:
    return _sum(rows, "heads")


def _sum(rows: QuerySet[Any], column: str) -> Coalesce:
    total = rows.order_by().annotate(one=F("pk") * 0).values("one").annotate(total=Sum(column))
    return Coalesce(Subquery(total.values("total")), 0)


def nobody_is_asked_whom_a_gate_refuses() -> None:
    assert Offer.objects.filter(status="sent").exists()
    assert withdraw_misfits(list(Opportunity.objects.values_list("pk", flat=True)), now=utc_now()) == 0


def answers_became_placements() -> None:
    counted = Counter(Offer.objects.values_list("status", flat=True))
    assert min(counted["accepted"], counted["declined"], counted["sent"]) > 0
    assert counted["proposed"] == 0
    assert Placement.objects.filter(offer__status="accepted").count() == counted["accepted"]
    assert Placement.objects.count() == counted["accepted"]
    assert not Offer.objects.filter(status="declined", decline_reason="").exists()
    confirmed = Placement.objects.exclude(status="awaiting_confirmation")
    assert not confirmed.exclude(pledge__status="placed").exists()


def nobody_comes_without_what_is_asked() -> None:
    active = Placement.objects.filter(status="active")
    gates = gates_of(active)
    assert active.count() == len(gates) > 0
    assert not [gate for gate in gates.values() if gate.missing(local_day(utc_now()))]
    waiting = gates_of(Placement.objects.filter(status="awaiting_clearance"))
    assert all(gate.missing(local_day(utc_now())) for gate in waiting.values())


def hours_are_of_dates_somebody_came_to() -> None:
    came = Assignment.objects.filter(status="attended")
    assert HoursEntry.objects.filter(assignment__in=came).count() == HoursEntry.objects.count() > 0
    assert came.count() == HoursEntry.objects.count()
    long_over = Assignment.objects.filter(shift__ends_at__lte=utc_now() - timedelta(hours=1))
    assert not long_over.filter(status="confirmed").exists()


def books_agree() -> None:
    received = Donation.objects.filter(status="received").aggregate(total=Sum("amount_cents"))["total"]
    assert received > 0
    assert LedgerEntry.objects.aggregate(total=Sum("amount_cents"))["total"] == 0
    assert Fund.objects.aggregate(total=Sum("received_cents"))["total"] == received
    assert check_whole_ledger(utc_now()) == 0


def test_progress_says_what_is_done_and_how_long_the_rest_takes() -> None:
    moments = iter([0.0, 1.0, 4.0, 5.0, 10.0])
    said: list[str] = []
    progress = Progress("Personen", 100, said.append, done=20, clock=lambda: next(moments))
    for _step in range(4):
        progress.add(20)
    assert said == ["Personen: 60 von 100, noch etwa 4 s", "Personen: 100 von 100, noch etwa 0 s"]
