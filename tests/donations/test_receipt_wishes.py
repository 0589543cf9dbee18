"""Wishing a Zuwendungsbestätigung: nobody can issue one yet, so nobody is told that one will come."""

import html
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as configured
from django.db import connection
from django.test import Client
from django.urls import reverse

from citizens.services.links import my_page_url
from donations.domain.references import reference_of
from donations.models import Donation, ReceiptAddress, TransferReference
from donations.services.bank.transfers import Credit, record_bank_transfer
from outbox.models import Message
from programs.models import Fund, Membership, Provider
from tests.donations.gifts import PLEDGED_AT, decide_acceptance, make_donation, make_donor
from tests.donations.visits import details_address, give, newest
from tests.factories import make_fund, make_provider, make_user, make_youth_office

NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
Role = Membership.Role
IssuerKind = Provider.IssuerKind
WISH = {
    "wants_receipt": "on",
    "name": "Ada Kanarienvogel",
    "street": "Musterweg 1",
    "postcode": "52349",
    "town": "Düren",
}
SPEAKS_OF_PROOF = re.compile(r"bestätigung|beleg|quittung|bescheinig|nachweis|absetz", re.IGNORECASE)
LIST = "/koordination/spenden/"

# Every sentence about proof that a giver may read. A new one is added here after asking: is it true today?
TRUE_SENTENCES = {
    "Zuwendungsbestätigung für das Finanzamt",
    "Ich wünsche eine Zuwendungsbestätigung",
    "Sie wünschen eine Zuwendungsbestätigung.",
    "Eine Zuwendungsbestätigung brauchen Sie dann nicht.",
    "Eine Zuwendungsbestätigung ist dann nicht möglich.",
    "Für das Finanzamt genügt bei Spenden bis 300 € Ihr Kontoauszug zusammen mit einem Beleg des Trägers.",
    "Nach dem Beleg fragen Sie bitte bei: Empfängerin.",
    "Bei Spenden über 300 € verlangt das Finanzamt eine Zuwendungsbestätigung.",
    "Für diese Spende kann keine Zuwendungsbestätigung ausgestellt werden.",
}
WISH_IS_PASSED_ON = (
    "Sie wünschen eine Zuwendungsbestätigung. Ihr Wunsch ist mit Name und Anschrift vermerkt für: "
    "Empfängerin. Dort wird entschieden, ob und wann eine ausgestellt wird; von dieser Seite kommt keine."
)


def plain(markup: str) -> str:
    """Return what a reader sees: no tags, one blank between words, a sentence end between blocks."""
    shown = re.sub(r"<(style|script|svg|head).*?</\1>", " ", markup, flags=re.DOTALL)
    shown = re.sub(r"</(p|li|h1|h2|h3|summary|label|td|th|dd|dt|legend|title)>", " \n", shown)
    shown = html.unescape(re.sub(r"<[^>]+>", " ", shown)).replace("\xa0", " ")
    return "\n".join(" ".join(line.split()) for line in shown.split("\n"))


def sentences_about_proof(*shown: str) -> set[str]:
    found: set[str] = set()
    for each in shown:
        for line in each.split("\n"):
            found |= {
                part.strip() for part in re.split(r"(?<=[.!?])\s+", line) if SPEAKS_OF_PROOF.search(part)
            }
    return found


def recipient(issuer_kind: str) -> Fund:
    provider = make_provider(
        "Empfängerin",
        kind=Provider.Kind.CITY if issuer_kind == IssuerKind.PUBLIC_LAW else Provider.Kind.WELFARE,
        issuer_kind=issuer_kind,
        account_holder_name="Empfängerin",
        iban="DE02120300000000202051",
    )
    return make_fund("Zweck", slug="zweck", provider=provider)


def arrive(donation: Donation) -> None:
    reference = donation.transfer_reference.reference
    credit = Credit(date(2026, 3, 4), donation.amount_cents, "", reference)
    record_bank_transfer(donation.fund.provider, credit, recorded_by=None, now=NOW)


def everything_told(browser: Client, cents: int, wish: dict[str, str]) -> Iterator[str]:
    """Give by transfer and yield every page and mail that the giver gets to see on the way."""
    what = {"zweck": "zweck", "betrag": "own", "eigener_betrag": f"{cents // 100}"}
    yield browser.get(details_address(**what)).content.decode()
    yield give(browser, what=what, method="transfer", email="falsch", **wish).content.decode()
    answer = give(browser, what=what, method="transfer", **wish)
    donation = newest()
    thanks = reverse("donate_thanks", args=[donation.public_id])
    yield browser.get(answer["Location"]).content.decode()
    yield browser.get(thanks).content.decode()
    arrive(donation)
    yield browser.get(thanks).content.decode()
    donation.refresh_from_db()
    if donation.awaits_acceptance:
        decide_acceptance(donation, NOW)
    yield browser.get(thanks).content.decode()
    for status in Donation.Status.values:
        Donation.objects.filter(pk=donation.pk).update(
            status=status, acceptance="awaiting", acceptance_at=None, acceptance_by=None
        )
        yield browser.get(thanks).content.decode()
    one_more_of_each_status(donation)
    yield browser.get(my_page_url(donation.donor.mailbox, NOW)).content.decode()
    for mail in Message.objects.all():
        yield mail.subject
        yield mail.body_text
        yield mail.body_html


