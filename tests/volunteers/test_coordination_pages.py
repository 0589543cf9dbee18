"""The coordinators' pages: everybody sees their own, the youth office sees all, nobody sees more."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from citizens.models import Mailbox
from foundation.actors import staff
from foundation.clock import utc_now
from foundation.models import Event
from foundation.times_of_week import WeeklyTime
from programs.models import Membership, Opportunity, Provider
from tests.factories import (
    make_coordinator,
    make_opportunity,
    make_provider,
    make_shift,
    make_user,
    make_youth_office,
)
from tests.volunteers.pledging import mails, make_pledge, make_sent_offer
from tests.words_of_pages import as_read
from volunteers.models import Assignment, HoursEntry, Offer, Placement, Volunteer
from volunteers.services.answers import accept_offer, decline_offer
from volunteers.services.placement_endings import stop_placement
from volunteers.services.placements import confirm_placement

pytestmark = pytest.mark.django_db

MONDAYS = [WeeklyTime(0, 14 * 60, 18 * 60)]
MONDAY_SLOT = (0, 15 * 60, 16 * 60)
LISTS = ["coordination_offers", "coordination_pledges", "coordination_placements"]


@pytest.fixture
def today() -> datetime:
    return utc_now()


@pytest.fixture
def own() -> Provider:
    return make_provider("Haus der Familie")


@pytest.fixture
def opportunity(own: Provider) -> Opportunity:
    return make_opportunity(
        "Vorlesen", provider=own, slots=[MONDAY_SLOT], places=30, clearance_required=False
    )


@pytest.fixture
def placement(opportunity: Opportunity, today: datetime) -> Placement:
    pledge = make_pledge(today, times=MONDAYS, first_name="Adile")
    pledge.volunteer.last_name = "Yıldız"
    pledge.volunteer.save()
    accept_offer(make_sent_offer(pledge, opportunity, today), now=today)
    return Placement.objects.select_related("volunteer", "pledge", "opportunity").get()


@pytest.fixture
def question(opportunity: Opportunity, today: datetime) -> Offer:
    pledge = make_pledge(today, times=MONDAYS, first_name="Bogdan", email="bogdan@example.org")
    reasons = [{"code": "free_on", "values": [0]}, {"code": "language", "values": [4]}]
    return make_sent_offer(pledge, opportunity, today, reasons=reasons)


def as_user(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def someone(kind: str, own: Provider) -> User | None:
    """Return a person of that kind; `own` is the provider of the rows."""
    office = make_youth_office()
    return {
        "nobody": lambda: None,
        "no membership": make_user,
        "treasurer": lambda: make_user(Membership.Role.TREASURER, own),
        "officer": lambda: make_user(Membership.Role.SAFEGUARDING_OFFICER, own),
        "foreign coordinator": lambda: make_coordinator(make_provider()),
        "foreign officer": lambda: make_user(Membership.Role.SAFEGUARDING_OFFICER, make_provider()),
        "coordinator": lambda: make_coordinator(own),
        "youth office": lambda: make_coordinator(office),
        "officer of the youth office": lambda: make_user(Membership.Role.SAFEGUARDING_OFFICER, office),
        "superuser": lambda: make_user(is_superuser=True, is_staff=True),
    }[kind]()


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("nobody", 302),
        ("no membership", 403),
        ("treasurer", 403),
        ("officer", 403),
        ("foreign coordinator", 200),
        ("coordinator", 200),
        ("youth office", 200),
        ("superuser", 200),
    ],
)
def test_lists_are_for_coordinators_and_show_their_own(
    name: str, kind: str, status: int, own: Provider, placement: Placement, question: Offer
) -> None:
    answer = as_user(someone(kind, own)).get(reverse(name))

    assert answer.status_code == status
    page = answer.content.decode()
    is_theirs = kind in ("coordinator", "youth office", "superuser")
    assert ("Adile" in page) == is_theirs
    is_asked_shown = kind in ("youth office", "superuser") and name != "coordination_placements"
    assert ("Bogdan" in page) == is_asked_shown
    assert "bogdan@example.org" not in page


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("nobody", 302),
        ("no membership", 403),
        ("treasurer", 403),
        ("officer", 403),
        ("foreign coordinator", 404),
        ("coordinator", 200),
        ("youth office", 200),
        ("superuser", 200),
    ],
)
def test_placement_is_seen_by_its_own_only(
    kind: str, status: int, own: Provider, placement: Placement
) -> None:
    user = someone(kind, own)
    answer = as_user(user).get(reverse("coordination_placement", args=[placement.pk]))
    assert answer.status_code == status
    assert ("Adile" in answer.content.decode()) == (status == 200)


def post_addresses(placement: Placement, question: Offer) -> list[tuple[str, dict[str, str]]]:
    assignment = Assignment.objects.get()
    return [
        (reverse("coordination_offer_withdraw", args=[question.pk]), {}),
        (reverse("coordination_placement_confirm", args=[placement.pk]), {}),
        (reverse("coordination_placement_stop", args=[placement.pk]), {"reason": "not_fitting"}),
        (reverse("coordination_attendance", args=[assignment.pk]), {"outcome": "attended"}),
    ]


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("nobody", 302),
        ("no membership", 403),
        ("treasurer", 403),
        ("officer", 403),
        ("foreign coordinator", 404),
    ],
)
def test_others_change_nothing(
    kind: str, status: int, own: Provider, placement: Placement, question: Offer, today: datetime
) -> None:
    shift = make_shift(placement.opportunity, today - timedelta(hours=2))
    Assignment.objects.create(placement=placement, shift=shift, status_changed_at=today)
    client = as_user(someone(kind, own))

    for address, answers in post_addresses(placement, question):
        assert client.post(address, answers).status_code == status

    placement.refresh_from_db()
    question.refresh_from_db()
    assert (placement.status, question.status) == ("awaiting_confirmation", "sent")
    assert Assignment.objects.get().status == "confirmed"
    assert not HoursEntry.objects.exists()


@pytest.mark.parametrize("kind", ["coordinator", "youth office"])
def test_own_coordinator_and_youth_office_decide(
    kind: str, own: Provider, placement: Placement, question: Offer, today: datetime
) -> None:
    user = someone(kind, own)
    client = as_user(user)

    answer = client.post(reverse("coordination_placement_confirm", args=[placement.pk]), follow=True)
    assert "Die Person ist benachrichtigt." in answer.content.decode()
    placement.refresh_from_db()
    assert placement.status == "active"

    client.post(reverse("coordination_placement_stop", args=[placement.pk]), {"reason": "on_request"})
    placement.refresh_from_db()
    assert placement.status == "ended"

    client.post(reverse("coordination_offer_withdraw", args=[question.pk]))
    question.refresh_from_db()
    assert question.status == "withdrawn"


def test_deciding_by_opening_an_address_is_impossible(own: Provider, placement: Placement) -> None:
    client = as_user(make_coordinator(own))
    for name in ("coordination_placement_confirm", "coordination_placement_stop"):
        assert client.get(reverse(name, args=[placement.pk])).status_code == 405
    placement.refresh_from_db()
    assert placement.status == "awaiting_confirmation"


def test_confirming_what_is_decided_says_so(own: Provider, placement: Placement) -> None:
    client = as_user(make_coordinator(own))
    address = reverse("coordination_placement_confirm", args=[placement.pk])
    client.post(address)
    again = client.post(address, follow=True)
    assert "Darüber ist schon entschieden." in again.content.decode()
    assert mails("placement_confirmed").count() == 1


def test_stopping_without_a_reason_comes_back_with_the_form(own: Provider, placement: Placement) -> None:
    client = as_user(make_coordinator(own))
    answer = client.post(reverse("coordination_placement_stop", args=[placement.pk]), {"reason": "x"})
    assert answer.status_code == 422
    assert "Ablehnen und Platz freigeben" in answer.content.decode()
    placement.refresh_from_db()
    assert placement.status == "awaiting_confirmation"


def test_question_shows_reasons_and_end_to_the_youth_office(own: Provider, question: Offer) -> None:
    office = as_user(make_coordinator(make_youth_office()))
    page = office.get(reverse("coordination_offers")).content.decode()
    assert "montags frei · spricht Russisch" in page
    assert "Antwort bis" in page


@pytest.mark.parametrize("answer", ["none", "no", "yes", "yes, and it ended"])
def test_the_provider_sees_name_and_times_after_the_yes_and_while_it_lasts(
    answer: str, own: Provider, question: Offer, today: datetime
) -> None:
    if answer == "no":
        decline_offer(question, reason=Offer.Decline.TIME, now=today)
    if answer.startswith("yes"):
        accept_offer(question, now=today)
    if answer.endswith("ended"):
        stop_placement(Placement.objects.get(), reason="not_needed", actor=staff(1, "coordinator"), now=today)
    client, office = as_user(make_coordinator(own)), as_user(make_coordinator(make_youth_office()))

    offers = client.get(reverse("coordination_offers")).content.decode()
    assert ("Bogdan" in offers) == answer.startswith("yes")
    assert ("montags frei" in offers) == answer.startswith("yes")
    assert ("noch nicht genannt" in offers) == (not answer.startswith("yes"))
    pledges = client.get(reverse("coordination_pledges")).content.decode()
    assert ("Bogdan" in pledges) == (answer == "yes")
    assert ('montags <span class="nowrap">14–18' in pledges) == (answer == "yes")
    assert "Bogdan" in office.get(reverse("coordination_pledges")).content.decode()


def test_whose_mails_come_back_is_shown_with_what_to_do(
    own: Provider, placement: Placement, today: datetime
) -> None:
    client = as_user(make_coordinator(own))
    page = reverse("coordination_placement", args=[placement.pk])
    assert "E-Mails kommen nicht an" not in client.get(page).content.decode()
    Mailbox.objects.filter(volunteers=placement.volunteer).update(bounced_at=datetime(2026, 3, 2, tzinfo=UTC))
    shown = as_read(client.get(page).content.decode())
    assert "Seit dem 2. März 2026 kommen E-Mails an Adile zurück." in shown
    assert "Eine Telefonnummer ist nicht bekannt." in shown
    Volunteer.objects.update(phone="02421 55555")
    assert "Bitte rufen Sie an (02421 55555)" in client.get(page).content.decode()
    for name in ("coordination_placements", "coordination_pledges"):
        assert "E-Mail kommt nicht an" in client.get(reverse(name)).content.decode()
    office = as_user(make_coordinator(make_youth_office()))
    assert "Bitte anrufen: 02421 55555" in office.get(reverse("coordination_pledges")).content.decode()


def test_contact_is_shown_while_the_placement_lasts(own: Provider, placement: Placement) -> None:
    client = as_user(make_coordinator(own))
    address = reverse("coordination_placement", args=[placement.pk])
    assert "maria@example.org" in client.get(address).content.decode()

    client.post(reverse("coordination_placement_stop", args=[placement.pk]), {"reason": "not_needed"})

    page = client.get(address).content.decode()
    assert "maria@example.org" not in page
    assert "Yıldız" not in page


@pytest.mark.parametrize(
    ("starts_at", "minutes", "given"),
    [
        (datetime(2026, 3, 2, 14, tzinfo=UTC), 90, (90, "2026-03-02", "1,5")),
        # a whole day in Düren, on which the clocks go back
        (datetime(2025, 10, 25, 22, tzinfo=UTC), 25 * 60, (24 * 60, "2025-10-26", "24")),
    ],
)
def test_came_gives_hours_once(
    own: Provider,
    placement: Placement,
    today: datetime,
    starts_at: datetime,
    minutes: int,
    given: tuple[int, str, str],
) -> None:
    confirm_placement(placement, actor=staff(1, "coordinator"), now=today)
    shift = make_shift(placement.opportunity, starts_at, minutes=minutes)
    assignment = Assignment.objects.create(placement=placement, shift=shift, status_changed_at=today)
    client = as_user(make_coordinator(own))
    address = reverse("coordination_attendance", args=[assignment.pk])

    client.post(address, {"outcome": "attended"})
    again = client.post(address, {"outcome": "attended"}, follow=True)

    assert "schon notiert" in again.content.decode()
    assignment.refresh_from_db()
    assert assignment.status == "attended"
    entry = HoursEntry.objects.get()
    assert (entry.minutes, str(entry.worked_on), entry.placement) == (*given[:2], placement)
    assert f"{given[2]}\u00a0Stunden" in again.content.decode()


def test_what_was_noted_is_corrected_hours_and_seat_follow_and_the_history_stays(
    own: Provider, placement: Placement, today: datetime
) -> None:
    shift = make_shift(placement.opportunity, datetime(2026, 3, 2, 14, tzinfo=UTC), minutes=90)
    shift.seats.update(places_taken=1)
    assignment = Assignment.objects.create(placement=placement, shift=shift, status_changed_at=today)
    user = make_coordinator(own)
    client, address = as_user(user), reverse("coordination_attendance", args=[assignment.pk])
    seen = []
    for outcome in ("missed", "attended", "excused", "attended"):
        page = client.post(address, {"outcome": outcome}, follow=True).content.decode()
        assert "Die Teilnahme ist notiert." in page
        assert "Korrigieren" in page
        hours = list(HoursEntry.objects.values_list("minutes", flat=True))
        seen.append((outcome, hours, shift.seats.get().places_taken))
    assert seen == [("missed", [], 1), ("attended", [90], 1), ("excused", [], 0), ("attended", [90], 1)]
    told = Event.objects.filter(model="assignment", object_id=assignment.pk).order_by("pk")
    assert list(told.values_list("to_status", "actor_user")) == [
        (outcome, user.pk) for outcome, *_more in seen
    ]


def test_who_excused_themselves_is_not_noted_as_there_when_somebody_stood_in(
    own: Provider, placement: Placement, today: datetime
) -> None:
    shift = make_shift(placement.opportunity, today - timedelta(hours=3))
    shift.seats.update(places=1, places_taken=1)
    assignment = Assignment.objects.create(
        placement=placement, shift=shift, status="excused", status_changed_at=today
    )
    client = as_user(make_coordinator(own))
    address = reverse("coordination_attendance", args=[assignment.pk])
    page = client.post(address, {"outcome": "attended"}, follow=True).content.decode()
    assert "jemand anderes hatte den Platz" in page
    assignment.refresh_from_db()
    assert (assignment.status, HoursEntry.objects.exists(), shift.seats.get().places_taken) == (
        "excused",
        False,
        1,
    )


@pytest.mark.parametrize("outcome", ["excused", "missed"])
def test_not_come_gives_no_hours(outcome: str, own: Provider, placement: Placement, today: datetime) -> None:
    shift = make_shift(placement.opportunity, today - timedelta(hours=3))
    assignment = Assignment.objects.create(placement=placement, shift=shift, status_changed_at=today)
    client = as_user(make_coordinator(own))
    client.post(reverse("coordination_attendance", args=[assignment.pk]), {"outcome": outcome})
    assignment.refresh_from_db()
    assert assignment.status == outcome
    assert not HoursEntry.objects.exists()


@pytest.mark.parametrize("outcome", ["confirmed", "cancelled", "", "x"])
def test_attendance_knows_three_outcomes_only(
    outcome: str, own: Provider, placement: Placement, today: datetime
) -> None:
    shift = make_shift(placement.opportunity, today - timedelta(hours=3))
    assignment = Assignment.objects.create(placement=placement, shift=shift, status_changed_at=today)
    client = as_user(make_coordinator(own))
    answer = client.post(reverse("coordination_attendance", args=[assignment.pk]), {"outcome": outcome})
    assert answer.status_code == 422
    assignment.refresh_from_db()
    assert assignment.status == "confirmed"


def test_attendance_of_a_date_to_come_is_refused(
    own: Provider, placement: Placement, today: datetime
) -> None:
    shift = make_shift(placement.opportunity, today + timedelta(hours=1))
    assignment = Assignment.objects.create(placement=placement, shift=shift, status_changed_at=today)
    client = as_user(make_coordinator(own))
    address = reverse("coordination_attendance", args=[assignment.pk])
    answer = client.post(address, {"outcome": "attended"}, follow=True)
    assert "noch nicht begonnen" in answer.content.decode()
    assert not HoursEntry.objects.exists()


@pytest.mark.parametrize("query", ["?status=nonsense", "?page=abc", "?page=99", "?status=%F0%9F%92%A9"])
@pytest.mark.parametrize("name", LISTS)
def test_nonsense_in_the_address_is_left_out(
    name: str, query: str, own: Provider, placement: Placement
) -> None:
    answer = as_user(make_coordinator(own)).get(reverse(name) + query)
    assert answer.status_code == 200


def test_lists_can_be_filtered(own: Provider, placement: Placement, question: Offer) -> None:
    client = as_user(make_coordinator(own))
    declined = client.get(reverse("coordination_offers"), {"status": "declined"}).content.decode()
    assert "Keine Anfrage passt dazu" in declined
    ended = client.get(reverse("coordination_placements"), {"status": "ended"}).content.decode()
    assert "Kein Einsatz passt dazu" in ended


@pytest.mark.parametrize("name", LISTS)
def test_empty_lists_say_what_will_come(name: str, own: Provider) -> None:
    page = as_user(make_coordinator(own)).get(reverse(name)).content.decode()
    assert "Noch" in page


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("size", [1, 15])
def test_lists_take_few_queries_whatever_the_size(
    name: str,
    size: int,
    own: Provider,
    opportunity: Opportunity,
    today: datetime,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    for number in range(size):
        pledge = make_pledge(today, email=f"p{number}@example.org", times=MONDAYS)
        offer = make_sent_offer(pledge, opportunity, today)
        if number % 2:
            accept_offer(offer, now=today)
    client = as_user(make_coordinator(own))
    with django_assert_max_num_queries(12):
        assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("size", [1, 12])
def test_placement_takes_the_same_queries_whatever_the_size(
    size: int,
    own: Provider,
    placement: Placement,
    today: datetime,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    for number in range(size):
        for moment in (today - timedelta(days=number + 1), today + timedelta(days=number + 1)):
            shift = make_shift(placement.opportunity, moment)
            Assignment.objects.create(placement=placement, shift=shift, status_changed_at=today)
    client = as_user(make_coordinator(own))
    with django_assert_max_num_queries(15):
        assert client.get(reverse("coordination_placement", args=[placement.pk])).status_code == 200


def test_questions_say_who_learns_names_to_whom_it_is_so(client: Client) -> None:
    house = make_coordinator(make_provider("Lesefreunde"))
    office = make_coordinator(make_youth_office(), email="amt@example.org")
    said = {}
    for user in (house, office):
        client.force_login(user)
        said[user] = client.get(reverse("coordination_offers")).content.decode()
    promise = "Wie jemand heißt und wann er Zeit hat, sehen Sie nach dem Ja."
    assert [promise in said[user] for user in (house, office)] == [True, False]
    assert "Wen wir wofür gefragt haben, und was daraus wurde." in said[office]
