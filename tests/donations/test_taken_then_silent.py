"""Stripe takes what is asked and falls silent: nobody is told more than is known, and nothing is done twice.

Either the answer to the change itself never comes, or it comes and Stripe is silent when what is true now is
read. The truth arrives by the event, or by the night that fetches it where none came.
"""

from collections.abc import Callable
from typing import Any

import pytest
import requests
from django.test import Client
from django.urls import reverse

from donations.gateways.errors import Unreachable
from donations.models import Donation, Refund
from donations.selectors.ledger import faults
from donations.selectors.row_faults import row_faults
from donations.services.online.ordered_refunds import send_waiting
from donations.services.treasury.proposals import propose_refund, release
from donations.tasks import catch_up, process_events
from foundation.clock import local_day, utc_now
from foundation.units import Cents
from outbox.models import Message
from programs.models import Fund, Membership
from tests.donations.stripe_process import StripeProcess
from tests.donations.test_online_gifts import intent_of, pay, standing
from tests.donations.test_recurring_changes import Giver, amounts, link_in
from tests.donations.visits import text
from tests.factories import make_user

UNKNOWN = "Wir wissen deshalb noch nicht, ob"
Truth = Callable[[Giver], str]


@pytest.fixture(autouse=True)
def _paying(fund: Fund, stripe: StripeProcess) -> None:
    """Everything here needs a purpose and Stripe."""


class FallsSilent:
    """Carries calls to Stripe until the first that changes something there; then nothing comes back."""

    def __init__(self, patch: pytest.MonkeyPatch, *, answers_the_change: bool) -> None:
        self._patch, self._answers = patch, answers_the_change
        self._is_silent, self._ask = False, requests.Session.request
        patch.setattr(
            requests.Session, "request", lambda session, *about, **more: self._carry(session, *about, **more)
        )

    def _carry(self, session: requests.Session, method: str, *about: Any, **more: Any) -> Any:
        if self._is_silent:
            raise requests.Timeout
        answer = self._ask(session, method, *about, **more)
        if method.lower() == "get":
            return answer
        self._is_silent = True
        if self._answers:
            return answer
        raise requests.Timeout

    def speak(self) -> None:
        self._patch.setattr(requests.Session, "request", self._ask)


def by_event(giver: Giver) -> str:
    giver.tell()
    return "event"


def by_night(giver: Giver) -> str:
    """No event came: the night fetches what is listed, and it is worked on."""
    catch_up(utc_now())
    process_events(utc_now())
    return "night"


both_ways = pytest.mark.parametrize("learn", [by_event, by_night])
both_silences = pytest.mark.parametrize("answers_the_change", [False, True])


def changes(giver: Giver) -> int:
    """Return how often the Dauerspende was changed at Stripe, by whatever hand."""
    kinds = [each["type"] for each in giver.stripe.events(about=giver.subscription)]
    return kinds.count("customer.subscription.updated")


def told(kind: str) -> int:
    return Message.objects.filter(template=kind).count()


@both_silences
@both_ways
@pytest.mark.parametrize(
    ("was", "answers", "agreed"),
    [
        ("betrag", {"amount": "40", "rhythm": "month"}, (4000, "month", False)),
        ("betrag", {"amount": "25", "rhythm": "quarter"}, (2500, "quarter", False)),
        ("pause", {"months": "3"}, (2500, "month", True)),
    ],
)
def test_what_was_changed_is_shown_once_it_is_known_and_changed_once(
    browser: Client,
    stripe: StripeProcess,
    monkeypatch: pytest.MonkeyPatch,
    was: str,
    answers: dict[str, str],
    agreed: tuple[int, str, bool],
    learn: Truth,
    answers_the_change: bool,
) -> None:
    giver = Giver(browser, stripe)
    silence = FallsSilent(monkeypatch, answers_the_change=answers_the_change)
    answer = giver.change(was, **answers)
    assert (answer.status_code, UNKNOWN in text(answer)) == (503, True)
    row = giver.row
    assert (row.amount_cents, row.rhythm, row.is_paused, told("monthly_changed")) == (2500, "month", False, 0)
    silence.speak()
    learn(giver)
    row = giver.row
    assert (row.amount_cents, row.rhythm, row.is_paused, row.version) == (*agreed, 2)
    assert told("monthly_changed") == 1
    assert giver.change(was, **answers).status_code == 303
    giver.tell()
    row = giver.row
    assert (row.amount_cents, row.rhythm, row.is_paused) == agreed
    assert giver.price == (agreed[0], "month", 3 if agreed[1] == "quarter" else 1)
    assert told("monthly_changed") == 1
    assert amounts() == [(2500, "card", "received")]


@both_silences
def test_who_asks_once_more_before_it_is_known_changes_it_once(
    browser: Client, stripe: StripeProcess, monkeypatch: pytest.MonkeyPatch, answers_the_change: bool
) -> None:
    giver = Giver(browser, stripe)
    before = changes(giver)
    silence = FallsSilent(monkeypatch, answers_the_change=answers_the_change)
    assert giver.change("betrag", amount="40", rhythm="month").status_code == 503
    silence.speak()
    assert giver.change("betrag", amount="40", rhythm="month").status_code == 303
    giver.tell()
    assert changes(giver) == before + 1
    assert (giver.row.amount_cents, giver.row.version, told("monthly_changed")) == (4000, 2, 1)