def one_more_of_each_status(donation: Donation) -> None:
    """So that one look at "Meine Seite" shows what it says of each."""
    for status in Donation.Status.values:
        public_id = uuid4()
        copy = Donation.objects.get(pk=donation.pk)
        copy.pk, copy.public_id, copy.status = None, public_id, status
        copy.save(force_insert=True)
        TransferReference.objects.create(donation=copy, reference=reference_of(public_id, 0))


@pytest.mark.parametrize("wish", [{}, WISH], ids=["without", "with"])
@pytest.mark.parametrize("cents", [30_000, 30_100, 150_000])
@pytest.mark.parametrize("issuer_kind", IssuerKind.values)
def test_no_page_and_no_mail_promises_what_nobody_sends(
    browser: Client, db: None, issuer_kind: str, cents: int, wish: dict[str, str]
) -> None:
    recipient(issuer_kind)
    told = [plain(each) for each in everything_told(browser, cents, wish)]
    assert len(told) > 16
    found = sentences_about_proof(*told)
    assert found
    assert found <= TRUE_SENTENCES


@pytest.mark.parametrize("issuer_kind", [IssuerKind.PUBLIC_LAW, IssuerKind.TAX_EXEMPT])
@pytest.mark.parametrize("cents", [2500, 30_100])
def test_who_wishes_is_told_that_the_wish_is_passed_on_and_no_more(
    browser: Client, db: None, issuer_kind: str, cents: int
) -> None:
    recipient(issuer_kind)
    what = {"zweck": "zweck", "betrag": "own", "eigener_betrag": f"{cents // 100}"}
    give(browser, what=what, method="transfer", **WISH)
    arrive(newest())
    thanks = browser.get(reverse("donate_thanks", args=[newest().public_id]))
    mail = Message.objects.get(template="gift_thanks")
    assert WISH_IS_PASSED_ON in plain(thanks.content.decode())
    assert WISH_IS_PASSED_ON in plain(mail.body_text)
    assert WISH_IS_PASSED_ON in plain(mail.body_html)


def test_a_large_gift_to_the_city_tells_of_the_wish_once_it_is_accepted(browser: Client, db: None) -> None:
    recipient(IssuerKind.PUBLIC_LAW)
    what = {"zweck": "zweck", "betrag": "own", "eigener_betrag": "1000"}
    give(browser, what=what, method="transfer", **WISH)
    arrive(newest())
    assert "Zuwendungsbestätigung" not in Message.objects.get(template="gift_thanks").body_text
    decide_acceptance(newest(), NOW)
    assert WISH_IS_PASSED_ON in plain(Message.objects.get(template="gift_accepted").body_text)


def test_where_none_can_be_issued_the_wish_cannot_be_made(browser: Client, db: None) -> None:
    recipient(IssuerKind.NONE)
    give(browser, what={"zweck": "zweck"}, method="transfer", **WISH)
    assert (newest().wants_receipt, ReceiptAddress.objects.count()) == (False, 0)


def test_a_wish_needs_name_and_address(browser: Client, db: None) -> None:
    recipient(IssuerKind.PUBLIC_LAW)
    answer = give(browser, what={"zweck": "zweck"}, method="transfer", wants_receipt="on")
    shown = plain(answer.content.decode())
    assert answer.status_code == 422
    assert "Bitte geben Sie Ihren Namen ein: Er gehört zu Ihrem Wunsch." in shown
    assert "Bitte geben Sie Straße und Hausnummer ein." in shown
    assert Donation.objects.count() == 0


NAMES_OF_IT = re.compile(
    r"zuwendungsbest|zuwendungsnachweis|spendenbest|spendennachweis|spendenbeleg|quittung|bescheinig",
    re.IGNORECASE,
)
PROMISE = re.compile(
    r"(schick\w*|send\w*|erhalten|bekommen|folgt|unterwegs|automatisch|stell\w* .{0,40}\baus\b)",
    re.IGNORECASE,
)


def written_sentences() -> Iterator[tuple[str, str]]:
    """Yield every sentence written in templates, code and data of the product, README and docs."""
    root = Path(configured.BASE_DIR)
    houses = ("templates", "donations", "programs", "volunteers", "figures", "base", "platform", "docs")
    files = [root / "README.md", *(path for house in houses for path in (root / house).rglob("*.*"))]
    for path in files:
        if path.suffix in {".html", ".txt", ".py", ".md", ".json"}:
            for text in re.split(r'(?<=[.!?])\s+|["„“]|%}|\n', path.read_text()):
                yield path.name, text.strip()


def test_no_written_sentence_promises_one_either() -> None:
    about = [(name, text) for name, text in written_sentences() if NAMES_OF_IT.search(text)]
    assert len(about) > 10
    assert {name for name, _text in about} >= {"_proof.html", "providers.json", "collective-tax-exempt.json"}
    assert [each for each in about if PROMISE.search(each[1])] == []


