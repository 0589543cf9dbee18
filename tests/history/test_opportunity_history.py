"""The Verlauf of an Engagementangebot: who changed what, from what to what; for those who run it."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from accounts.models import User
from foundation.actors import staff, system
from foundation.history import acting
from foundation.models import Event
from programs.models import Membership, Opportunity, Role
from tests.factories import (
    ROLE_COLUMNS,
    START,
    make_activity,
    make_coordinator,
    make_district,
    make_opportunity,
    make_program,
    make_provider,
    make_user,
    make_youth_office,
    retime,
    role_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def opportunity() -> Opportunity:
    return make_opportunity("Vorlesen", places=2, district=make_district("Nord"), slots=())


@pytest.fixture
def erika(opportunity: Opportunity) -> User:
    return make_coordinator(opportunity.provider, name="Erika Muster")


def page(user: User, opportunity: Opportunity) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(reverse("coordination_opportunity", args=[opportunity.pk]))
    assert answer.status_code == 200
    return str(answer.content.decode())


def timeline(user: User, opportunity: Opportunity) -> list[str]:
    (found,) = re.findall(r'<ol class="timeline">(.*?)</ol>', page(user, opportunity), re.DOTALL)
    items = re.findall(r"<li.*?</li>", found, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", item).split()) for item in items]


def test_an_edit_through_the_form_is_told_with_person_role_old_and_new(
    opportunity: Opportunity, erika: User
) -> None:
    client = Client()
    client.force_login(erika)
    address = reverse("coordination_opportunity_edit", args=[opportunity.pk])
    form = client.get(address).context["form"]
    said = {name: form[name].value() for name in form.fields}
    said = {name: value for name, value in said.items() if value not in (None, "", [])}
    said |= {"places": "4", "site": "Turnhalle"}
    answer = client.post(address, said)
    assert answer.status_code in (302, 422)
    if answer.status_code == 422:
        raise AssertionError(answer.context["form"].errors)
    told = timeline(erika, opportunity)
    for line in ("Plätze: 2 → 4", "Ort: Stadtteilhaus → Turnhalle"):
        changed = next(item for item in told if line in item)
        assert "Geändert" in changed
        assert "Erika Muster (Koordination)" in changed


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"ends_on": date(2026, 12, 1)}, "Endet am: – → 1. Dezember 2026"),
        ({"skills": ["music"]}, "Nötige Fähigkeiten: – → Musik machen"),
        ({"field": "sport"}, "Handlungsfeld: Bildung → Sport"),
        ({"minimum_age": 18}, "Mindestalter der Freiwilligen: 16 → 18"),
        ({"title": "<b>Lesen</b>"}, "Titel: Vorlesen → &lt;b&gt;Lesen&lt;/b&gt;"),
        ({"task": "Neu. " + "x" * 500}, "Neu. xxx"),
    ],
)
def test_values_are_words(changes: dict[str, Any], told: str, opportunity: Opportunity, erika: User) -> None:
    model: Any = Role if changes.keys() & ROLE_COLUMNS else Opportunity
    model.objects.update(**changes)
    (latest, *_earlier) = timeline(erika, opportunity)
    assert told in latest
    assert "x" * 200 not in latest


def test_another_activity_is_told_with_what_it_asks_for(opportunity: Opportunity, erika: User) -> None:
    calm = make_activity("Waren sortieren", contact_with_minors=False, clearance_required=False)
    before = str(role_of(opportunity).activity)
    Role.objects.update(activity=calm, contact_with_minors=False, clearance_required=False)
    (latest, *_earlier) = timeline(erika, opportunity)
    assert f"Tätigkeit: {before} → Waren sortieren" in latest
    assert "Kontakt mit Kindern: ja → nein" in latest
    assert "Erweitertes Führungszeugnis nötig: ja → nein" in latest


def test_rows_are_called_by_their_names_even_if_one_is_gone(opportunity: Opportunity, erika: User) -> None:
    program = make_program("Lesepaten")
    Opportunity.objects.update(district=make_district("Süd"), program=program)
    Opportunity.objects.update(program=None)
    key = program.pk
    program.delete()
    latest, earlier, *_begin = timeline(erika, opportunity)
    assert f"Angebot: #{key} → –" in latest
    assert "Stadtteil: Nord → Süd" in earlier


def test_weekly_times_are_told_in_words(opportunity: Opportunity, erika: User, now: datetime) -> None:
    retime(opportunity, [(1, 900, 990)], now)
    retime(opportunity, [], now)
    latest, earlier, *_begin = timeline(erika, opportunity)
    assert "Zeiten: dienstags 15–16:30 Uhr → –" in latest
    assert "Zeiten: – → dienstags 15–16:30 Uhr" in earlier


def test_a_weekly_time_of_before_the_series_is_told_still(opportunity: Opportunity, erika: User) -> None:
    before = {"weekday": 1, "start_minute": 900, "end_minute": 990}
    Event.objects.create(
        at=START - timedelta(days=1),
        kind="changed",
        app_label="programs",
        model="opportunity",
        object_id=opportunity.pk,
        changes={"weekly_slot": [before, None]},
        actor_kind="system",
    )
    *_later, oldest = timeline(erika, opportunity)
    assert "Wöchentliche Zeit: Dienstag 15:00–16:30 → –" in oldest


def test_every_hand_has_a_name(opportunity: Opportunity, erika: User) -> None:
    gone = make_user()
    for actor in (
        staff(erika.pk, "coordinator, treasurer"),
        staff(erika.pk, "youth_office"),
        staff(gone.pk, ""),
        system("load_city"),
    ):
        with acting(actor):
            Role.objects.update(places=F("places") + 1)
    gone.delete()
    told = timeline(erika, opportunity)
    names = [
        "automatisch",
        "gelöschtes Konto",
        "Erika Muster (Jugendamt)",
        "Erika Muster (Koordination, Spenden und Buchung)",
    ]
    for item, name in zip(told, names, strict=False):
        assert name in item


def test_only_those_within_reach_see_it(opportunity: Opportunity, erika: User) -> None:
    Opportunity.objects.update(site="Geheimer Ort")
    address = reverse("coordination_opportunity", args=[opportunity.pk])
    for user, status in (
        (make_coordinator(make_provider()), 404),
        (make_user(Membership.Role.TREASURER, opportunity.provider), 403),
        (make_coordinator(make_youth_office()), 200),
        (erika, 200),
    ):
        client = Client()
        client.force_login(user)
        answer = client.get(address)
        assert answer.status_code == status
        assert ("Stadtteilhaus → Geheimer Ort" in answer.content.decode()) == (status == 200)


@pytest.mark.parametrize("size", [1, 40])
def test_it_takes_the_same_few_queries_and_stays_short(
    size: int, opportunity: Opportunity, erika: User, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for number in range(size):
        with acting(staff(make_user().pk, "coordinator")):
            Role.objects.update(places=3 + number)
    client = Client()
    client.force_login(erika)
    with django_assert_max_num_queries(26):
        client.get(reverse("coordination_opportunity", args=[opportunity.pk]))
    assert len(timeline(erika, opportunity)) <= 30
