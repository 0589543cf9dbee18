"""Monthly gifts: each paid month is a gift of its own, and the giver can end it at any time."""

import random
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from citizens.models import LinkRequest
from citizens.services.link_requests import answer_requests
from citizens.services.links import my_page_token, my_page_url
from donations.models import Donation, Donor, ReceiptAddress, RecurringDonation
from donations.selectors.ledger import faults
from donations.services.online.monthly import cancel_monthly
from donations.services.online.recurring import beginning_of
from donations.services.treasury.proposals import propose_reallocation, release
from donations.tasks import ask_about_pending
from foundation.clock import utc_now
from foundation.history import lines_of
from outbox.models import Message
from programs.models import Fund, Membership
from tests.donations.deliveries import deliver, deliver_all
from tests.donations.gifts import make_donation, make_donor
from tests.donations.stripe_process import StripeProcess
from tests.donations.visits import give, newest, text
from tests.factories import make_fund, make_user

RECEIPT = {
    "wants_receipt": "on",
    "name": "Ada Beispiel",
    "street": "Musterweg 1",
    "postcode": "52349",
    "town": "Düren",
}


def begin(stripe: StripeProcess, browser: Client, method: str = "card", **answers: str) -> Donation:
    """Begin to give 25 € a month; nothing has been delivered yet."""
    page_url = give(browser, what={"rhythmus": "monatlich"}, method=method, **answers)["Location"]
    stripe.pay(page_url, method)
    return newest()


def subscription_of(stripe: StripeProcess, donation: Donation) -> str:
    return str(stripe.get(f"checkout/sessions/{donation.checkout_session_id}")["subscription"])


def running(stripe: StripeProcess, browser: Client, **answers: str) -> tuple[RecurringDonation, str]:
    donation = begin(stripe, browser, **answers)
    subscription = subscription_of(stripe, donation)
    deliver_all(stripe, str(donation.public_id))
    return RecurringDonation.objects.get(), subscription


def statuses() -> list[str]:
    return list(Donation.objects.order_by("pk").values_list("status", flat=True))


def mails() -> list[str]:
    return sorted(Message.objects.values_list("template", flat=True))


def path(url: str) -> str:
    return url.replace("http://127.0.0.1:8000", "")


@pytest.fixture(autouse=True)
def _paying(fund: Fund, stripe: StripeProcess) -> None:
    """Everything here needs a purpose and Stripe."""