@both_silences
@both_ways
def test_a_pause_that_was_ended_goes_on(
    browser: Client,
    stripe: StripeProcess,
    monkeypatch: pytest.MonkeyPatch,
    learn: Truth,
    answers_the_change: bool,
) -> None:
    giver = Giver(browser, stripe)
    giver.change("pause", months="3")
    giver.tell()
    silence = FallsSilent(monkeypatch, answers_the_change=answers_the_change)
    answer = giver.change("weiter")
    assert (answer.status_code, UNKNOWN in text(answer), giver.row.is_paused) == (503, True, True)
    silence.speak()
    learn(giver)
    assert giver.row.is_paused is False
    assert giver.change("weiter").status_code == 303
    giver.collect()
    assert amounts() == [(2500, "card", "received")] * 2


@both_silences
@both_ways
def test_what_was_ended_is_over_and_told_once(
    browser: Client,
    stripe: StripeProcess,
    monkeypatch: pytest.MonkeyPatch,
    learn: Truth,
    answers_the_change: bool,
) -> None:
    giver = Giver(browser, stripe)
    ending = giver.page().replace("aendern", "beenden")
    silence = FallsSilent(monkeypatch, answers_the_change=answers_the_change)
    answer = browser.post(ending)
    assert (answer.status_code, UNKNOWN in text(answer)) == (503, True)
    assert (giver.row.status, told("monthly_ended")) == ("active", 0)
    silence.speak()
    learn(giver)
    assert (giver.row.status, giver.at_stripe["status"]) == ("cancelled", "canceled")
    browser.post(ending)
    assert told("monthly_ended") == 1


@both_silences
@both_ways
def test_another_way_of_paying_is_taken_over(
    browser: Client,
    stripe: StripeProcess,
    monkeypatch: pytest.MonkeyPatch,
    learn: Truth,
    answers_the_change: bool,
) -> None:
    giver = Giver(browser, stripe)
    _status, back = stripe.pay(giver.change("weg", method="sepa_debit")["Location"], "sepa_debit")
    silence = FallsSilent(monkeypatch, answers_the_change=answers_the_change)
    assert browser.get(back.replace("http://127.0.0.1:8000", "")).status_code == 200
    assert giver.row.method == "card"
    silence.speak()
    learn(giver)
    assert giver.row.method == "sepa_debit"
    assert told("monthly_changed") == 1
    giver.settle(giver.collect())
    assert amounts() == [(2500, "card", "received"), (2500, "sepa_debit", "received")]


@both_silences
@both_ways
def test_another_try_collects_once(
    browser: Client,
    stripe: StripeProcess,
    monkeypatch: pytest.MonkeyPatch,
    learn: Truth,
    answers_the_change: bool,
) -> None:
    giver = Giver(browser, stripe)
    giver.collect("failed", failure_code="insufficient_funds")
    link = link_in("monthly_failed", "dauerspende/zahlung")
    silence = FallsSilent(monkeypatch, answers_the_change=answers_the_change)
    answer = browser.post(link, {"was": "noch einmal"})
    assert (answer.status_code, UNKNOWN in text(answer), giver.row.status) == (503, True, "past_due")
    silence.speak()
    once_more = browser.post(link, {"was": "noch einmal"})
    assert "Der Einzug hat geklappt" in text(browser.get(once_more["Location"]))
    learn(giver)
    assert (giver.row.status, giver.row.failure) == ("active", "")
    assert amounts() == [(2500, "card", "received")] * 2
    assert told("gift_thanks") == 2
    assert [*faults(), *row_faults()] == []


@both_silences
def test_a_refund_is_given_once(
    browser: Client,
    fund: Fund,
    stripe: StripeProcess,
    monkeypatch: pytest.MonkeyPatch,
    answers_the_change: bool,
) -> None:
    """A treasurer reads that it is on its way until Stripe has named it and what became of it is read."""
    gift = pay(stripe, browser)
    catch_up(utc_now())
    process_events(utc_now())
    gift.refresh_from_db()
    one, other = (make_user(Membership.Role.TREASURER, fund.provider) for _turn in range(2))
    proposal = propose_refund(gift, Cents(1000), "Widerruf", by=one, now=utc_now())
    assert release(proposal.pk, by=other, now=utc_now())
    silence = FallsSilent(monkeypatch, answers_the_change=answers_the_change)
    if answers_the_change:
        with pytest.raises(Unreachable):
            send_waiting(utc_now())
    else:
        assert send_waiting(utc_now()) == 0
    assert (Refund.objects.get().status, standing(gift)) == ("pending", "received")
    staff = Client()
    staff.force_login(one)
    assert staff.get(reverse("coordination_donations")).status_code == 200
    silence.speak()
    send_waiting(utc_now())
    catch_up(utc_now())
    process_events(utc_now())
    refunds = stripe.get(f"refunds?payment_intent={intent_of(stripe, gift)}")["data"]
    assert [each["amount"] for each in refunds] == [1000]
    assert (Refund.objects.get().status, standing(gift)) == ("succeeded", "partly_refunded")
    assert (told("refund_done"), Donation.objects.count()) == (1, 1)
    assert local_day(Refund.objects.get().refunded_at) == local_day(utc_now())
    assert [*faults(), *row_faults()] == []
