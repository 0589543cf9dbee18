"""What cannot be promised, at the service and at the second screen: why, where, and nothing stored."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from donations.models import AcceptanceRule, Donation, Donor, ReceiptAddress, RecurringDonation
from donations.services.gifts.pledging import Address, Choice, PledgeRefused, Refusal, pledge_gift
from foundation.money import NotAnAmount, NotCents
from foundation.units import Cents
from outbox.models import Message
from programs.models import Fund, Provider
from tests.donations.conftest import configure
from tests.donations.visits import details_address, filled, hidden, newest, text

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
VISIT = UUID(int=7)
HOME = Address("Musterweg 1", "52349", "Düren")


def choice(fund: Fund, **said: Any) -> Choice:
    least: dict[str, Any] = {"visit": VISIT, "fund": fund, "text_version": fund.text_version}
    least |= {"amount_cents": Cents(2500), "method": "transfer", "email": "geberin@example.org"}
    return Choice(**{**least, **said})


def nothing() -> bool:
    return not any(
        model._default_manager.exists()
        for model in (Donation, Donor, RecurringDonation, ReceiptAddress, Message)
    )


REFUSED: list[tuple[str, dict[str, Any], Refusal]] = [
    ("too much", {"amount_cents": Cents(5_000_001), "is_of_age": True}, Refusal.TOO_MUCH),
    ("page as name", {"name": "Gewinn www.boese.example"}, Refusal.NO_NAME),
    ("page in street", {"address": replace(HOME, street="boese.example/x")}, Refusal.NO_NAME),
    ("page in town", {"address": replace(HOME, town="https://boese.example")}, Refusal.NO_NAME),
    ("card without Stripe", {"method": "card"}, Refusal.METHOD_NOT_OFFERED),
    ("unknown method", {"method": "bitcoin"}, Refusal.METHOD_NOT_OFFERED),
    ("transfer each month", {"rhythm": "month"}, Refusal.METHOD_NOT_OFFERED),
    (
        "named and anonymous",
        {"is_anonymous": True, "is_named_in_public": True, "name": "Ada"},
        Refusal.NAMED_AND_ANONYMOUS,
    ),
    ("receipt and anonymous", {"is_anonymous": True, "address": HOME}, Refusal.NAMED_AND_ANONYMOUS),
    ("a cent above what is small", {"amount_cents": Cents(5001)}, Refusal.NOT_OF_AGE),
    ("older text", {"text_version": 0}, Refusal.TEXT_CHANGED),
    ("newer text", {"text_version": 2}, Refusal.TEXT_CHANGED),
    (
        "the amount before the name",
        {"amount_cents": Cents(5_000_001), "name": "www.boese.example"},
        Refusal.TOO_MUCH,
    ),
    (
        "the method before the age",
        {"method": "card", "amount_cents": Cents(5001)},
        Refusal.METHOD_NOT_OFFERED,
    ),
    ("the age before the text", {"text_version": 2, "amount_cents": Cents(5001)}, Refusal.NOT_OF_AGE),
]


@pytest.mark.parametrize(("_why", "said", "reason"), REFUSED, ids=[each[0] for each in REFUSED])
def test_what_cannot_be_promised_says_why_and_leaves_nothing(
    fund: Fund, _why: str, said: dict[str, Any], reason: Refusal
) -> None:
    with pytest.raises(PledgeRefused) as refused:
        pledge_gift(choice(fund, **said), client="203.0.113.7", now=AT)
    assert refused.value.reason is reason
    assert str(refused.value) == reason.value
    assert nothing()


@pytest.mark.parametrize(
    "values", [{"is_open": False}, {"is_open": False, "is_shown": False}], ids=["closed", "hidden"]
)
def test_a_purpose_that_takes_nothing_refuses_whatever_else_is_right(
    fund: Fund, values: dict[str, bool]
) -> None:
    Fund.objects.filter(pk=fund.pk).update(**values)
    fund.refresh_from_db()
    with pytest.raises(PledgeRefused) as refused:
        pledge_gift(choice(fund), client=None, now=AT)
    assert refused.value.reason is Refusal.FUND_CLOSED
    assert nothing()


@pytest.mark.parametrize(
    ("cents", "error"),
    [(0, NotAnAmount), (-1, NotAnAmount), (25.0, NotCents), ("2500", NotCents), (True, NotCents)],
)
def test_what_is_no_amount_is_no_gift(fund: Fund, cents: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        pledge_gift(choice(fund, amount_cents=cents), client=None, now=AT)
    assert nothing()


@pytest.mark.parametrize(
    "said",
    [
        {"amount_cents": Cents(5000)},
        {"amount_cents": Cents(5_000_000), "is_of_age": True},
        {"amount_cents": Cents(1)},
        {"is_anonymous": True, "name": "Ada"},
        {"is_named_in_public": True, "name": "Ada Muster"},
    ],
)
def test_what_is_just_allowed_is_promised(fund: Fund, said: dict[str, Any]) -> None:
    gift = pledge_gift(choice(fund, **said), client=None, now=AT)
    assert (gift.amount_cents, gift.status) == (said.get("amount_cents", 2500), "pledged")
    assert gift.donor_name == ("" if said.get("is_anonymous") else said.get("name", ""))
    assert gift.hide_name_public is not said.get("is_named_in_public", False)


def test_the_same_form_sent_again_is_one_gift_and_a_changed_choice_another(fund: Fund) -> None:
    first = choice(fund)
    gift = pledge_gift(first, client=None, now=AT)
    assert pledge_gift(first, client=None, now=AT) == gift
    same = [
        replace(first, is_of_age=True),
        replace(first, pending_matter="yes"),
        replace(first, is_demo=True),
        replace(first, text_version=9),
    ]
    assert {pledge_gift(each, client=None, now=AT).pk for each in same} == {gift.pk}
    others = [
        replace(first, visit=uuid4()),
        replace(first, amount_cents=Cents(2501)),
        replace(first, email="anders@example.org"),
        replace(first, name="Ada"),
        replace(first, address=HOME),
        replace(first, address=replace(HOME, town="Jülich")),
        replace(first, is_anonymous=True),
        replace(first, is_named_in_public=True, name="Ada"),
    ]
    assert len({pledge_gift(each, client=None, now=AT).pk for each in others} | {gift.pk}) == 9
    assert len({each.public_id for each in [*same, first]}) == 1


def errors(browser: Client, what: dict[str, str] | None = None, **answers: Any) -> dict[str, list[str]]:
    """Fill in screen 2 and send; returns what stands at which field of the page that comes back, filled."""
    address = details_address(**(what or {}))
    said = filled(browser, address, method="transfer") | answers
    page = browser.post(address, said)
    assert page.status_code == 422, page.headers
    assert nothing()
    form = page.context["form"]
    for name in {*answers} & {*form.fields}:
        assert (
            str(form[name].value() or "") == str(answers[name])
            or form.fields[name].widget.input_type == "checkbox"
        )
    assert hidden(page, "text_version")
    return {name: [str(each) for each in found] for name, found in form.errors.items()}


NO_EMAIL = "Bitte prüfen Sie die E-Mail-Adresse, zum Beispiel name@beispiel.de."
NO_POSTCODE = "Bitte prüfen Sie die Postleitzahl, zum Beispiel 12345."
RECEIPT = {"wants_receipt": "on", "name": "Ada", "street": "Weg 1", "postcode": "52349", "town": "Düren"}


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"email": ""}, {"email": ["Bitte geben Sie Ihre E-Mail-Adresse an."]}),
        ({"email": "keine"}, {"email": [NO_EMAIL]}),
        ({"email": "a b@example.org"}, {"email": [NO_EMAIL]}),
        ({"email": f"{'a' * 250}@example.org"}, {"email": [NO_EMAIL]}),
        ({"method": ""}, {"method": ["Bitte wählen Sie, wie Sie geben möchten."]}),
        (
            {"name": "www.boese.example"},
            {
                "name": [
                    "Bitte schreiben Sie nur einen Namen, ohne Internetadresse und ohne Telefonnummer. "
                    "Nach einem Punkt folgt ein Leerzeichen."
                ]
            },
        ),
        (
            {"name_public": "on"},
            {"name": ["Bitte geben Sie den Namen ein, der genannt werden darf."]},
        ),
        ({**RECEIPT, "name": ""}, {"name": ["Bitte geben Sie Ihren Namen ein: Er gehört zu Ihrem Wunsch."]}),
        ({**RECEIPT, "street": ""}, {"street": ["Bitte geben Sie Straße und Hausnummer ein."]}),
        ({**RECEIPT, "postcode": ""}, {"postcode": ["Bitte geben Sie Ihre Postleitzahl ein."]}),
        ({**RECEIPT, "postcode": "5234!"}, {"postcode": [NO_POSTCODE]}),
        ({**RECEIPT, "town": ""}, {"town": ["Bitte geben Sie Ihren Ort ein."]}),
        (
            {"wants_receipt": "on"},
            {
                "name": ["Bitte geben Sie Ihren Namen ein: Er gehört zu Ihrem Wunsch."],
                "street": ["Bitte geben Sie Straße und Hausnummer ein."],
                "postcode": ["Bitte geben Sie Ihre Postleitzahl ein."],
                "town": ["Bitte geben Sie Ihren Ort ein."],
            },
        ),
        (
            {"town": "Düren"},
            {"wants_receipt": ["Bitte kreuzen Sie an, ob Sie eine Zuwendungsbestätigung wünschen."]},
        ),
        (
            {**RECEIPT, "anonymous": "on"},
            {
                "anonymous": [
                    "Anonym gegenüber dem Empfänger geht nur ohne Zuwendungsbestätigung und ohne "
                    "öffentlichen Namen. Bitte wählen Sie eines davon."
                ]
            },
        ),
    ],
)
def test_each_field_says_itself_what_it_lacks(
    browser: Client, fund: Fund, answers: dict[str, str], said: dict[str, list[str]]
) -> None:
    assert errors(browser, **answers) == said


@pytest.mark.parametrize(
    ("cents", "asks"), [("50,00", False), ("50,01", True), ("1.000", True), ("49,99", False)]
)
def test_above_what_is_small_only_who_is_of_age_promises(
    browser: Client, fund: Fund, cents: str, *, asks: bool
) -> None:
    what = {"betrag": "own", "eigener_betrag": cents}
    address = details_address(**what)
    said = {**filled(browser, address, method="transfer"), "of_age": "", "email": "ada@example.org"}
    page = browser.post(address, said)
    if asks:
        (told,) = page.context["form"].errors["of_age"]
        assert str(told).startswith("Bitte bestätigen Sie, dass Sie mindestens 18 Jahre alt sind.")
        assert nothing()
    else:
        assert (page.status_code, newest().amount_cents) == (303, int(cents.replace(",", "")))


@pytest.mark.parametrize(("cents", "asks"), [("999,99", False), ("1000", True)])
def test_who_gives_the_city_so_much_is_asked_what_is_pending_there(
    browser: Client, fund: Fund, town: Provider, cents: str, *, asks: bool
) -> None:
    AcceptanceRule.objects.all().delete()
    AcceptanceRule.objects.create(provider=town, from_cents=100_000, valid_from=date(2020, 1, 1))
    what = {"betrag": "own", "eigener_betrag": cents}
    if asks:
        found = errors(browser, what, pending_matter="")
        assert found == {"pending_matter": ["Bitte wählen Sie eine Antwort."]}
        assert list(errors(browser, what, pending_matter="vielleicht")) == ["pending_matter"]
    address = details_address(**what)
    said = {**filled(browser, address, method="transfer"), "pending_matter": "unknown"}
    assert browser.post(address, said).status_code == 303
    assert newest().pending_matter == ("unknown" if asks else "")


@pytest.mark.parametrize(
    "broken",
    [
        {"visit": "keine"},
        {"visit": ""},
        {"text_version": "0"},
        {"text_version": "32768"},
        {"text_version": "x"},
    ],
)
def test_a_form_whose_hidden_part_is_broken_promises_nothing(
    browser: Client, fund: Fund, broken: dict[str, str]
) -> None:
    address = details_address()
    page = browser.post(address, filled(browser, address, method="transfer") | broken)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == list(broken)
    assert nothing()


@pytest.mark.parametrize(
    ("what", "field", "said"),
    [
        ({"betrag": "own", "eigener_betrag": ""}, "own_amount", "Bitte geben Sie Ihren Betrag ein."),
        ({"betrag": "own", "eigener_betrag": "0,99"}, "own_amount", "Bitte geben Sie mindestens 1\xa0€."),
        (
            {"betrag": "own", "eigener_betrag": "50.000,01"},
            "own_amount",
            "Bis 50.000\xa0€ geht es online. Über eine größere Spende sprechen wir gern mit Ihnen.",
        ),
        (
            {"betrag": "own", "eigener_betrag": "viel"},
            "own_amount",
            "Bitte geben Sie einen Betrag in Euro ein, zum Beispiel 25 oder 25,50.",
        ),
        ({"betrag": ""}, "amount", "Bitte wählen Sie einen Betrag."),
        ({"zweck": ""}, "fund", "Bitte wählen Sie, wofür Sie geben möchten."),
        ({"zweck": "gibt-es-nicht"}, "fund", "Diesen Spendenzweck gibt es nicht oder nicht mehr."),
    ],
)
def test_what_the_first_screen_lacks_is_asked_there_again(
    browser: Client, fund: Fund, what: dict[str, str], field: str, said: str
) -> None:
    page = browser.get(details_address(**what))
    assert page.status_code == 422
    assert page.context["form"].errors == {field: [said]}
    assert said.replace("\xa0", " ") in text(page)


def test_with_stripe_a_debit_is_for_adults_whatever_it_is_and_a_card_is_not(
    browser: Client, fund: Fund, settings: Any
) -> None:
    """No page of Stripe is opened: the address leads nowhere."""
    configure(settings, "http://127.0.0.1:9")
    page = browser.get(details_address())
    assert page.context["form"].fields["of_age"].required is False
    assert page.context["form"].fields["of_age"].help_text == (
        "Nötig für eine Lastschrift. Gespeichert wird es nicht."
    )
    assert list(errors(browser, method="sepa_debit", of_age="")) == ["of_age"]
    repeated = browser.get(details_address(rhythmus="monatlich"))
    assert repeated.context["form"].fields["of_age"].required is True
    assert repeated.context["form"].fields["of_age"].help_text == (
        "Nötig für eine Dauerspende. Gespeichert wird es nicht."
    )
    much = browser.get(details_address(betrag="own", eigener_betrag="50,01"))
    assert much.context["form"].fields["of_age"].help_text == (
        "Nötig für Spenden über 50\xa0€. Gespeichert wird es nicht."
    )
