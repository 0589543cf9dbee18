"""The third screen of an online payment: one page per act, however often it is asked for."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from django.test import Client
from django.urls import reverse

from citizens.services.links import my_page_url
from donations.gateways.errors import KeyRefused, Unreachable
from donations.gateways.stripe import check_key, client, patient
from donations.models import Donation, RecurringDonation
from donations.services.gifts.monthly_mails import mend_url
from donations.services.online.checkout import checkout_url
from foundation import sweeps
from foundation.clock import utc_now
from foundation.models import SweepRun
from outbox.models import Message
from programs.models import Fund
from tests.donations.conftest import configure
from tests.donations.deliveries import deliver_all
from tests.donations.stripe_process import StripeProcess
from tests.donations.visits import details_address, filled, give, newest, text
from tests.factories import make_fund
from tests.log_lines import lines


def test_a_card_payment_leads_to_the_hosted_page(browser: Client, fund: Fund, stripe: StripeProcess) -> None:
    answer = give(browser, method="card")
    donation = newest()
    assert answer.status_code == 303
    assert answer["Location"] == donation.checkout_url
    assert donation.checkout_url.startswith(stripe.url)
    session = stripe.get(f"checkout/sessions/{donation.checkout_session_id}")
    assert session["client_reference_id"] == str(donation.public_id)
    assert (session["mode"], session["amount_total"], session["currency"]) == ("payment", 2500, "eur")
    assert session["customer_email"] == "geberin@example.org"
    assert session["success_url"].endswith(f"/spenden/danke/{donation.public_id}/")
    assert session["allowed_payment_method_types"] == ["card"]
    assert Message.objects.count() == 0


def test_nobody_is_led_to_a_page_that_is_not_the_payment_service_s(
    browser: Client, fund: Fund, stripe: StripeProcess, settings: Any
) -> None:
    """Its double shows its pages at an address of figures; asked by name, that one is somebody else's."""
    settings.STRIPE_API_BASE = stripe.url.replace("127.0.0.1", "localhost")
    answer = give(browser, method="card")
    assert answer.status_code == 503
    assert "Die Zahlungsseite ist gerade nicht erreichbar." in text(answer)
    assert newest().checkout_url == ""


def test_a_monthly_gift_opens_a_subscription(browser: Client, fund: Fund, stripe: StripeProcess) -> None:
    give(browser, what={"rhythmus": "monatlich"}, method="sepa_debit")
    donation = newest()
    recurring = RecurringDonation.objects.get()
    session = stripe.get(f"checkout/sessions/{donation.checkout_session_id}")
    assert (recurring.status, recurring.amount_cents, recurring.method) == ("starting", 2500, "sepa_debit")
    assert donation.recurring == recurring
    assert session["mode"] == "subscription"