def wished(fund: Fund, name: str = "Ada Kanarienvogel", **values: Any) -> Donation:
    donation = make_donation(fund, donor_name=name, wants_receipt=True, **values)
    ReceiptAddress.objects.create(donation=donation, street="Musterweg 1", postcode="52349", town="Düren")
    return donation


def listed(browser: Client, query: str = "") -> str:
    answer = browser.get(f"{LIST}?{query}")
    assert answer.status_code == 200
    return " ".join(plain(answer.content.decode()).split())


def test_the_treasurer_sees_wish_name_and_address(browser: Client, town: Provider, fund: Fund) -> None:
    wished(fund, status="received", received_at=PLEDGED_AT)
    browser.force_login(make_user(Role.TREASURER, town))
    assert "gewünscht Ada Kanarienvogel Musterweg 1 52349 Düren" in listed(browser)


def test_the_list_can_be_narrowed_to_the_wishes(browser: Client, town: Provider, fund: Fund) -> None:
    wished(fund, "Ada", status="received", received_at=PLEDGED_AT)
    wished(fund, "Berta")
    make_donation(fund, donor_name="Cäcilie", status="received", received_at=PLEDGED_AT)
    browser.force_login(make_user(Role.TREASURER, town))
    names = {
        query: [name for name in ("Ada", "Berta", "Cäcilie") if name in listed(browser, query)]
        for query in (
            "",
            "bestaetigung=gewuenscht",
            "bestaetigung=gewuenscht&ansicht=eingegangen",
            "bestaetigung=nonsense",
        )
    }
    assert names == {
        "": ["Ada", "Berta", "Cäcilie"],
        "bestaetigung=gewuenscht": ["Ada", "Berta"],
        "bestaetigung=gewuenscht&ansicht=eingegangen": ["Ada"],
        "bestaetigung=nonsense": ["Ada", "Berta", "Cäcilie"],
    }


@pytest.mark.parametrize(
    "who", ["treasurer elsewhere", "own coordinator", "youth office's treasurer", "nobody"]
)
def test_nobody_else_sees_the_address(browser: Client, town: Provider, fund: Fund, who: str) -> None:
    wished(fund, status="received", received_at=PLEDGED_AT)
    user = {
        "treasurer elsewhere": lambda: make_user(Role.TREASURER, make_provider()),
        "own coordinator": lambda: make_user(Role.COORDINATOR, town),
        "youth office's treasurer": lambda: make_user(Role.TREASURER, make_youth_office()),
        "nobody": make_user,
    }[who]()
    browser.force_login(user)
    answer = browser.get(f"{LIST}?bestaetigung=gewuenscht")
    assert answer.status_code == (200 if user.memberships.filter(role=Role.TREASURER).exists() else 403)
    assert "Musterweg" not in answer.content.decode()
    assert "Kanarienvogel" not in answer.content.decode()


def test_ten_thousand_wishes_are_read_page_by_page(
    browser: Client, town: Provider, fund: Fund, django_assert_max_num_queries: Any
) -> None:
    donor = make_donor()
    texts = {"purpose_text": "p", "fallback_text": "f", "text_version": 1, "method": "transfer"}
    gifts = Donation.objects.bulk_create(
        Donation(
            fund=fund,
            donor=donor,
            donor_name=f"Person {number:05}",
            amount_cents=2500,
            wants_receipt=True,
            status="received",
            acceptance="awaiting",
            received_at=PLEDGED_AT,
            pledged_at=PLEDGED_AT,
            status_changed_at=PLEDGED_AT,
            **texts,
        )
        for number in range(10_000)
    )
    ReceiptAddress.objects.bulk_create(
        ReceiptAddress(donation=gift, street="Musterweg 1", postcode="52349", town="Düren") for gift in gifts
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE donations_donation, donations_receiptaddress")
    browser.force_login(make_user(Role.TREASURER, town))
    with django_assert_max_num_queries(19):
        last = listed(browser, "bestaetigung=gewuenscht&page=500")
    assert last.count("Musterweg 1") == 20
    assert last.count("Annahme von 25,00 € eintragen") == 25
    assert "Person 00000" in last
    assert "10.000 Spenden" in last
    assert "Hier stehen die ältesten." in last


@pytest.mark.parametrize(("kind", "is_offered"), [(IssuerKind.TAX_EXEMPT, True), (IssuerKind.NONE, False)])
def test_where_a_wish_can_be_made_nobody_is_sent_to_ask_elsewhere(
    browser: Client, db: None, kind: str, is_offered: bool
) -> None:
    recipient(kind)
    address = details_address(zweck="zweck", betrag="own", eigener_betrag="301")
    shown = plain(browser.get(address).content.decode())
    assert ("Ich wünsche eine Zuwendungsbestätigung" in shown) is is_offered
    assert (
        "Bei Spenden über 300 € verlangt das Finanzamt eine Zuwendungsbestätigung." in shown
    ) is is_offered
    assert "Danach fragen Sie bitte bei" not in shown
