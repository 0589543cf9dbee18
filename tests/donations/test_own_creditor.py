"""Up to 300 € the statement of a debit is proof alone only where it names the body itself (RULES §10)."""

import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from donations.domain.creditor_ids import is_creditor_id, plain_creditor_id
from donations.models import CreditorId, Donation
from donations.receipts.services.slips import slip_of
from donations.services.gifts.mails import thank
from foundation.clock import utc_now
from outbox.models import Message
from programs.models import Fund
from tests.donations.gifts import make_donation
from tests.donations.receipts.bodies import details, make_issuer
from tests.donations.visits import details_address, text
from tests.factories import make_fund, make_provider, make_user

pytestmark = pytest.mark.django_db
OWN = "DE98ZZZ09999999999"
TAKEN = date(2026, 3, 2)
CAME_AT = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
ALONE = "genügt bei Spenden bis 300 € Ihr Kontoauszug. Eine Zuwendungsbestätigung"
WITH_DETAILS = "Ihr Kontoauszug zusammen mit den Angaben des Zahlungsdienstes zu Ihrer Zahlung. Eine"
BELONG = "Die Angaben des Zahlungsdienstes zu Ihrer Zahlung gehören dazu."


@pytest.fixture
def town() -> Fund:
    return make_fund(provider=make_provider("Stadt", kind="city", issuer_kind="jpoer"))


@pytest.fixture
def club() -> Fund:
    fund = make_fund(provider=make_provider("Verein Lesen", issuer_kind="kstg_5_1_9"))
    make_issuer(fund.provider, details(fund), at=CAME_AT)
    return fund


def own(fund: Fund, since: date = TAKEN) -> None:
    CreditorId.objects.create(provider=fund.provider, creditor_id=OWN, valid_from=since, source="Bescheid")


def debit(fund: Fund, **values: Any) -> Donation:
    said = {"method": "sepa_debit", "debited_on": TAKEN, "received_at": CAME_AT, **values}
    gift = make_donation(fund, amount_cents=30_000, status="received", **said)
    gift.refresh_from_db()
    return gift


def thanks(gift: Donation) -> str:
    return text(Client().get(reverse("donate_thanks", args=[gift.public_id])))


@pytest.mark.parametrize(
    ("since", "is_enough"),
    [(None, False), (date(2026, 3, 3), False), (TAKEN, True), (date(2020, 1, 1), True)],
)
def test_a_debit_needs_the_details_unless_the_body_collected_it_itself_on_that_day(
    town: Fund, since: date | None, *, is_enough: bool
) -> None:
    if since is not None:
        own(town, since)
    gift = debit(town)
    shown = thanks(gift)
    assert (ALONE in shown, WITH_DETAILS in shown) == (is_enough, not is_enough)
    thank(gift, CAME_AT)
    mail = " ".join(Message.objects.get().body_text.replace("\xa0", " ").split())
    assert (ALONE in mail, WITH_DETAILS in mail) == (is_enough, not is_enough)


def test_the_number_of_one_body_says_nothing_about_another(town: Fund, club: Fund) -> None:
    own(club)
    assert WITH_DETAILS in thanks(debit(town))


@pytest.mark.parametrize("method", ["card", "paypal"])
def test_card_and_paypal_need_them_whatever_number_the_body_has(town: Fund, method: str) -> None:
    own(town)
    assert WITH_DETAILS in thanks(debit(town, method=method, debited_on=None))


def test_a_transfer_needs_none(town: Fund) -> None:
    assert ALONE in thanks(debit(town, method="transfer", debited_on=None))


def test_page_and_slip_of_a_club_say_the_same(club: Fund) -> None:
    gift = debit(club)
    assert BELONG in thanks(gift)
    assert "und den Angaben des Zahlungsdienstes zu dieser Zahlung." in slip(gift)
    own(club)
    assert BELONG not in thanks(gift)
    assert "Gilt zusammen mit dem Kontoauszug." in slip(gift)


def slip(gift: Donation) -> str:
    made = slip_of(gift, CAME_AT)
    assert made is not None
    return " ".join(PdfReader(io.BytesIO(made)).pages[0].extract_text().split())


@pytest.mark.parametrize("kind", ["jpoer", "kstg_5_1_9"])
def test_who_chooses_a_way_reads_before_which_ways_need_them(kind: str) -> None:
    body = make_provider(
        "Träger", issuer_kind=kind, iban="DE02120300000000202051", account_holder_name="Träger"
    )
    fund = make_fund("Kinderfonds", slug="zweck", provider=body)
    address = details_address(zweck="zweck")
    assert "ei Lastschrift, Karte und PayPal" in text(Client().get(address))
    own(fund, utc_now().date())
    shown = text(Client().get(address))
    assert "ei Karte und PayPal" in shown
    assert "Lastschrift, Karte" not in shown


@pytest.mark.parametrize(
    ("said", "is_one"),
    [
        (OWN, True),
        ("DE98ABC09999999999", True),
        ("DE97ZZZ09999999999", False),
        ("DE98ZZZ0999999999", False),
        ("DE98ZZZ099999999990", False),
        ("NL79ZZZ999999990000", True),
        ("de98zzz09999999999", False),
        ("", False),
        ("DE02120300000000202051", False),
    ],
)
def test_a_number_has_its_shape_its_length_and_its_check_digits(said: str, *, is_one: bool) -> None:
    assert is_creditor_id(said) == is_one


def test_the_operator_enters_it_and_a_wrong_one_is_refused(town: Fund, client: Client) -> None:
    client.force_login(make_user(is_superuser=True, is_staff=True))
    said = {"provider": town.provider_id, "valid_from": "02.03.2026", "source": "Bescheid der Bundesbank"}
    address = "/verwaltung/donations/creditorid/add/"
    refused = client.post(address, {**said, "creditor_id": "DE97ZZZ09999999999"})
    assert (refused.status_code, CreditorId.objects.count()) == (200, 0)
    assert "Das ist keine Gläubiger-Identifikationsnummer." in refused.content.decode()
    assert client.post(address, {**said, "creditor_id": "de98 zzz 09999999999"}).status_code == 302
    assert CreditorId.objects.get().creditor_id == OWN == plain_creditor_id(" de98 zzz0 9999999999 ")