def test_cancelling_leads_back_with_everything_chosen(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    page_url = give(browser, what={"betrag": "own", "eigener_betrag": "33,50"}, method="card")["Location"]
    status, back = stripe.pay(page_url, action="cancel")
    page = browser.get(back.replace("http://127.0.0.1:8000", ""))
    assert status == 303
    assert page.status_code == 200
    assert "Es wurde nichts abgebucht" in text(page)
    assert "33,50 € spenden" in text(page)


def test_who_breaks_off_the_payment_finds_what_was_typed_until_somebody_begins_anew(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    typed = {
        "method": "paypal",
        "email": "geberin@example.org",
        "name": "Gerda Geberin",
        "wants_receipt": "on",
        "street": "Bonner Str. 1",
        "postcode": "52349",
        "town": "Düren",
    }
    _status, back = stripe.pay(give(browser, **typed)["Location"], action="cancel")
    address = back.replace("http://127.0.0.1:8000", "")
    page = browser.get(address)
    assert {name: page.context["form"][name].value() for name in typed} == {**typed, "wants_receipt": True}
    assert page["Cache-Control"] == "no-store, private"
    assert browser.get(details_address()).context["form"]["name"].value() is None
    assert Client().get(address).context["form"]["name"].value() is None
    browser.get("/spenden/")
    assert browser.get(address).context["form"]["name"].value() is None


def test_with_the_thanks_what_was_typed_is_gone(browser: Client, fund: Fund, stripe: StripeProcess) -> None:
    page_url = give(browser, method="card", name="Gerda Geberin")["Location"]
    _status, thanks = stripe.pay(page_url)
    cancelled = details_address(abgebrochen="1")
    assert browser.get(cancelled).context["form"]["name"].value() == "Gerda Geberin"
    assert browser.get(thanks.replace("http://127.0.0.1:8000", "")).status_code == 200
    assert browser.get(cancelled).context["form"]["name"].value() is None


@pytest.mark.parametrize("rhythm", ["einmal", "vierteljaehrlich"])
def test_the_way_back_carries_purpose_amount_and_rhythm_and_nothing_about_the_person(
    browser: Client, fund: Fund, stripe: StripeProcess, rhythm: str
) -> None:
    make_fund("Ranzen", slug="ranzen", provider=fund.provider)
    chosen = {"zweck": "ranzen", "betrag": "own", "eigener_betrag": "33,05", "rhythmus": rhythm}
    page_url = give(browser, what=chosen, method="card", name="Ada Beispiel")["Location"]
    _status, back = stripe.pay(page_url, action="cancel")
    asked = urlsplit(back)
    assert asked.path == reverse("donate_details")
    assert dict(parse_qsl(asked.query)) == {**chosen, "abgebrochen": "1"}


def test_the_same_form_sent_twice_is_one_gift_and_one_page(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    address = details_address()
    answers = filled(browser, address)
    first, second = browser.post(address, answers), browser.post(address, answers)
    assert first["Location"] == second["Location"]
    assert Donation.objects.count() == 1


def test_a_changed_choice_is_another_act(browser: Client, fund: Fund, stripe: StripeProcess) -> None:
    address = details_address()
    answers = filled(browser, address)
    first = browser.post(address, answers)
    second = browser.post(address, {**answers, "method": "paypal"})
    assert first["Location"] != second["Location"]
    assert Donation.objects.count() == 2


def pages_of(stripe: StripeProcess, donation: Donation) -> list[str]:
    listed = stripe.get("checkout/sessions?limit=100")["data"]
    return [each["id"] for each in listed if each["client_reference_id"] == str(donation.public_id)]


def test_a_page_opened_without_our_knowing_is_found_by_the_next_submit(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    address = details_address()
    answers = filled(browser, address)
    stripe.lever("faults", kind="drop_answer", times=1)
    assert browser.post(address, answers).status_code == 503
    assert newest().checkout_session_id is None
    (opened,) = pages_of(stripe, newest())
    answer = browser.post(address, answers)
    assert (answer.status_code, newest().checkout_session_id) == (303, opened)
    assert pages_of(stripe, newest()) == [opened]


def test_when_stripe_fails_the_form_comes_back_and_a_retry_is_the_same_act(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    address = details_address()
    answers = filled(browser, address, name="Ada")
    stripe.lever("faults", kind="error_500", times=1)
    failed = browser.post(address, answers)
    assert failed.status_code == 503
    assert "gerade nicht erreichbar. Es wurde nichts abgebucht" in text(failed)
    assert 'value="Ada"' in failed.content.decode()
    assert (newest().status, newest().checkout_session_id) == ("pledged", None)
    again = browser.post(address, answers)
    assert again.status_code == 303
    assert Donation.objects.count() == 1


def test_an_unreachable_stripe_is_told_plainly(
    browser: Client, fund: Fund, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    configure(settings, "http://127.0.0.1:9")
    answer = give(browser)
    assert answer.status_code == 503
    assert newest().status == "pledged"
    told = lines(caplog, "donations.services.online.checkout", "donation")
    assert told == [("checkout_failed", "error", newest().pk)]


def test_a_form_from_yesterday_leads_to_an_honest_page(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    address = details_address()
    answers = filled(browser, address)
    stripe.lever("faults", kind="error_500", times=1)
    browser.post(address, answers)
    Donation.objects.update(pledged_at=newest().pledged_at - timedelta(hours=21))
    answer = browser.post(address, answers)
    assert answer["Location"] == reverse("donate_thanks", args=[newest().public_id])
    assert newest().checkout_session_id is None


def test_whoever_waits_at_a_page_gets_one_try_and_a_sweep_more(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    stripe.lever("faults", kind="error_500", times=1)
    assert give(browser).status_code == 503
    stripe.lever("faults", kind="error_500", times=2)
    with patient():
        assert checkout_url(newest().pk, utc_now()).startswith(stripe.url)


SILENT = (
    "Die Zahlungsseite ist gerade nicht erreichbar. Es wurde nichts abgebucht.",
    "Der Zahlungsdienst antwortet gerade nicht. Wir wissen deshalb noch nicht, ob",
)


class Silence:
    """A Stripe that answers nothing; counts the seconds that each try would have waited at most."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.waits: list[tuple[float, float]] = []
        patch.setattr(requests.Session, "request", self._request)

    def _request(self, *_about: Any, timeout: Any, **_more: Any) -> None:
        self.waits.append(timeout)
        raise requests.Timeout


def test_at_no_door_a_silent_stripe_takes_more_than_one_try_of_four_seconds(
    browser: Client, fund: Fund, stripe: StripeProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = give(browser)["Location"]
    back = reverse("donate_thanks", args=[newest().public_id])
    stripe.pay(once)
    stripe.pay(give(browser, what={"rhythmus": "monatlich"})["Location"])
    page = newest().checkout_session_id
    deliver_all(stripe, stripe.get(f"checkout/sessions/{page}")["subscription"])
    monthly = RecurringDonation.objects.select_related("donor__mailbox").get(status="active")
    token = my_page_url(monthly.donor.mailbox, utc_now()).rstrip("/").rpartition("/")[2]
    change = reverse("my_gifts_change", args=[token, monthly.pk])
    mend = urlsplit(mend_url(monthly, utc_now())).path
    another = details_address(), filled(browser, details_address(), email="andere@example.org")

    RecurringDonation.objects.filter(pk=monthly.pk).update(failed_invoice_id="in_1", failed_at=utc_now())

    silence = Silence(monkeypatch)
    doors = [
        (503, browser.post, another),
        (200, browser.get, (back,)),
        (503, browser.post, (change, {"was": "betrag", "amount": "40", "rhythm": "month"})),
        (503, browser.post, (change, {"was": "pause", "months": "3"})),
        (503, browser.post, (change, {"was": "weiter"})),
        (503, browser.post, (change, {"was": "weg", "method": "card"})),
        (503, browser.post, (mend, {"was": "weg", "method": "card"})),
        (503, browser.post, (mend, {"was": "noch einmal"})),
        (200, browser.get, (mend, {"seite": "cs_test_1"})),
        (503, browser.post, (reverse("my_gifts_end", args=[token, monthly.pk]),)),
    ]
    for status, visit, about in doors:
        silence.waits.clear()
        answer = visit(*about)
        assert (answer.status_code, len(silence.waits)) == (status, 1), about
        assert sum(silence.waits[0]) <= 4, about
        assert any(each in text(answer) for each in SILENT) == (status == 503), about


class Slowness:
    """A Stripe that takes so many seconds for each call; counts how many seconds it was given."""

    def __init__(self, patch: pytest.MonkeyPatch, seconds: float) -> None:
        self.given: list[float] = []
        self._now, self._seconds, self._ask = 1000.0, seconds, requests.Session.request
        patch.setattr(requests.Session, "request", lambda *about, **more: self._request(*about, **more))
        patch.setattr(client, "monotonic", lambda: self._now)

    def _request(self, *about: Any, timeout: tuple[float, float], **more: Any) -> Any:
        self._now += self._seconds
        self.given.append(round(sum(timeout), 6))
        return self._ask(*about, timeout=5, **more)


@pytest.mark.parametrize(
    ("seconds", "given", "status"),
    [(0.2, [4, 3.8], "received"), (3.4, [4, 0.6], "received"), (3.6, [4], "pledged")],
)
def test_all_that_is_asked_for_one_page_shares_the_four_seconds(
    browser: Client,
    fund: Fund,
    stripe: StripeProcess,
    monkeypatch: pytest.MonkeyPatch,
    seconds: float,
    given: list[float],
    status: str,
) -> None:
    """The return page reads the session, then its payment."""
    stripe.pay(give(browser)["Location"])
    slow = Slowness(monkeypatch, seconds)
    page = browser.get(reverse("donate_thanks", args=[newest().public_id]))
    assert (page.status_code, slow.given, newest().status) == (200, given, status)


@pytest.mark.parametrize(
    ("was", "seconds", "given", "status"),
    [
        ("betrag", 1.5, [4, 2.5, 1], 303),
        ("betrag", 2, [4, 2], 503),
        ("weg", 3, [4, 1], 303),
        ("weg", 3.6, [4], 503),
    ],
)
def test_so_do_the_calls_of_one_act(
    browser: Client,
    fund: Fund,
    stripe: StripeProcess,
    monkeypatch: pytest.MonkeyPatch,
    was: str,
    seconds: float,
    given: list[float],
    status: int,
) -> None:
    """To change what is agreed it is read, changed and read; another way of paying needs the customer."""
    stripe.pay(give(browser, what={"rhythmus": "monatlich"})["Location"])
    deliver_all(stripe, stripe.get(f"checkout/sessions/{newest().checkout_session_id}")["subscription"])
    monthly = RecurringDonation.objects.select_related("donor__mailbox").get()
    token = my_page_url(monthly.donor.mailbox, utc_now()).rstrip("/").rpartition("/")[2]
    change = reverse("my_gifts_change", args=[token, monthly.pk])
    slow = Slowness(monkeypatch, seconds)
    answer = browser.post(change, {"was": was, "amount": "40", "rhythm": "month", "method": "card"})
    assert (answer.status_code, slow.given) == (status, given)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
BODY = b'{"object": "list", "data": [], "has_more": false, "url": "/v1/events"}'


class Trickle:
    """A Stripe that answers every call rightly, but the last of it so slowly that nobody waits for it.

    A byte every tenth of a second: no read takes longer than any timeout of a socket.
    """

    def __init__(self, slowly: str) -> None:
        whole = HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY
        self._at_once = len(HEAD) if slowly == "body" else 10
        self._slowly = whole[self._at_once :]
        self._whole, self.hung_up = whole, 0
        self.calls = 0
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> "Trickle":
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()
        return self

    def __exit__(self, *_about: object) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._accepting.join()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                line, _address = self._server.accept()
            except OSError:
                return
            self._threads.append(threading.Thread(target=self._answer, args=(line,), daemon=True))
            self._threads[-1].start()

    def _answer(self, line: socket.socket) -> None:
        with line:
            if not line.recv(65536):
                return
            self.calls += 1
            try:
                line.sendall(self._whole[: self._at_once])
                for byte in self._slowly:
                    time.sleep(0.1)
                    line.sendall(bytes([byte]))
            except OSError:
                self.hung_up += 1


@pytest.mark.parametrize("slowly", ["head", "body"])
def test_an_answer_that_comes_a_byte_at_a_time_is_given_up_too(
    browser: Client, fund: Fund, settings: Any, monkeypatch: pytest.MonkeyPatch, slowly: str
) -> None:
    monkeypatch.setattr(client, "SECONDS_AT_A_PAGE", 1.0)
    monkeypatch.setattr(client, "SECONDS_OF_A_SWEEP", 0.6)
    with Trickle(slowly) as trickle:
        configure(settings, trickle.url)
        with pytest.raises(Unreachable):
            check_key("default")
        assert trickle.calls == 1
        with patient(), pytest.raises(Unreachable):
            check_key("default")
        assert trickle.calls == 1 + 3
        page = give(browser)
        assert page.status_code == 503
        assert SILENT[0] in text(page)
        assert trickle.calls == 5
    assert trickle.hung_up == 5


def test_many_addresses_none_of_which_answers_share_the_seconds_of_one(
    browser: Client, fund: Fund, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "SECONDS_AT_A_PAGE", 1.0)
    silent = SilentAddresses(monkeypatch, 12)
    configure(settings, f"http://{silent.name}")
    page = give(browser)
    assert page.status_code == 503
    assert SILENT[0] in text(page)
    assert silent.tried
    assert silent.tried == silent.addresses[: len(silent.tried)]
    assert len(silent.tried) <= 4
    assert sum(silent.waited) <= 1.0


class SilentAddresses:
    """A name with many addresses, at none of which anything is taken or refused."""

    name = "api.stripe.example"

    def __init__(self, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
        self.addresses = [f"192.0.2.{number}" for number in range(1, count + 1)]
        self.tried: list[str] = []
        self.waited: list[float] = []
        self._look_up, self._connect = socket.getaddrinfo, socket.socket.connect
        monkeypatch.setattr(socket, "getaddrinfo", self._found)
        monkeypatch.setattr(socket.socket, "connect", lambda line, address: self._try(line, address))

    def _found(self, host: Any, port: Any, *more: Any, **options: Any) -> Any:
        if host != self.name:
            return self._look_up(host, port, *more, **options)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in self.addresses]

    def _try(self, line: socket.socket, address: Any) -> None:
        if not isinstance(address, tuple) or address[0] not in self.addresses:
            self._connect(line, address)
            return
        self.tried.append(address[0])
        self.waited.append(line.gettimeout() or 0.0)
        time.sleep(self.waited[-1])
        raise TimeoutError


def test_a_slow_stripe_leaves_threads_for_other_pages(browser: Client, fund: Fund, settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=50) as silent:
        configure(settings, f"http://127.0.0.1:{silent.getsockname()[1]}")
        refused = threading.Event()
        with ThreadPoolExecutor(6) as pool:
            waits = [pool.submit(_ask, refused) for _ in range(5)]
            assert refused.wait(3), "the fifth waits like the others"
            assert browser.get("/healthz").content == b"ok"
        assert sorted(wait.result() for wait in waits) == [
            *["default: APIConnectionError"] * 4,
            "too many wait",
        ]


def _ask(refused: threading.Event) -> str:
    try:
        check_key("default")
    except Unreachable as error:
        if str(error) == "too many wait":
            refused.set()
        return str(error)
    return "answered"


def test_a_key_that_is_refused_is_told_to_the_operator_and_not_as_soon_again(
    browser: Client, fund: Fund, stripe: StripeProcess, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.STRIPE_SECRET_KEY = "sk_test_revoked"
    answer = give(browser)
    assert answer.status_code == 503
    assert "Online-Zahlungen sind gerade gestört" in text(answer)
    assert "gleich noch einmal" not in text(answer)
    with pytest.raises(KeyRefused):
        sweeps.run("donations.ask_about_pending", utc_now())
    assert "KeyRefused" in SweepRun.objects.get(name="donations.ask_about_pending").error
    told = lines(caplog, "donations.services.online.checkout", "donation")
    assert told == [("stripe_account_unusable", "error", newest().pk)]
    told = lines(caplog, "donations.services.online.accounts", "account")
    assert told == [("stripe_account_failed", "error", "default")]


def test_back_from_the_payment_page_it_is_known_at_once(
    browser: Client, fund: Fund, stripe: StripeProcess, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    page = give(browser)["Location"]
    address = reverse("donate_thanks", args=[newest().public_id])
    assert "Wir warten auf die Bestätigung" in text(browser.get(address))
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    assert "Wir warten auf die Bestätigung" in text(browser.get(address))
    told = lines(caplog, "donations.services.online.sessions", "donation")
    assert told == [("return_not_read", "warning", newest().pk)]
    settings.STRIPE_API_BASE = stripe.url
    stripe.pay(page)
    shown = text(browser.get(address))
    assert "Danke von Herzen!" in shown
    assert "Der Weg Ihrer Spende" in shown
    assert newest().status == "received"