def test_the_first_month_is_the_gift_that_was_promised(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    row, subscription = running(stripe, browser)
    donation = Donation.objects.get()
    assert (row.status, row.stripe_subscription_id) == ("active", subscription)
    assert (donation.status, donation.recurring) == ("received", row)
    assert donation.stripe_invoice_id is not None
    fund.refresh_from_db()
    assert (fund.received_cents, fund.gift_count) == (2500, 1)
    assert mails() == ["gift_thanks"]
    assert "Dauerspende beenden" in Message.objects.get().body_text


def test_each_further_month_is_a_gift_of_its_own(browser: Client, fund: Fund, stripe: StripeProcess) -> None:
    row, subscription = running(stripe, browser, **RECEIPT)
    for _ in range(2):
        stripe.lever(f"subscriptions/{subscription}/advance", outcome="paid")
        deliver_all(stripe, subscription)
        deliver_all(stripe, subscription)
    assert statuses() == ["received"] * 3
    assert set(Donation.objects.values_list("recurring", "amount_cents", "donor_name", "fund")) == {
        (row.pk, 2500, "Ada Beispiel", fund.pk)
    }
    assert ReceiptAddress.objects.filter(street="Musterweg 1").count() == 3
    fund.refresh_from_db()
    assert (fund.received_cents, fund.gift_count) == (7500, 3)
    assert mails() == ["gift_thanks"] * 3
    assert faults() == []


def test_the_next_month_goes_to_the_address_that_the_giver_corrected(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    row, subscription = running(stripe, browser, **RECEIPT)
    mailbox, first = row.donor.mailbox, newest()
    assert mailbox is not None
    page = reverse("my_receipt_address", args=[my_page_token(mailbox, utc_now()), first.pk])
    new = {"name": "Ada Lerche", "street": "Neuer Weg 7", "postcode": "52351", "town": "Düren"}
    assert browser.post(page, new).status_code == 303
    stripe.lever(f"subscriptions/{subscription}/advance", outcome="paid")
    deliver_all(stripe, subscription)
    further = Donation.objects.exclude(pk=first.pk).select_related("receipt_address").get()
    assert (further.donor_name, str(further.receipt_address)) == ("Ada Lerche", "Neuer Weg 7, 52351 Düren")


def test_a_month_is_for_what_was_agreed_also_when_the_first_gift_went_elsewhere(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    row, subscription = running(stripe, browser)
    pool = make_fund("Schwimmkurse", slug="schwimmkurse", provider=fund.provider)
    one, other = (make_user(Membership.Role.TREASURER, fund.provider) for _ in range(2))
    now = utc_now()
    proposal = propose_reallocation(newest(), pool, "Zustimmung vom 3. März", by=one, now=now)
    assert release(proposal.pk, by=other, now=now)
    stripe.lever(f"subscriptions/{subscription}/advance", outcome="paid")
    deliver_all(stripe, subscription)
    first, second = Donation.objects.select_related("fund").order_by("pk")
    assert (first.fund, second.fund, row.fund) == (pool, fund, fund)
    assert (second.purpose_text, second.text_version) == (fund.purpose, fund.text_version)
    assert [each.received_cents for each in Fund.objects.order_by("pk")] == [2500, 2500]
    assert faults() == []


def test_a_month_whose_gift_has_lost_its_name_at_stripe_is_found_by_its_subscription(
    browser: Client, stripe: StripeProcess
) -> None:
    row, subscription = running(stripe, browser)
    Donation.objects.update(public_id=uuid4(), pledged_at=utc_now() - timedelta(days=1))
    stripe.lever(f"subscriptions/{subscription}/advance", outcome="paid")
    deliver_all(stripe, subscription)
    first, second = Donation.objects.order_by("pk")
    assert (second.recurring, second.donor, second.status) == (row, first.donor, "received")
    assert beginning_of("", str(row.stripe_subscription_id)) == first


@pytest.mark.parametrize("seed", range(2))
def test_months_may_be_told_in_any_order(
    browser: Client, fund: Fund, stripe: StripeProcess, seed: int
) -> None:
    donation = begin(stripe, browser)
    subscription = subscription_of(stripe, donation)
    stripe.lever(f"subscriptions/{subscription}/advance", outcome="paid")
    events = [*stripe.events(about=subscription), *stripe.events(about=str(donation.public_id))]
    random.Random(seed).shuffle(events)
    deliver(events)
    assert statuses() == ["received", "received"]
    assert RecurringDonation.objects.get().status == "active"
    assert mails() == ["gift_thanks", "gift_thanks"]
    assert faults() == []


def test_a_month_that_fails_is_told_once_and_no_gift(browser: Client, stripe: StripeProcess) -> None:
    row, subscription = running(stripe, browser)
    invoice = stripe.lever(f"subscriptions/{subscription}/advance", outcome="failed")["id"]
    for _ in range(2):
        deliver_all(stripe, subscription)
    row.refresh_from_db()
    assert row.status == "past_due"
    assert statuses() == ["received"]
    assert mails() == ["gift_thanks", "monthly_failed"]
    stripe.lever(f"invoices/{invoice}/retry", outcome="paid")
    deliver_all(stripe, subscription)
    row.refresh_from_db()
    assert row.status == "active"
    assert statuses() == ["received", "received"]


def test_one_whose_second_month_failed_before_anybody_looked_ran_until_then(
    browser: Client, stripe: StripeProcess
) -> None:
    subscription = subscription_of(stripe, begin(stripe, browser))
    stripe.lever(f"subscriptions/{subscription}/advance", outcome="failed")
    deliver_all(stripe, subscription)
    row = RecurringDonation.objects.get()
    moves = lines_of(row).order_by("pk").values_list("from_status", "to_status", "actor_kind")
    assert list(moves) == [("starting", "active", "stripe"), ("active", "past_due", "stripe")]
    assert row.status == "past_due"
    assert statuses() == ["received"]


def test_a_debit_of_the_first_month_takes_its_days(browser: Client, stripe: StripeProcess) -> None:
    donation = begin(stripe, browser, "sepa_debit")
    deliver_all(stripe, str(donation.public_id))
    assert statuses() == ["processing"]
    intent = stripe.get(f"invoices/{Donation.objects.get().stripe_invoice_id}?expand[]=payments")
    intent_id = intent["payments"]["data"][0]["payment"]["payment_intent"]
    stripe.lever(f"payment_intents/{intent_id}/settle", outcome="paid")
    deliver_all(stripe, str(donation.public_id))
    assert statuses() == ["received"]


def test_a_refund_of_a_month_finds_its_gift(browser: Client, fund: Fund, stripe: StripeProcess) -> None:
    _row, subscription = running(stripe, browser)
    stripe.lever(f"subscriptions/{subscription}/advance", outcome="paid")
    deliver_all(stripe, subscription)
    second = Donation.objects.latest("pk")
    charge = stripe.get(f"payment_intents/{second.payment.external_id}")["latest_charge"]
    stripe.lever(f"charges/{charge}/refund")
    deliver_all(stripe, charge)
    assert statuses() == ["received", "refunded"]
    fund.refresh_from_db()
    assert fund.balance_cents == 2500


def test_a_monthly_page_left_unpaid_lapses_and_nothing_runs(browser: Client, stripe: StripeProcess) -> None:
    give(browser, what={"rhythmus": "monatlich"}, method="card")
    donation = newest()
    stripe.request("POST", f"{stripe.url}/v1/checkout/sessions/{donation.checkout_session_id}/expire", {})
    deliver_all(stripe, str(donation.public_id))
    assert statuses() == ["lapsed"]
    assert RecurringDonation.objects.get().status == "cancelled"
    assert mails() == []


def test_a_month_under_way_is_asked_about_too(browser: Client, stripe: StripeProcess) -> None:
    donation = begin(stripe, browser, "sepa_debit")
    deliver_all(stripe, str(donation.public_id))
    payment = stripe.get(f"invoices/{Donation.objects.get().stripe_invoice_id}?expand[]=payments")["payments"]
    intent = payment["data"][0]["payment"]["payment_intent"]
    stripe.lever(f"payment_intents/{intent}/settle", outcome="paid")
    assert ask_about_pending(utc_now() + timedelta(minutes=11)) == 1
    assert statuses() == ["received"]


def test_a_gift_cancelled_before_its_first_payment_cannot_be_paid_any_more(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    page_url = give(browser, what={"rhythmus": "monatlich"}, method="card")["Location"]
    row = RecurringDonation.objects.get()
    cancel_monthly(row, utc_now())
    row.refresh_from_db()
    assert row.status == "cancelled"
    stripe.pay(page_url)
    assert stripe.get(f"checkout/sessions/{newest().checkout_session_id}")["status"] == "expired"


def test_a_gift_paid_unnoticed_is_ended_all_the_same(browser: Client, stripe: StripeProcess) -> None:
    donation = begin(stripe, browser)
    subscription = subscription_of(stripe, donation)
    cancel_monthly(RecurringDonation.objects.get(), utc_now())
    assert RecurringDonation.objects.get().status == "cancelled"
    assert stripe.get(f"subscriptions/{subscription}")["status"] == "canceled"
    deliver_all(stripe, str(donation.public_id))
    assert statuses() == ["received"]
    assert RecurringDonation.objects.get().status == "cancelled"


# --- Meine Spenden ----------------------------------------------------------------------------------------


def ending(page: str, row: RecurringDonation) -> str:
    """The address that ends `row`, below the link to somebody's page."""
    return reverse("my_gifts_end", args=[page.rstrip("/").rpartition("/")[2], row.pk])


def link_in_mail() -> str:
    found = re.search(r"http://\S+/meins/\S+", Message.objects.earliest("pk").body_text)
    assert found
    return path(found[0])


def test_the_link_in_the_mail_shows_the_gifts(browser: Client, stripe: StripeProcess) -> None:
    running(stripe, browser)
    page = browser.get(link_in_mail())
    assert page.status_code == 200
    assert "25 € im Monat</strong> für Kinderfonds (Karte, läuft)" in text(page)
    assert "eingegangen" in text(page)
    assert page["Cache-Control"] == "no-store, private"


def test_looking_ends_nothing_and_the_button_does(browser: Client, stripe: StripeProcess) -> None:
    row, subscription = running(stripe, browser)
    address = ending(link_in_mail(), row)
    assert browser.get(address).status_code == 200
    row.refresh_from_db()
    assert row.status == "active"
    answer = browser.post(address)
    row.refresh_from_db()
    assert answer.status_code == 303
    assert row.status == "cancelled"
    assert stripe.get(f"subscriptions/{subscription}")["status"] == "canceled"
    assert "Ihre Dauerspende ist beendet" in text(browser.get(answer["Location"]))
    assert mails() == ["gift_thanks", "monthly_ended"]
    deliver_all(stripe, subscription)
    assert browser.post(address).status_code == 303
    assert mails() == ["gift_thanks", "monthly_ended"]


def test_ended_at_stripe_is_ended_here(browser: Client, stripe: StripeProcess) -> None:
    row, subscription = running(stripe, browser)
    stripe.request("DELETE", f"{stripe.url}/v1/subscriptions/{subscription}")
    deliver_all(stripe, subscription)
    row.refresh_from_db()
    assert row.status == "cancelled"
    assert mails() == ["gift_thanks", "monthly_ended"]


def test_when_stripe_is_away_nothing_is_promised(
    browser: Client, stripe: StripeProcess, settings: object
) -> None:
    row, _subscription = running(stripe, browser)
    address = ending(link_in_mail(), row)
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    answer = browser.post(address)
    row.refresh_from_db()
    assert answer.status_code == 503
    assert "Wir wissen deshalb noch nicht, ob Ihre Dauerspende beendet ist." in text(answer)
    assert row.status == "active"


def test_nobody_is_told_that_it_is_over_while_it_runs_on_at_stripe(
    browser: Client, stripe: StripeProcess
) -> None:
    row, subscription = running(stripe, browser)
    address = ending(link_in_mail(), row)
    stripe.lever("faults", kind="refused", times="1")
    answer = browser.post(address)
    row.refresh_from_db()
    assert answer.status_code == 503
    assert (row.status, stripe.get(f"subscriptions/{subscription}")["status"]) == ("active", "active")
    assert mails() == ["gift_thanks"]
    assert browser.post(address).status_code == 303
    row.refresh_from_db()
    assert (row.status, stripe.get(f"subscriptions/{subscription}")["status"]) == ("cancelled", "canceled")
    assert mails() == ["gift_thanks", "monthly_ended"]


def test_nobody_ends_the_gift_of_another(browser: Client, stripe: StripeProcess) -> None:
    row, _subscription = running(stripe, browser)
    stranger = path(my_page_url(make_donor().mailbox, utc_now()))
    for act in (browser.get, browser.post):
        assert act(ending(stranger, row)).status_code == 404
    row.refresh_from_db()
    assert row.status == "active"


def test_a_person_sees_only_their_own_gifts(browser: Client, fund: Fund) -> None:
    mine, other = make_donor(), make_donor()
    make_donation(fund, donor=mine, amount_cents=1100, status="received", received_at=utc_now())
    make_donation(fund, donor=other, amount_cents=2200, status="received", received_at=utc_now())
    make_donation(fund, donor=mine, amount_cents=3300, status="lapsed")
    shown = text(browser.get(path(my_page_url(mine.mailbox, utc_now()))))
    assert "11 €" in shown
    assert "22 €" not in shown
    assert "33 €" not in shown


@pytest.mark.parametrize("token", ["x", "x:y", "abc:def:ghi", "%F0%9F%8E%81", "a" * 3000])
def test_a_broken_link_is_told_plainly(browser: Client, token: str) -> None:
    page = browser.get(f"/meine-spenden/{token}/")
    assert page.status_code == 404
    assert "Dieser Link gilt nicht (mehr)" in text(page)


def test_an_old_link_is_told_plainly(browser: Client) -> None:
    old = path(my_page_url(make_donor().mailbox, utc_now() - timedelta(days=181)))
    page = browser.get(old)
    assert page.status_code == 410
    assert "Dieser Link ist abgelaufen" in text(page)


def test_known_and_unknown_addresses_get_the_same_answer(browser: Client, fund: Fund) -> None:
    donor = make_donor("bekannt@example.org")
    answers = []
    for email in ("bekannt@example.org", "unbekannt@example.org"):
        answer = browser.post("/meins/", {"email": email})
        answers.append((answer.status_code, answer["Location"], answer.content))
    assert answers[0] == answers[1] == (303, "/meins/gesendet/", b"")
    assert Message.objects.count() == 0
    assert answer_requests(utc_now()) == 1
    mail = Message.objects.get()
    assert (mail.to_email, LinkRequest.objects.count()) == (donor.email, 0)
    assert browser.get(link_in_mail()).status_code == 200
    assert Donor.objects.count() == 1


def test_asking_again_and_again_is_refused_in_the_end(browser: Client) -> None:
    make_donor("ada@example.org")
    answers = [browser.post("/meins/", {"email": "ada@example.org"}).status_code for _ in range(5)]
    assert answers == [303] * 4 + [429]


def test_a_wrong_address_comes_back(browser: Client) -> None:
    answer = browser.post("/meins/", {"email": "keine"})
    assert answer.status_code == 422
    assert 'value="keine"' in answer.content.decode()
    assert LinkRequest.objects.count() == 0
