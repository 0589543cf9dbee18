"""Dauerspenden in every rhythm, and what their owner changes about them."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from citizens.services.links import my_page_url
from donations.domain.failures import failure_of
from donations.domain.rhythm import in_months, next_collection
from donations.models import Dispute, Donation, RecurringDonation
from donations.selectors.ledger import faults
from donations.services.online.monthly import cancel_monthly, read_invoice
from donations.tasks import look_after_recurring
from foundation.clock import local_day, utc_now
from outbox.models import Message
from programs.models import Fund
from tests.donations.deliveries import deliver, deliver_all
from tests.donations.gifts import make_donor
from tests.donations.stripe_process import StripeProcess
from tests.donations.visits import give, newest, text


@pytest.fixture(autouse=True)
def _paying(fund: Fund, stripe: StripeProcess) -> None:
    """Everything here needs a purpose and Stripe."""


class Giver:
    """Somebody who gives 25 euro again and again, and looks after it on their own pages."""

    def __init__(
        self, browser: Client, stripe: StripeProcess, method: str = "card", rhythm: str = "monatlich"
    ) -> None:
        self.browser, self.stripe = browser, stripe
        page = give(browser, what={"rhythmus": rhythm}, method=method)["Location"]
        stripe.pay(page, method)
        self.gift, self.told = newest(), set[str]()
        self.subscription = stripe.get(f"checkout/sessions/{self.gift.checkout_session_id}")["subscription"]
        self.tell()

    def tell(self) -> None:
        """Let what is new at Stripe reach us."""
        events = [each for each in self.stripe.events(about=self.subscription) if each["id"] not in self.told]
        deliver(events)
        self.told |= {each["id"] for each in events}

    @property
    def row(self) -> RecurringDonation:
        return RecurringDonation.objects.select_related("donor__mailbox", "fund").get(
            pk=self.gift.recurring_id
        )

    @property
    def at_stripe(self) -> dict[str, Any]:
        return self.stripe.get(f"subscriptions/{self.subscription}")

    @property
    def price(self) -> tuple[int, str, int]:
        price = self.at_stripe["items"]["data"][0]["price"]
        return price["unit_amount"], price["recurring"]["interval"], price["recurring"]["interval_count"]

    def page(self, *, days: int = 0) -> str:
        link = my_page_url(self.row.donor.mailbox, utc_now() - timedelta(days=days))
        return reverse("my_gifts_change", args=[link.rstrip("/").rpartition("/")[2], self.row.pk])

    def change(self, was: str, **answers: str) -> Any:
        return self.browser.post(self.page(), {"was": was, **answers})

    def collect(self, outcome: str = "paid", **more: str) -> str:
        """Let Stripe collect the next time; returns the invoice."""
        invoice = self.stripe.lever(f"subscriptions/{self.subscription}/advance", outcome=outcome, **more)[
            "id"
        ]
        self.tell()
        return str(invoice)

    def settle(self, invoice: str, outcome: str = "paid", **more: str) -> None:
        found = self.stripe.get(f"invoices/{invoice}?expand[]=payments")
        intent = found["payments"]["data"][0]["payment"]["payment_intent"]
        self.stripe.lever(f"payment_intents/{intent}/settle", outcome=outcome, **more)
        self.tell()

    def method(self) -> str:
        return str(self.at_stripe["default_payment_method"])


def mails() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("template", flat=True))


def amounts() -> list[tuple[int, str, str]]:
    gifts = Donation.objects.exclude(status="lapsed").order_by("pk")
    return list(gifts.values_list("amount_cents", "method", "status"))


def link_in(template: str, page: str) -> str:
    body = Message.objects.filter(template=template).latest("pk").body_text
    found = re.search(rf"http://\S+(/{page}/\S+)", body)
    assert found, body
    return found[1]


@pytest.mark.parametrize(
    ("rhythm", "price", "said"),
    [
        ("vierteljaehrlich", (2500, "month", 3), "25 € im Vierteljahr"),
        ("jaehrlich", (2500, "year", 1), "25 € im Jahr"),
    ],
)
def test_a_gift_is_collected_in_the_rhythm_that_was_chosen(
    browser: Client, stripe: StripeProcess, rhythm: str, price: tuple[int, str, int], said: str
) -> None:
    giver = Giver(browser, stripe, rhythm=rhythm)
    assert giver.price == price
    assert giver.row.status == "active"
    months = 12 if price[1] == "year" else 3
    assert giver.row.next_on == local_day(_months_later(utc_now(), months))
    assert f"{said}</strong> für Kinderfonds (Karte, läuft)" in text(browser.get(giver.page()))
    giver.collect()
    assert amounts() == [(2500, "card", "received")] * 2


def _months_later(moment: datetime, months: int) -> datetime:
    """Return the same time of day by UTC, as Stripe counts: at midnight here that is another day."""
    return datetime.combine(in_months(moment.date(), months), moment.timetz())


def test_amount_and_rhythm_change_in_two_taps_and_nothing_is_collected_now(
    browser: Client, stripe: StripeProcess
) -> None:
    giver = Giver(browser, stripe)
    due_on = giver.row.next_on
    assert browser.get(giver.page()).status_code == 200
    answer = giver.change("betrag", amount="40,50", rhythm="quarter")
    assert answer.status_code == 303
    assert "Ihre Dauerspende ist geändert." in text(browser.get(answer["Location"]))
    row = giver.row
    assert (row.amount_cents, row.rhythm, row.next_on, row.status) == (4050, "quarter", due_on, "active")
    assert row.version == 2
    assert giver.price == (4050, "month", 3)
    giver.tell()
    assert amounts() == [(2500, "card", "received")]
    assert mails() == ["gift_thanks", "monthly_changed"]
    assert "40,50 € im Vierteljahr, Karte." in Message.objects.latest("pk").body_text.replace("\xa0", " ")
    giver.collect()
    assert amounts() == [(2500, "card", "received"), (4050, "card", "received")]
    assert faults() == []


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"amount": "", "rhythm": "month"}, "Bitte geben Sie Ihren Betrag ein."),
        ({"amount": "0,50", "rhythm": "month"}, "mindestens"),
        ({"amount": "25 Bananen", "rhythm": "month"}, "Betrag in Euro"),
        ({"amount": "25", "rhythm": "week"}, "Bitte wählen Sie aus, was angeboten wird."),
    ],
)
def test_what_cannot_be_meant_comes_back_and_changes_nothing(
    browser: Client, stripe: StripeProcess, answers: dict[str, str], said: str
) -> None:
    giver = Giver(browser, stripe)
    answer = giver.change("betrag", **answers)
    assert answer.status_code == 422
    assert said in text(answer)
    assert giver.price == (2500, "month", 1)
    assert giver.row.version == 1


def test_while_a_collection_is_open_the_amount_can_change_and_the_rhythm_cannot(
    browser: Client, stripe: StripeProcess
) -> None:
    giver = Giver(browser, stripe)
    giver.collect("failed", failure_code="insufficient_funds")
    answer = giver.change("betrag", amount="25", rhythm="quarter")
    assert (answer.status_code, giver.price) == (422, (2500, "month", 1))
    assert "Der letzte Einzug ist noch offen." in text(answer)
    assert giver.change("betrag", amount="20", rhythm="month").status_code == 303
    assert (giver.price, giver.row.amount_cents) == ((2000, "month", 1), 2000)


@pytest.mark.parametrize(
    ("method", "amount", "status", "cents"),
    [
        ("sepa_debit", "10000", 303, 1_000_000),
        ("sepa_debit", "10000,01", 422, 2500),
        ("card", "10000,01", 303, 1_000_001),
    ],
)
def test_a_debit_collects_ten_thousand_euro_at_most(
    browser: Client, stripe: StripeProcess, method: str, amount: str, status: int, cents: int
) -> None:
    giver = Giver(browser, stripe, method)
    answer = giver.change("betrag", amount=amount, rhythm="month")
    assert (answer.status_code, giver.price, giver.row.amount_cents) == (status, (cents, "month", 1), cents)
    assert ("So viel lässt sich mit diesem Zahlungsweg nicht" in text(answer)) is (status == 422)


def test_a_pause_swallows_what_is_due_and_ends_when_its_owner_wants(
    browser: Client, stripe: StripeProcess
) -> None:
    giver = Giver(browser, stripe)
    today = local_day(utc_now())
    assert giver.change("pause", months="3")["Location"].endswith("hinweis=dauerspende_pausiert")
    row = giver.row
    assert (row.is_paused, row.resumes_on, row.status) == (True, in_months(today, 3), "active")
    assert row.next_on is not None
    assert row.next_on >= in_months(today, 3)
    assert "pausiert" in text(browser.get(giver.page()))
    giver.collect()
    assert amounts() == [(2500, "card", "received")]
    assert giver.change("weiter")["Location"].endswith("hinweis=dauerspende_fortgesetzt")
    assert (giver.row.is_paused, giver.row.resumes_on, giver.row.version) == (False, None, 3)
    giver.collect()
    assert amounts() == [(2500, "card", "received")] * 2
    assert mails() == ["gift_thanks", "monthly_changed", "monthly_changed", "gift_thanks"]


def test_another_way_of_paying_is_entered_at_stripe_and_taken_over_at_once(
    browser: Client, stripe: StripeProcess
) -> None:
    giver = Giver(browser, stripe)
    page = giver.change("weg", method="sepa_debit")["Location"]
    assert page.startswith(stripe.url)
    _status, back = stripe.pay(page, "sepa_debit")
    assert "/dauerspende/zahlung/" in back
    shown = browser.get(back.replace("http://127.0.0.1:8000", ""))
    assert "Ihr Zahlungsweg ist erneuert" in text(shown)
    assert giver.row.method == "sepa_debit"
    giver.tell()
    assert mails() == ["gift_thanks", "monthly_changed"]
    giver.settle(giver.collect())
    assert amounts() == [(2500, "card", "received"), (2500, "sepa_debit", "received")]
    payment = Donation.objects.latest("pk").payment
    assert payment.mandate.startswith("mandate_")
    assert payment.country == "DE"
    assert payment.settles_on == local_day(utc_now() + timedelta(days=3))


def test_what_was_entered_there_is_taken_over_by_the_event_alone_and_an_older_page_not_again(
    browser: Client, stripe: StripeProcess
) -> None:
    giver = Giver(browser, stripe)
    page = giver.change("weg", method="sepa_debit")["Location"]
    stripe.pay(page, "sepa_debit")
    assert giver.row.method == "card"
    giver.tell()
    assert giver.row.method == "sepa_debit"
    RecurringDonation.objects.update(method_set_at=utc_now() + timedelta(minutes=1))
    last = giver.at_stripe
    deliver_all(stripe, giver.subscription)
    assert giver.at_stripe == last


def test_what_a_debit_paid_is_a_debit_though_the_change_is_told_only_after_it(
    browser: Client, stripe: StripeProcess
) -> None:
    """The way was changed at Stripe; its event comes later than those of the next collection."""
    giver = Giver(browser, stripe)
    _status, back = stripe.pay(giver.change("weg", method="sepa_debit")["Location"], "sepa_debit")
    page = parse_qs(urlsplit(back).query)["seite"][0]
    entered = stripe.get(f"checkout/sessions/{page}?expand[]=setup_intent")["setup_intent"]["payment_method"]
    address = f"{stripe.url}/v1/subscriptions/{giver.subscription}"
    assert stripe.request("POST", address, {"default_payment_method": entered})[0] == 200
    invoice = stripe.lever(f"subscriptions/{giver.subscription}/advance", outcome="paid")["id"]
    found = stripe.get(f"invoices/{invoice}?expand[]=payments")
    intent = found["payments"]["data"][0]["payment"]["payment_intent"]
    assert giver.row.method == "card"
    read_invoice(invoice, utc_now())
    assert amounts()[1:] == [(2500, "sepa_debit", "processing")]
    stripe.lever(f"payment_intents/{intent}/settle", outcome="paid")
    read_invoice(invoice, utc_now())
    assert amounts() == [(2500, "card", "received"), (2500, "sepa_debit", "received")]
    gift = Donation.objects.latest("pk")
    assert gift.debited_on == gift.payment.debited_on is not None
    assert faults() == []
    giver.tell()
    assert giver.row.method == "sepa_debit"
    assert amounts()[1:] == [(2500, "sepa_debit", "received")]


@pytest.mark.parametrize(("seconds", "method"), [(-1, "sepa_debit"), (0, "card")])
def test_of_two_pages_the_one_that_was_opened_later_counts(
    browser: Client, stripe: StripeProcess, seconds: int, method: str
) -> None:
    giver = Giver(browser, stripe)
    _status, back = stripe.pay(giver.change("weg", method="sepa_debit")["Location"], "sepa_debit")
    opened = stripe.get(f"checkout/sessions/{parse_qs(urlsplit(back).query)['seite'][0]}")["created"]
    before = datetime.fromtimestamp(opened, UTC) + timedelta(seconds=seconds)
    RecurringDonation.objects.update(method_set_at=before)
    giver.tell()
    assert giver.row.method == method


def test_a_collection_that_fails_is_told_once_with_its_reason_and_mended_by_the_link(
    browser: Client, stripe: StripeProcess
) -> None:
    giver = Giver(browser, stripe)
    giver.collect("failed", failure_code="insufficient_funds")
    deliver_all(stripe, giver.subscription)
    row = giver.row
    assert (row.status, row.failure) == ("past_due", "funds")
    assert mails() == ["gift_thanks", "monthly_failed"]
    assert "nicht ausreichend gedeckt" in Message.objects.latest("pk").body_text
    link = link_in("monthly_failed", "dauerspende/zahlung")
    assert "nicht ausreichend gedeckt" in text(browser.get(link))
    assert giver.row.tries == 0
    stripe.lever(f"payment_methods/{giver.method()}", refusal="expired_card")
    answer = browser.post(link, {"was": "noch einmal"})
    assert "Auch dieser Versuch hat leider nicht geklappt" in text(browser.get(answer["Location"]))
    assert giver.row.failure == "expired"
    assert mails() == ["gift_thanks", "monthly_failed", "monthly_failed"]
    stripe.lever(f"payment_methods/{giver.method()}", refusal="")
    answer = browser.post(link, {"was": "noch einmal"})
    assert "Der Einzug hat geklappt" in text(browser.get(answer["Location"]))
    row = giver.row
    assert (row.status, row.failure, row.failed_invoice_id) == ("active", "", "")
    giver.tell()
    assert amounts() == [(2500, "card", "received")] * 2
    assert mails()[3:] == ["gift_thanks"]


def test_a_new_card_pays_what_was_open(browser: Client, stripe: StripeProcess) -> None:
    giver = Giver(browser, stripe)
    giver.collect("failed", failure_code="expired_card")
    link = link_in("monthly_failed", "dauerspende/zahlung")
    page = browser.post(link, {"was": "weg", "method": "card"})["Location"]
    old = giver.method()
    _status, back = stripe.pay(page, "card")
    browser.get(back.replace("http://127.0.0.1:8000", ""))
    assert giver.method() != old
    giver.tell()
    assert giver.row.status == "active"
    assert amounts() == [(2500, "card", "received")] * 2


def test_a_debit_that_fails_after_days_is_told_once_and_by_one_mail(
    browser: Client, stripe: StripeProcess
) -> None:
    giver = Giver(browser, stripe, "sepa_debit")
    giver.settle(str(newest().stripe_invoice_id))
    invoice = giver.collect()
    giver.settle(invoice, "failed", failure_code="insufficient_funds")
    giver.tell()
    assert mails() == ["gift_thanks", "monthly_failed"]
    assert (giver.row.status, giver.row.failure) == ("past_due", "funds")


def test_a_first_debit_that_fails_is_told_by_one_mail_too(browser: Client, stripe: StripeProcess) -> None:
    giver = Giver(browser, stripe, "sepa_debit")
    giver.settle(str(newest().stripe_invoice_id), "failed", failure_code="account_closed")
    deliver_all(stripe, str(giver.gift.public_id))
    assert mails() == ["monthly_failed"]
    assert "geschlossen oder gesperrt" in Message.objects.get().body_text
    assert Donation.objects.get().status == "lapsed"


def test_a_debit_under_way_is_named_when_its_gift_ends(browser: Client, stripe: StripeProcess) -> None:
    giver = Giver(browser, stripe, "sepa_debit")
    ending = giver.page().replace("aendern", "beenden")
    assert "Eine Lastschrift ist schon bei Ihrer Bank" in text(browser.get(ending))
    browser.post(ending)
    assert "Sie wird noch eingezogen" in Message.objects.get(template="monthly_ended").body_text
    giver.settle(str(newest().stripe_invoice_id))
    assert amounts() == [(2500, "sepa_debit", "received")]


@pytest.mark.parametrize("said", ["", "debit_not_authorized", "recipient_deceased"])
def test_a_debit_that_was_not_allowed_ends_the_mandate(
    browser: Client, stripe: StripeProcess, said: str
) -> None:
    giver = Giver(browser, stripe, "sepa_debit")
    invoice = str(newest().stripe_invoice_id)
    if not said:
        giver.settle(invoice)
        charge = Donation.objects.get().payment.charge
        stripe.lever(f"charges/{charge}/dispute", reason="debit_not_authorized")
        deliver_all(stripe, charge)
    else:
        giver.settle(invoice, "failed", failure_code=said)
    assert giver.row.status in {"active", "past_due"}
    assert look_after_recurring(utc_now()) == 1
    assert giver.row.status == "cancelled"
    assert giver.at_stripe["status"] == "canceled"
    ended = Message.objects.get(template="monthly_ended")
    assert "dass die Lastschrift nicht erlaubt ist" in ended.body_text
    assert "monthly_failed" not in mails()
    assert look_after_recurring(utc_now()) == 0


@pytest.mark.parametrize(
    ("method_set_after", "ended"), [(None, 1), (timedelta(seconds=-1), 1), (timedelta(0), 0)]
)
def test_an_account_that_is_gone_is_not_debited_again(
    browser: Client, stripe: StripeProcess, method_set_after: timedelta | None, ended: int
) -> None:
    giver = Giver(browser, stripe, "sepa_debit")
    giver.settle(str(newest().stripe_invoice_id))
    giver.settle(giver.collect(), "failed", failure_code="account_closed")
    assert (giver.row.status, giver.row.failure) == ("past_due", "closed")
    assert mails() == ["gift_thanks", "monthly_failed"]
    failed = Message.objects.get(template="monthly_failed").body_text
    assert "Ohne ein anderes Konto endet Ihre Dauerspende vor dem nächsten Einzug" in failed
    assert "später noch einmal" not in failed
    if method_set_after is not None:
        RecurringDonation.objects.update(method_set_at=giver.row.failed_at + method_set_after)
    eve = datetime.combine(giver.row.next_on - timedelta(days=1), time(12), UTC)
    assert [look_after_recurring(each) for each in (eve - timedelta(days=1), eve, eve)] == [0, ended, 0]
    assert giver.row.status == ("cancelled" if ended else "past_due")
    if ended:
        assert giver.at_stripe["status"] == "canceled"
        told = Message.objects.get(template="monthly_ended").body_text
        assert "dass das Konto geschlossen oder gesperrt ist, und ein anderes haben wir nicht" in told
        assert "nicht erlaubt" not in told


def test_a_gift_ended_while_another_account_may_still_be_named_says_nothing_of_the_account(
    browser: Client, stripe: StripeProcess
) -> None:
    giver = Giver(browser, stripe, "sepa_debit")
    giver.settle(str(newest().stripe_invoice_id), "failed", failure_code="account_closed")
    assert giver.row.failure == "closed"
    cancel_monthly(giver.row, utc_now())
    assert "Konto" not in Message.objects.get(template="monthly_ended").body_text.split("Danke für alles")[0]


@pytest.mark.parametrize("status", ["starting", "cancelled"])
def test_what_does_not_run_is_not_ended_for_a_debit_that_was_not_allowed(fund: Fund, status: str) -> None:
    facts = {"donor": make_donor(), "fund": fund, "amount_cents": 2500, "method": "sepa_debit"}
    now = utc_now()
    row = RecurringDonation.objects.create(
        **facts, status=status, failure="not_allowed", status_changed_at=now, created_at=now
    )
    assert look_after_recurring(now) == 0
    assert RecurringDonation.objects.get(pk=row.pk).status == status


@pytest.mark.parametrize(("seconds", "ended"), [(-1, 1), (0, 0), (1, 0)])
def test_a_mandate_that_was_given_since_the_debit_came_back_stays(
    browser: Client, stripe: StripeProcess, seconds: int, ended: int
) -> None:
    giver = Giver(browser, stripe, "sepa_debit")
    giver.settle(str(newest().stripe_invoice_id))
    charge = Donation.objects.get().payment.charge
    stripe.lever(f"charges/{charge}/dispute", reason="debit_not_authorized")
    deliver_all(stripe, charge)
    given_at = Dispute.objects.get().opened_at + timedelta(seconds=seconds)
    RecurringDonation.objects.update(method_set_at=given_at)
    assert look_after_recurring(utc_now()) == ended
    assert giver.row.status == ("cancelled" if ended else "active")


def test_another_dispute_ends_nothing(browser: Client, stripe: StripeProcess) -> None:
    giver = Giver(browser, stripe, "sepa_debit")
    giver.settle(str(newest().stripe_invoice_id))
    charge = Donation.objects.get().payment.charge
    stripe.lever(f"charges/{charge}/dispute", reason="insufficient_funds")
    deliver_all(stripe, charge)
    assert look_after_recurring(utc_now()) == 0
    assert giver.row.status == "active"


def test_a_card_that_expires_is_told_once_in_time(browser: Client, stripe: StripeProcess) -> None:
    giver = Giver(browser, stripe)
    expires_on = giver.row.card_expires_on
    assert expires_on == date(2034, 12, 31)
    assert look_after_recurring(utc_now()) == 0
    soon = utc_now() + (expires_on - local_day(utc_now())) - timedelta(days=30)
    assert look_after_recurring(soon - timedelta(days=1)) == 0
    assert [look_after_recurring(soon) for _ in range(2)] == [1, 0]
    mail = Message.objects.get(template="monthly_card")
    assert "gilt nur noch bis 12/2034" in mail.body_text
    assert browser.get(link_in("monthly_card", "dauerspende/zahlung")).status_code == 200
    later = {"exp_year": "2035", "exp_month": "1"}
    stripe.lever(f"payment_methods/{giver.method()}", **later)
    RecurringDonation.objects.update(card_told_for=None)
    assert look_after_recurring(soon) == 0
    assert giver.row.card_expires_on == date(2035, 1, 31)
    RecurringDonation.objects.update(card_told_for=expires_on)
    assert [look_after_recurring(soon + timedelta(days=days)) for days in (30, 31, 31)] == [0, 1, 0]
    assert (
        "gilt nur noch bis 01/2035" in Message.objects.filter(template="monthly_card").latest("pk").body_text
    )
    RecurringDonation.objects.update(card_told_for=None)
    stripe.request("DELETE", f"{stripe.url}/v1/subscriptions/{giver.subscription}")
    soon += timedelta(days=40)
    assert look_after_recurring(soon) == 0
    assert (giver.row.status, giver.row.status_changed_at) == ("cancelled", soon)


def test_what_is_changed_at_stripe_is_taken_over_and_told(browser: Client, stripe: StripeProcess) -> None:
    giver = Giver(browser, stripe)
    item = giver.at_stripe["items"]["data"][0]
    price = {"currency": "eur", "product": item["price"]["product"], "unit_amount": "1000"}
    form = {"items[0][id]": item["id"], "proration_behavior": "none"}
    form |= {f"items[0][price_data][{name}]": value for name, value in price.items()}
    form |= {"items[0][price_data][recurring][interval]": "month", "pause_collection[behavior]": "void"}
    status, _headers, _text = stripe.request(
        "POST", f"{stripe.url}/v1/subscriptions/{giver.subscription}", form
    )
    assert status == 200
    giver.tell()
    row = giver.row
    assert (row.amount_cents, row.is_paused, row.resumes_on, row.next_on) == (1000, True, None, None)
    assert mails() == ["gift_thanks", "monthly_changed"]
    assert "Pausiert, bis Sie fortsetzen." in text(browser.get(giver.page()))


def test_an_older_link_takes_a_step_by_mail(browser: Client, stripe: StripeProcess) -> None:
    giver = Giver(browser, stripe)
    old = giver.page(days=9)
    assert "So ändern" not in text(browser.get(old))
    assert browser.post(old, {"was": "pause", "months": "3"}).status_code == 303
    assert not giver.row.is_paused
    step = link_in("confirm_step", "dauerspende/aendern")
    assert browser.post(step, {"was": "pause", "months": "3"})["Location"].startswith(step)
    assert giver.row.is_paused


def test_nothing_is_promised_while_stripe_is_away_or_when_it_is_over(
    browser: Client, stripe: StripeProcess, settings: Any
) -> None:
    giver = Giver(browser, stripe)
    address, link = giver.page(), reverse("monthly_mend", args=["x"])
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    answer = browser.post(address, {"was": "betrag", "amount": "40", "rhythm": "month"})
    assert answer.status_code == 503
    assert "Wir wissen deshalb noch nicht, ob es angekommen ist." in text(answer)
    settings.STRIPE_API_BASE = stripe.url
    assert giver.price == (2500, "month", 1)
    assert browser.get(link).status_code == 404
    cancel_monthly(giver.row, utc_now())
    answer = browser.post(address, {"was": "betrag", "amount": "40", "rhythm": "month"})
    assert (answer.status_code, giver.row.amount_cents) == (422, 2500)
    assert "läuft nicht" in text(browser.get(address))


def test_nobody_changes_the_gift_of_another(browser: Client, stripe: StripeProcess) -> None:
    giver = Giver(browser, stripe)
    stranger = my_page_url(make_donor().mailbox, utc_now()).rstrip("/").rpartition("/")[2]
    address = reverse("my_gifts_change", args=[stranger, giver.row.pk])
    for act in (browser.get, browser.post):
        assert act(address).status_code == 404
    foreign = Giver(browser, stripe)
    page = foreign.change("weg", method="sepa_debit")["Location"]
    _status, back = stripe.pay(page, "sepa_debit")
    session = parse_qs(urlsplit(back).query)["seite"][0]
    giver.collect("failed")
    link = link_in("monthly_failed", "dauerspende/zahlung")
    assert "Ihr Zahlungsweg ist erneuert" not in text(browser.get(f"{link}?seite={session}"))
    assert giver.row.method == "card"


@pytest.mark.parametrize(
    ("due_on", "rhythm", "resumes_on", "expected"),
    [
        (date(2027, 1, 31), "month", None, date(2027, 1, 31)),
        (date(2027, 1, 31), "month", date(2027, 2, 28), date(2027, 2, 28)),
        (date(2027, 1, 31), "month", date(2027, 3, 1), date(2027, 3, 31)),
        (date(2027, 1, 31), "quarter", date(2027, 2, 1), date(2027, 4, 30)),
        (date(2028, 2, 29), "year", date(2028, 3, 1), date(2029, 2, 28)),
        (date(2027, 5, 1), "year", date(2027, 4, 1), date(2027, 5, 1)),
    ],
)
def test_the_next_collection_is_the_first_that_a_pause_leaves(
    due_on: date, rhythm: str, resumes_on: date | None, expected: date
) -> None:
    assert next_collection(due_on, rhythm, resumes_on) == expected


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ((), ""),
        ((None, ""), ""),
        (("insufficient_funds", "card_declined"), "funds"),
        ((None, "card_declined"), "refused"),
        (("brand_new_code", "expired_card"), "expired"),
        (("brand_new_code",), "other"),
        (("debit_not_authorized",), "not_allowed"),
        (("no_account",), "wrong_account"),
    ],
)
def test_a_failure_is_named_by_the_code_that_says_most(codes: tuple[str | None, ...], expected: str) -> None:
    assert failure_of(*codes) == expected
