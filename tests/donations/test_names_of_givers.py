"""What a giver writes about themselves is stored and mailed only if it is a name."""

from uuid import uuid4

import pytest
from django.test import Client

from donations.models import Donation, Method
from donations.services.gifts.pledging import Address, Choice, PledgeRefused, Refusal, pledge_gift
from foundation.clock import utc_now
from outbox.models import Message
from programs.models import Fund
from tests.donations.visits import give, newest, text

WISH = {
    "wants_receipt": "on",
    "name": "Ada Beispiel",
    "street": "Musterweg 1",
    "postcode": "52349",
    "town": "Düren",
}


@pytest.fixture
def receipts(fund: Fund) -> Fund:
    """A purpose whose body may give receipts."""
    fund.provider.issuer_kind = fund.provider.IssuerKind.PUBLIC_LAW
    fund.provider.save()
    return fund


@pytest.mark.parametrize("name", ["St. Josef e.V.", "Müller-Lüdenscheidt GmbH & Co. KG", "Ö", "x" * 60, ""])
def test_honest_names_are_thanked_by_name(browser: Client, fund: Fund, name: str) -> None:
    assert give(browser, method="transfer", name=name).status_code == 303
    assert newest().donor_name == name


@pytest.mark.parametrize(
    "name",
    ["Ihr Konto: boese.de", "www.boese.example", "Ada\r\nBcc: a@b.example", "\u202eadA", "02421 1234567"],
)
def test_a_name_that_leads_elsewhere_is_no_gift_and_no_mail(browser: Client, fund: Fund, name: str) -> None:
    answer = give(browser, method="transfer", name=name)
    assert answer.status_code == 422
    assert "Bitte schreiben Sie nur einen Namen" in text(answer)
    assert 'href="#id_name"' in answer.content.decode()
    assert (Donation.objects.count(), Message.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("street", "boese.de/anmelden", "Bitte schreiben Sie nur die Anschrift"),
        ("street", "Weg 1\nZahlen Sie", "Bitte schreiben Sie nur die Anschrift"),
        ("town", "www.boese.example", "Bitte schreiben Sie nur die Anschrift"),
        ("postcode", "a.de", "Bitte prüfen Sie die Postleitzahl"),
    ],
)
def test_an_address_that_leads_elsewhere_is_refused(
    browser: Client, receipts: Fund, field: str, value: str, said: str
) -> None:
    answer = give(browser, method="transfer", **{**WISH, field: value})
    assert answer.status_code == 422
    assert said in text(answer)
    assert Donation.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "street", "place"),
    [("boese.de", "Weg 1", "Düren"), ("Ada", "https://x", "Düren"), ("Ada", "Weg 1", "Dü\nren")],
)
def test_no_other_door_leads_round_the_form(fund: Fund, name: str, street: str, place: str) -> None:
    choice = Choice(
        visit=uuid4(),
        fund=fund,
        text_version=fund.text_version,
        amount_cents=100,
        method=Method.TRANSFER,
        email="ada@example.org",
        name=name,
        address=Address(street, "52349", place),
    )
    with pytest.raises(PledgeRefused) as refused:
        pledge_gift(choice, client=None, now=utc_now())
    assert refused.value.reason is Refusal.NO_NAME
    assert (Donation.objects.count(), Message.objects.count()) == (0, 0)
