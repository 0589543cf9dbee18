"""Answering a question by the link in the mail: GET shows, POST decides."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from citizens.services.links import my_page_token
from foundation.actors import staff, system
from foundation.clock import utc_now
from foundation.links import sign
from foundation.models import Event
from foundation.sweeps import run
from foundation.times_of_week import WeeklyTime
from programs.models import Opportunity, Provider
from tests.factories import make_opportunity, make_provider, occupied, role_of
from tests.volunteers.pledging import mails, make_pledge, make_sent_offer
from volunteers.domain.links import MY_PLEDGES, OFFER
from volunteers.models import MatchRequest, Offer, Placement, TimePledge
from volunteers.services.answers import accept_offer, decline_offer, expire_due, withdraw_offer
from volunteers.services.links import offer_token
from volunteers.services.placement_endings import leave_placement
from volunteers.services.placements import confirm_placement
from volunteers.services.questions import SendOutcome, send_offer
from volunteers.services.withdrawals import withdraw_pledge

pytestmark = pytest.mark.django_db

AFTERNOONS = [WeeklyTime(day, 14 * 60, 18 * 60) for day in range(5)]
MONDAY_SLOT = (0, 15 * 60, 16 * 60)
TUESDAY_SLOT = (1, 15 * 60, 16 * 60)


@pytest.fixture
def today() -> datetime:
    """The views read the clock: links and offers must be valid now."""
    return utc_now()


def make_question(now: datetime, **values: Any) -> Offer:
    opportunity = make_opportunity("Vorlesen", slots=[MONDAY_SLOT], **values)
    pledge = make_pledge(now, times=AFTERNOONS)
    return make_sent_offer(pledge, opportunity, now)


def address(offer: Offer, now: datetime) -> str:
    return reverse("offer_answer", args=[offer_token(offer, now)])


def state(offer: Offer) -> dict[str, Any]:
    """Return all that an answer could change."""
    offer.refresh_from_db()
    return {
        "offer": offer.status,
        "answered_at": offer.answered_at,
        "places_taken": occupied(Opportunity.objects.get(pk=offer.opportunity_id)),
        "placements": Placement.objects.count(),
        "mails": mails("placement_to_confirm").count(),
        "moves": Event.objects.filter(model="offer").count(),
    }


def test_looking_at_the_question_decides_nothing(client: Client, today: datetime) -> None:
    offer = make_question(today)
    before = state(offer)

    answer = client.get(address(offer, today))

    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Ja, ich helfe gern" in page
    assert "Nein, dieses Mal nicht" in page
    assert state(offer) == before


def test_yes_makes_a_placement_keeps_the_place_and_tells_the_provider(
    client: Client, today: datetime
) -> None:
    provider = make_provider(coordination_email="koordination@haus.example")
    offer = make_question(today, provider=provider, places=3)

    answer = client.post(address(offer, today), {"answer": "accept"})

    assert answer.status_code == 303
    placement = Placement.objects.get()
    assert (placement.offer, placement.status) == (offer, Placement.Status.AWAITING_CONFIRMATION)
    assert (placement.volunteer, placement.pledge) == (offer.pledge.volunteer, offer.pledge)
    after = state(offer)
    assert (after["offer"], after["places_taken"]) == ("accepted", 1)
    mail = mails("placement_to_confirm").get()
    assert (mail.to_email, mail.key) == (
        "koordination@haus.example",
        f"placement.to_confirm:{placement.pk}",
    )
    assert reverse("coordination_placement", args=[placement.pk]) in mail.body_text
    assert "Maria" not in mail.body_text + mail.subject


def test_yes_a_second_time_shows_the_same_and_changes_nothing(client: Client, today: datetime) -> None:
    offer = make_question(today)
    client.post(address(offer, today), {"answer": "accept"})
    first_page = client.get(address(offer, today)).content
    before = state(offer)

    again = client.post(address(offer, today), {"answer": "accept"}, follow=True)

    assert again.status_code == 200
    assert "Danke für Ihr Ja, Maria!" in again.content.decode()
    assert len(again.content) == len(first_page)
    assert state(offer) == before


def test_no_after_yes_changes_nothing(client: Client, today: datetime) -> None:
    offer = make_question(today)
    client.post(address(offer, today), {"answer": "accept"})
    before = state(offer)

    client.post(address(offer, today), {"answer": "decline", "reason": "time"})

    assert state(offer) == before


def test_no_gives_the_place_back_and_keeps_the_reason(client: Client, today: datetime) -> None:
    offer = make_question(today)

    answer = client.post(address(offer, today), {"answer": "decline", "reason": "place"}, follow=True)

    assert "Danke für Ihre Antwort" in answer.content.decode()
    after = state(offer)
    assert (after["offer"], after["places_taken"], after["placements"]) == ("declined", 0, 0)
    assert offer.decline_reason == "place"
    assert offer.answered_at is not None


def test_no_needs_no_reason(client: Client, today: datetime) -> None:
    offer = make_question(today)

    client.post(address(offer, today), {"answer": "decline"})

    offer.refresh_from_db()
    assert (offer.status, offer.decline_reason) == ("declined", "other")


@pytest.mark.parametrize("answers", [{}, {"answer": "maybe"}, {"answer": "decline", "reason": "x"}])
def test_answer_that_is_none_comes_back_and_changes_nothing(
    answers: dict[str, str], client: Client, today: datetime
) -> None:
    offer = make_question(today)
    before = state(offer)

    answer = client.post(address(offer, today), answers)

    assert answer.status_code == 422
    assert "Ja, ich helfe gern" in answer.content.decode()
    assert state(offer) == before


def test_yes_too_late_is_explained_and_frees_the_place(client: Client, today: datetime) -> None:
    offer = make_question(today - timedelta(days=6))

    page = client.get(address(offer, today)).content.decode()
    assert "Diese Anfrage ist verstrichen" in page
    assert "Ja, ich helfe gern" not in page
    answer = client.post(address(offer, today), {"answer": "accept"}, follow=True)

    assert "Diese Anfrage ist verstrichen" in answer.content.decode()
    after = state(offer)
    assert (after["offer"], after["places_taken"], after["placements"]) == ("expired", 0, 0)


@pytest.mark.parametrize("status", [Opportunity.Status.PAUSED, Opportunity.Status.CLOSED])
def test_yes_to_what_is_not_sought_any_more_is_explained(
    status: str, client: Client, today: datetime
) -> None:
    offer = make_question(today)
    Opportunity.objects.update(status=status)

    answer = client.post(address(offer, today), {"answer": "accept"}, follow=True)

    assert "Diese Anfrage hat sich erledigt" in answer.content.decode()
    after = state(offer)
    assert (after["offer"], after["places_taken"], after["placements"]) == ("withdrawn", 0, 0)


def test_link_that_was_altered_opens_nothing(client: Client, today: datetime) -> None:
    offer = make_question(today)
    token = offer_token(offer, today)
    broken = token[:-1] + ("A" if token[-1] != "A" else "B")

    for method in (client.get, client.post):
        answer = method(reverse("offer_answer", args=[broken]), {"answer": "accept"})
        assert answer.status_code == 404
        assert "Dieser Link gilt nicht" in answer.content.decode()
    assert state(offer)["offer"] == "sent"


def test_link_past_its_time_opens_nothing(client: Client, today: datetime) -> None:
    offer = make_question(today)
    token = offer_token(offer, today - OFFER.valid_for)

    answer = client.post(reverse("offer_answer", args=[token]), {"answer": "accept"})

    assert answer.status_code == 410
    assert state(offer)["offer"] == "sent"


def test_link_for_another_purpose_opens_nothing(client: Client, today: datetime) -> None:
    offer = make_question(today)
    foreign = [
        my_page_token(offer.pledge.volunteer.mailbox, today),
        sign(MY_PLEDGES.purpose, f"{offer.pk}.1", now=today, valid_for=timedelta(days=1)),
        sign(OFFER.purpose, f"{offer.pk}.99", now=today, valid_for=timedelta(days=1)),
        "x" * 3000,
    ]
    for token in foreign:
        answer = client.post(reverse("offer_answer", args=[token]), {"answer": "accept"})
        assert answer.status_code == 404
    assert state(offer)["offer"] == "sent"


def test_page_stays_out_of_caches_and_takes_few_queries(
    client: Client, today: datetime, django_assert_max_num_queries: Any
) -> None:
    offer = make_question(today)
    with django_assert_max_num_queries(10):
        answer = client.get(address(offer, today))
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"


def test_yes_takes_back_what_leaves_no_room(now: datetime) -> None:
    pledge = make_pledge(now, times=AFTERNOONS, hours_per_week=3)
    TimePledge.objects.filter(pk=pledge.pk).update(placements_wanted=2)
    chosen = make_sent_offer(pledge, make_opportunity("gewählt", slots=[MONDAY_SLOT]), now)
    same_time = make_sent_offer(pledge, make_opportunity(slots=[(0, 15 * 60 + 30, 17 * 60)]), now)
    too_long = make_sent_offer(pledge, make_opportunity(slots=[(1, 14 * 60, 17 * 60)]), now)
    beside = make_sent_offer(pledge, make_opportunity("daneben", slots=[TUESDAY_SLOT]), now)

    accept_offer(chosen, now=now)

    statuses = dict(Offer.objects.values_list("pk", "status"))
    assert statuses == {
        chosen.pk: "accepted",
        same_time.pk: "withdrawn",
        too_long.pk: "withdrawn",
        beside.pk: "sent",
    }
    taken = {each.title: occupied(each) for each in Opportunity.objects.all()}
    assert (taken["gewählt"], taken["daneben"]) == (1, 1)
    assert sum(taken.values()) == 2


def test_yes_withdraws_the_rest_when_one_placement_was_wanted(now: datetime) -> None:
    pledge = make_pledge(now, times=AFTERNOONS, hours_per_week=9)
    chosen = make_sent_offer(pledge, make_opportunity(slots=[MONDAY_SLOT]), now)
    other = make_sent_offer(pledge, make_opportunity(slots=[TUESDAY_SLOT]), now)

    accept_offer(chosen, now=now)

    other.refresh_from_db()
    assert other.status == "withdrawn"


def test_silence_gives_the_place_back_and_lets_the_matcher_look_again(
    now: datetime, run_commits: Any
) -> None:
    offer = make_question(now)

    assert expire_due(now + timedelta(days=5) - timedelta(seconds=1)) == 0
    assert state(offer)["offer"] == "sent"
    with run_commits(execute=True):
        assert run("volunteers.expire_offers", now + timedelta(days=5)) == 1

    after = state(offer)
    assert (after["offer"], after["places_taken"]) == ("expired", 0)
    wishes = MatchRequest.objects.filter(wanted_since=now + timedelta(days=5))
    assert set(wishes.values_list("pledge", "opportunity")) == {
        (offer.pledge_id, None),
        (None, offer.opportunity_id),
    }
    assert run("volunteers.expire_offers", now + timedelta(days=6)) == 0


def test_no_lets_the_matcher_look_again(now: datetime, run_commits: Any) -> None:
    offer = make_question(now)
    with run_commits(execute=True):
        decline_offer(offer, reason="time", now=now)
    wishes = MatchRequest.objects.filter(wanted_since=now).values_list("pledge", "opportunity")
    assert set(wishes) == {(offer.pledge_id, None), (None, offer.opportunity_id)}


def test_question_taken_back_frees_the_place_once(now: datetime) -> None:
    offer = make_question(now)

    assert withdraw_offer(offer, actor=staff(1, "coordinator"), reason="by the provider", now=now)
    assert not withdraw_offer(offer, actor=staff(1, "coordinator"), reason="by the provider", now=now)

    after = state(offer)
    assert (after["offer"], after["places_taken"], after["moves"]) == ("withdrawn", 0, 1)


def make_proposal(pledge: TimePledge, opportunity: Opportunity, now: datetime) -> Offer:
    return Offer.objects.create(
        pledge=pledge, role=role_of(opportunity), status_changed_at=now, created_at=now
    )


def test_proposal_without_a_free_place_is_not_put(now: datetime) -> None:
    opportunity = make_opportunity(slots=[MONDAY_SLOT], places=1, places_taken=1)
    proposal = make_proposal(make_pledge(now, times=AFTERNOONS), opportunity, now)

    assert send_offer(proposal.pk, now=now) == SendOutcome.NO_PLACE

    proposal.refresh_from_db()
    assert (proposal.status, proposal.sent_at) == ("withdrawn", None)
    assert not mails("offer").exists()
    proposal.pledge.volunteer.refresh_from_db()
    assert proposal.pledge.volunteer.last_asked_at is None


def test_proposal_to_somebody_who_left_meanwhile_is_not_put(now: datetime) -> None:
    opportunity = make_opportunity(slots=[MONDAY_SLOT])
    proposal = make_proposal(make_pledge(now, times=AFTERNOONS), opportunity, now)
    TimePledge.objects.update(status="withdrawn")

    assert send_offer(proposal.pk, now=now) == SendOutcome.NOT_LOOKING

    opportunity.refresh_from_db()
    assert occupied(opportunity) == 0


def test_proposal_left_by_a_dead_worker_is_sent_by_the_sweep_once(now: datetime) -> None:
    opportunity = make_opportunity(slots=[MONDAY_SLOT])
    proposal = make_proposal(make_pledge(now, times=AFTERNOONS), opportunity, now)

    assert run("volunteers.send_offers", now) == 1
    assert run("volunteers.send_offers", now) == 0
    assert send_offer(proposal.pk, now=now) == SendOutcome.NOT_PROPOSED

    opportunity.refresh_from_db()
    assert occupied(opportunity) == 1
    assert mails("offer").count() == 1


class TestALinkThatIsOpenedAgainLater:
    """The mail stays in the mailbox; its page says what is true by then."""

    @pytest.fixture
    def placement(self, today: datetime) -> Placement:
        return accept_offer(make_question(today, clearance_required=False), now=today).placement

    def text(self, placement: Placement, today: datetime) -> str:
        assert placement.offer is not None
        answer = Client().get(address(placement.offer, today))
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    def test_the_provider_is_to_confirm(self, placement: Placement, today: datetime) -> None:
        text = self.text(placement, today)
        assert "Ihr Platz ist so lange reserviert." in text
        assert "Dieser Einsatz ist zu Ende." not in text

    def test_nobody_may_begin_there(self, placement: Placement, today: datetime) -> None:
        Provider.objects.update(is_verified=False)
        text = self.text(placement, today)
        assert "Hier kann zurzeit niemand neu anfangen. Ihre Zusage ruht." in text
        assert "reserviert" not in text

    def test_papers_are_missing(self, placement: Placement, today: datetime) -> None:
        Placement.objects.update(status="awaiting_clearance")
        text = self.text(placement, today)
        assert "Der Träger hat Ihren Einsatz bestätigt. Es fehlt noch etwas, bevor Sie kommen" in text
        assert "reserviert" not in text

    def test_the_person_comes(self, placement: Placement, today: datetime) -> None:
        assert confirm_placement(placement, actor=system("test"), now=today)
        text = self.text(placement, today)
        assert "Der Träger hat Ihren Einsatz bestätigt. Ihre Termine stehen auf „Meine Seite“." in text
        assert "reserviert" not in text

    def test_it_is_over_and_we_look_for_something_else(self, placement: Placement, today: datetime) -> None:
        assert leave_placement(placement, now=today)
        text = self.text(placement, today)
        assert "Dieser Einsatz ist zu Ende. Ihre Zeitzusage gilt weiter" in text
        assert "reserviert" not in text

    def test_it_is_over_with_the_pledge(self, placement: Placement, today: datetime) -> None:
        assert withdraw_pledge(placement.pledge, now=today)
        text = self.text(placement, today)
        assert "Dieser Einsatz ist zu Ende." in text
        assert "suchen" not in text

    @pytest.mark.parametrize("answer", ["declined", "withdrawn"])
    def test_nothing_is_looked_for_any_more(self, answer: str, today: datetime) -> None:
        offer = make_question(today)
        if answer == "declined":
            decline_offer(offer, reason=Offer.Decline.TASK, now=today)
        page = Client().get(address(offer, today)).content.decode()
        assert ("Für Sie suchen wir weiter." in page) == (answer == "declined")
        assert withdraw_pledge(offer.pledge, now=today)
        text = Client().get(address(offer, today)).content.decode()
        assert "suchen" not in text
        assert ("Ein Nein hilft auch" in text, "hat sich erledigt" in text) == (
            answer == "declined",
            answer == "withdrawn",
        )
