"""Issuing one: what is printed, what is refused, and that a gift has one valid receipt at most."""

import hashlib
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pypdf
import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from donations.models import Dispute, Donation, ReceiptAddress
from donations.receipts.documents.receipt import receipt_pdf
from donations.receipts.domain.eligibility import Refusal
from donations.receipts.domain.purposes import PURPOSES
from donations.receipts.models import Receipt, ReceiptCounter, ReceiptFile, ReceiptItem
from donations.receipts.services.issuing import IssueRefused, issue, sign
from donations.receipts.services.withdrawal import withdraw_by_hand, withdraw_untrue
from foundation.actors import system
from foundation.history import lines_of
from outbox.models import Message
from programs.access import Role
from programs.models import Fund, Provider
from tests.donations.gifts import make_donor
from tests.donations.receipts.bodies import GIVEN_AT, ISSUED_AT, city, details, make_issuer, wished_gift
from tests.factories import make_fund, make_provider, make_user

pytestmark = pytest.mark.django_db
HAND = system("test")


@pytest.fixture
def fund() -> Fund:
    return make_fund("Bücher", provider=make_provider("Verein Lesen", issuer_kind="kstg_5_1_9"))


@pytest.fixture
def body(fund: Fund) -> Provider:
    make_issuer(fund.provider, details(fund))
    return fund.provider


def issued(*gifts: Donation, at: datetime = ISSUED_AT) -> Receipt:
    return issue([gift.pk for gift in gifts], actor=HAND, now=at)


def pages(body: bytes) -> list[str]:
    return [
        " ".join(page.extract_text().replace("\xa0", " ").split())
        for page in pypdf.PdfReader(io.BytesIO(body)).pages
    ]


def read(receipt: Receipt) -> list[str]:
    return pages(bytes(ReceiptFile.objects.get(receipt=receipt).body))


def test_a_single_gift_in_the_official_words(body: Provider, fund: Fund) -> None:
    gift = wished_gift(fund, cents=132_205)
    receipt = issued(gift)
    (text,) = read(receipt)
    for part in (
        "Aussteller (Bezeichnung und Anschrift der steuerbegünstigten Einrichtung) Verein Lesen e. V. "
        "Bücherweg 3 52349 Düren",
        "Bestätigung über Geldzuwendungen/Mitgliedsbeitrag im Sinne des § 10b des Einkommensteuergesetzes an "
        "eine der in § 5 Abs. 1 Nr. 9 des Körperschaftsteuergesetzes bezeichneten Körperschaften",
        "Name und Anschrift des Zuwendenden Ada Kanarienvogel Musterweg 1 52349 Düren",
        "1.322,05 € eintausenddreihundertzweiundzwanzig Euro und fünf Cent 01.06.2026",
        "Es handelt sich um den Verzicht auf Erstattung von Aufwendungen Ja ☐ Nein ☒",
        "nach der Anlage zum Körperschaftsteuerbescheid des Finanzamtes Düren StNr. 207/1234/5678 vom "
        "12.05.2025 für den letzten Veranlagungszeitraum 2024 nach § 5 Abs. 1 Nr. 9",
        "dass die Zuwendung nur zur Förderung der Jugend- und Altenhilfe (§ 52 Abs. 2 Satz 1 Nr. 4 AO) "
        "verwendet wird.",
        "Düren, 03.03.2027",
        "(Ort, Datum und Unterschrift des Zuwendungsempfängers)",
        "Die maschinelle Erstellung der Zuwendungsbestätigung wurde dem zuständigen Finanzamt Düren am "
        "15.01.2026 angezeigt.",
        "haftet für die entgangene Steuer (§ 10b Abs. 4 EStG, § 9 Abs. 3 KStG, § 9 Nr. 5 GewStG).",
        "länger als 5 Jahre bzw.",
        "VL-2027-00001 Seite 1 / 1",
    ):
        assert part in text
    for absent in (
        "Spendenquittung",
        "§ 60a AO gesondert",
        "nicht um einen Mitgliedsbeitrag",
        "Zweitschrift",
    ):
        assert absent not in text
    assert (receipt.kind, receipt.status, receipt.total_cents) == ("money", "issued", 132_205)
    assert (receipt.number, receipt.issued_on, receipt.donor) == (
        "VL-2027-00001",
        date(2027, 3, 3),
        gift.donor,
    )


def test_a_collective_receipt_lists_each_gift(body: Provider, fund: Fund) -> None:
    second = make_fund("Räume", provider=fund.provider)
    make_issuer(fund.provider, details(fund, fund_purposes={str(fund.pk): "52-4", str(second.pk): "52-7"}))
    giver = make_donor()
    later = wished_gift(second, donor=giver, cents=100_001, at=datetime(2026, 12, 31, 22, 59, tzinfo=UTC))
    receipt = issued(later, wished_gift(fund, donor=giver))
    front, annex = read(receipt)
    for part in (
        "Sammelbestätigung über Geldzuwendungen/Mitgliedsbeiträge",
        "Gesamtbetrag der Zuwendung",
        "1.025,01 € eintausendfünfundzwanzig Euro und ein Cent 01.06.2026 bis 31.12.2026",
        "keine weiteren Bestätigungen, weder formelle Zuwendungsbestätigungen noch Beitragsquittungen oder "
        "ähnliches ausgestellt wurden und werden.",
        "ist der Anlage zur Sammelbestätigung zu entnehmen.",
        "zur Förderung der Jugend- und Altenhilfe (§ 52 Abs. 2 Satz 1 Nr. 4 AO) und der Erziehung",
    ):
        assert part in front
    assert annex.startswith("Anlage zur Sammelbestätigung vom 03.03.2027 VL-2027-00001 · Ada Kanarienvogel")
    assert "01.06.2026 Geldzuwendung nein 25,00 € 31.12.2026 Geldzuwendung nein 1.000,01 €" in annex
    assert "Gesamtsumme 1.025,01 €" in annex
    assert list(receipt.items.values_list("donation", "cents")) == [
        (Donation.objects.get(amount_cents=2500).pk, 2500),
        (later.pk, 100_001),
    ]


def test_gifts_stand_by_the_day_they_came_whenever_they_were_promised(body: Provider, fund: Fund) -> None:
    giver = make_donor()
    later = wished_gift(fund, donor=giver, cents=4000, at=GIVEN_AT + timedelta(days=30))
    Donation.objects.filter(pk=later.pk).update(pledged_at=GIVEN_AT - timedelta(days=30))
    front, annex = read(issued(later, wished_gift(fund, donor=giver)))
    assert "65,00 € fünfundsechzig Euro 01.06.2026 bis 01.07.2026" in front
    assert "01.06.2026 Geldzuwendung nein 25,00 € 01.07.2026 Geldzuwendung nein 40,00 €" in annex


def test_the_city_says_what_public_bodies_say(fund: Fund) -> None:
    make_issuer(fund.provider, city(fund))
    (text,) = read(issued(wished_gift(fund)))
    assert "inländische juristische Personen des öffentlichen Rechts oder inländische öffentliche" in text
    assert "Die Zuwendung wird ☒ von uns unmittelbar für den angegebenen Zweck verwendet." in text
    assert "Nur in den Fällen der Weiterleitung an steuerbegünstigte Körperschaften" in text
    assert "Freistellungsbescheid bzw." not in text


def test_the_statutes_and_fees_that_are_not_deductible(fund: Fund) -> None:
    said = details(fund, notice_kind="statutes", assessed_until="", membership_not_deductible=True)
    make_issuer(fund.provider, said)
    (text,) = read(issued(wished_gift(fund)))
    assert "mit Bescheid vom 12.05.2025 nach § 60a AO gesondert festgestellt. Wir fördern nach" in text
    assert "die Jugend- und Altenhilfe (§ 52 Abs. 2 Satz 1 Nr. 4 AO) und die Erziehung" in text
    assert "☒ Es wird bestätigt, dass es sich nicht um einen Mitgliedsbeitrag handelt" in text


@pytest.mark.parametrize("number", [1, 40])
def test_the_front_is_one_page_however_much_is_said(fund: Fund, number: int) -> None:
    """BMF 7.11.2013, point 2: one page of A4; only the annex is longer."""
    every = list(PURPOSES)
    funds = [fund, *(make_fund(provider=fund.provider) for _ in every[1:])]
    chosen = {str(each.pk): purpose for each, purpose in zip(funds, every, strict=True)}
    said = details(
        fund,
        name="Förderverein der Familienzentren und Kindertagesstätten im Stadtgebiet Düren e. V.",
        purposes=every,
        fund_purposes=chosen,
        membership_not_deductible=True,
    )
    make_issuer(fund.provider, said)
    giver = make_donor()
    gifts = [wished_gift(funds[each % 8], donor=giver, cents=1_234_567) for each in range(number)]
    front, *annex = read(issued(*gifts))
    assert "(§ 63 Abs. 5 AO)." in front
    assert len(annex) == (number > 1) * 2
    assert sum(page.count("12.345,67 €") for page in annex) == (number if annex else 0)


def test_the_file_is_for_archives_and_for_everybody(body: Provider, fund: Fund) -> None:
    receipt = issued(wished_gift(fund))
    file = bytes(ReceiptFile.objects.get(receipt=receipt).body)
    assert receipt.digest == hashlib.sha256(file).hexdigest()
    document = pypdf.PdfReader(io.BytesIO(file))
    root = document.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    for mark in (
        "<pdfaid:part>2<",
        "<pdfaid:conformance>A<",
        "<pdfuaid:part>1<",
    ):
        assert mark in metadata
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"]) == (True, "de-DE")
    again = receipt_pdf(receipt.snapshot, receipt.issuer, now=ISSUED_AT)
    assert hashlib.sha256(again).hexdigest() == receipt.digest


def test_a_copy_is_marked_as_one(body: Provider, fund: Fund) -> None:
    receipt = issued(wished_gift(fund))
    (text,) = pages(receipt_pdf(receipt.snapshot, receipt.issuer, now=ISSUED_AT, is_copy=True))
    assert text.startswith("Zweitschrift ")
    assert text.endswith("VL-2027-00001 · Zweitschrift Seite 1 / 1")


def test_numbers_go_on_by_body_and_year(body: Provider, fund: Fund) -> None:
    other = make_fund("Stadt", provider=make_provider())
    make_issuer(other.provider, city(other))
    numbers = [
        issued(wished_gift(fund)).number,
        issued(wished_gift(other)).number,
        issued(wished_gift(fund)).number,
        issued(wished_gift(fund), at=ISSUED_AT.replace(year=2028)).number,
    ]
    assert numbers == ["VL-2027-00001", "SD-2027-00001", "VL-2027-00002", "VL-2028-00001"]


def test_the_giver_is_told_where_it_lies(body: Provider, fund: Fund) -> None:
    receipt = issued(wished_gift(fund))
    mail = Message.objects.get(template="receipt_issued")
    assert mail.to_email == receipt.donor.email
    assert "über 25,00 € ist fertig (Nummer VL-2027-00001)" in mail.body_text.replace("\xa0", " ")
    (line,) = lines_of(receipt)
    assert (line.to_status, line.actor_role) == ("issued", "test")


def test_what_is_printed_does_not_follow_later_changes(body: Provider, fund: Fund) -> None:
    gift = wished_gift(fund)
    receipt = issued(gift)
    make_issuer(fund.provider, details(fund, name="Ganz anders"))
    Donation.objects.update(donor_name="Jemand")
    ReceiptAddress.objects.update(street="Anderswo 1")
    copy = Receipt.objects.get(pk=receipt.pk)
    (text,) = pages(receipt_pdf(copy.snapshot, copy.issuer, now=ISSUED_AT, is_copy=True))
    assert "Verein Lesen e. V." in text
    assert "Ada Kanarienvogel Musterweg 1" in text


Change = Callable[[Donation], Any]


def with_values(**values: Any) -> Change:
    return lambda gift: Donation.objects.filter(pk=gift.pk).update(**values)


def inquired(gift: Donation, outcome: str = "asked") -> Dispute:
    """The bank of the giver's card asks about the payment; nothing was taken."""
    at = {"opened_at": GIVEN_AT, "closed_at": None if outcome == "asked" else ISSUED_AT}
    name = f"dp_{Dispute.objects.count() + 1}"
    return Dispute.objects.create(
        donation=gift, external_id=name, amount_cents=gift.amount_cents, outcome=outcome, **at
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (with_values(wants_receipt=False), Refusal.NOT_WISHED),
        (with_values(donor_name=""), Refusal.ANONYMOUS),
        (lambda gift: gift.receipt_address.delete(), Refusal.NO_ADDRESS),
        (with_values(status="pledged", received_at=None), Refusal.NOT_RECEIVED),
        (with_values(status="processing", received_at=None), Refusal.NOT_RECEIVED),
        (
            with_values(acceptance="awaiting"),
            Refusal.NOT_ACCEPTED,
        ),
        (
            with_values(acceptance="awaiting", status="partly_refunded", refunded_cents=500),
            Refusal.NOT_ACCEPTED,
        ),
        (
            with_values(acceptance="refused", acceptance_at=ISSUED_AT),
            Refusal.NOT_ACCEPTED,
        ),
        (with_values(status="disputed"), Refusal.DISPUTED),
        (inquired, Refusal.INQUIRED),
        (with_values(status="refunded", refunded_cents=2500), Refusal.NOTHING_LEFT),
        (with_values(status="lost", lost_cents=2500), Refusal.NOTHING_LEFT),
        (with_values(status="partly_refunded", refunded_cents=2000, lost_cents=500), Refusal.NOTHING_LEFT),
        (
            with_values(method="sepa_debit", received_at=ISSUED_AT - timedelta(weeks=8)),
            Refusal.DEBIT_TOO_YOUNG,
        ),
        (
            lambda gift: Donation.objects.update(fund=make_fund(provider=gift.fund.provider)),
            Refusal.NO_PURPOSE,
        ),
        (lambda _gift: Donation.objects.update(fund=make_fund()), Refusal.ISSUER_NOT_READY),
        (with_values(donor_name="伊藤"), Refusal.NOT_DISPLAYABLE),
    ],
)
def test_what_is_no_gift_to_confirm_is_refused_and_uses_no_number(
    body: Provider, fund: Fund, change: Change, reason: Refusal
) -> None:
    gift = wished_gift(fund)
    change(gift)
    with pytest.raises(IssueRefused) as refused:
        issued(gift)
    assert refused.value.reason is reason
    assert (Receipt.objects.count(), ReceiptCounter.objects.count(), Message.objects.count()) == (0, 0, 0)


def test_an_inquiry_that_ended_without_a_dispute_hinders_nothing(body: Provider, fund: Fund) -> None:
    gift = wished_gift(fund, method="card")
    inquired(gift, "dropped")
    assert issued(gift).status == "issued"


def test_a_debit_is_safe_the_day_after_eight_weeks_by_duerens_clock(body: Provider, fund: Fund) -> None:
    """In summer 23:30 UTC is the next day in Düren."""
    debited_at = datetime(2026, 6, 1, 22, 30, tzinfo=UTC)  # 2 June
    gift = wished_gift(fund, method="sepa_debit", at=debited_at)
    with pytest.raises(IssueRefused):
        issued(gift, at=datetime(2026, 7, 28, 21, 59, tzinfo=UTC))
    assert issued(gift, at=datetime(2026, 7, 28, 22, 0, tzinfo=UTC)).items.get().given_on == date(2026, 6, 2)


def test_what_was_given_back_in_part_is_not_confirmed(body: Provider, fund: Fund) -> None:
    gift = wished_gift(fund, status="partly_refunded", refunded_cents=1000, lost_cents=1)
    receipt = issued(gift)
    assert receipt.total_cents == 1499
    assert "14,99 € vierzehn Euro und neunundneunzig Cent" in read(receipt)[0]


def test_a_gift_is_confirmed_once_alone_or_with_others(body: Provider, fund: Fund) -> None:
    giver = make_donor()
    first, second = wished_gift(fund, donor=giver), wished_gift(fund, donor=giver)
    issued(first)
    for gifts in ([first], [first, second]):
        with pytest.raises(IssueRefused) as refused:
            issued(*gifts)
        assert refused.value.reason is Refusal.RECEIPTED
    assert issued(second).number == "VL-2027-00002"


@pytest.mark.parametrize(
    "other",
    [{"name": "Eva"}, {"street": "Anderer Weg 2"}, {"donor": None}, {"at": GIVEN_AT.replace(year=2025)}],
)
def test_gifts_of_two_are_not_put_on_one(body: Provider, fund: Fund, other: dict[str, Any]) -> None:
    giver = make_donor()
    gifts = [wished_gift(fund, donor=giver), wished_gift(fund, **{"donor": giver, **other})]
    with pytest.raises(IssueRefused) as refused:
        issued(*gifts)
    assert refused.value.reason is Refusal.NOT_TOGETHER
    with pytest.raises(IssueRefused):
        issued()


def test_gifts_to_another_body_are_not_put_on_one(body: Provider, fund: Fund) -> None:
    other = make_fund("Stadt", provider=make_provider())
    make_issuer(other.provider, city(other))
    giver = make_donor()
    with pytest.raises(IssueRefused) as refused:
        issued(wished_gift(fund, donor=giver), wished_gift(other, donor=giver))
    assert refused.value.reason is Refusal.NOT_TOGETHER


class TestByHand:
    @pytest.fixture
    def draft(self, fund: Fund) -> Receipt:
        make_issuer(fund.provider, details(fund, machine_notified_on=None, signature=None))
        return issued(wished_gift(fund))

    def test_without_notification_a_draft_waits_for_a_hand(self, draft: Receipt) -> None:
        assert (draft.status, draft.was_given_out, Message.objects.count()) == ("draft", False, 0)
        assert "maschinelle Erstellung" not in read(draft)[0]
        assert sign(draft, actor=HAND, now=ISSUED_AT) is True
        draft.refresh_from_db()
        assert (draft.status, draft.was_given_out) == ("issued", True)
        assert "Das Original kommt auf Papier" in Message.objects.get().body_text
        assert sign(draft, actor=HAND, now=ISSUED_AT) is False

    def test_a_draft_counts_as_the_receipt_of_its_gift(self, draft: Receipt) -> None:
        with pytest.raises(IssueRefused) as refused:
            issued(Donation.objects.get())
        assert refused.value.reason is Refusal.RECEIPTED

    def test_a_draft_is_not_signed_when_the_notice_is_too_old(self, draft: Receipt) -> None:
        with pytest.raises(IssueRefused) as refused:
            sign(draft, actor=HAND, now=datetime(2030, 5, 13, 9, tzinfo=UTC))
        assert refused.value.reason is Refusal.ISSUER_NOT_READY
        assert Receipt.objects.get().status == "draft"

    @pytest.mark.parametrize(
        "now_it_is",
        [
            {"status": "disputed"},
            {"refunded_cents": 500, "status": "partly_refunded"},
            {"acceptance": "awaiting"},
        ],
    )
    def test_what_is_not_true_any_more_is_not_given_out(
        self, draft: Receipt, fund: Fund, client: Client, now_it_is: dict[str, Any]
    ) -> None:
        Donation.objects.update(**now_it_is)
        client.force_login(make_user(Role.TREASURER, fund.provider))
        page = client.post(reverse("coordination_receipt_sign", args=[draft.pk]), follow=True)
        assert "Was darauf steht, stimmt nicht mehr." in page.content.decode()
        assert (Receipt.objects.get().status, Message.objects.count()) == ("draft", 0)
        assert withdraw_untrue(ISSUED_AT) == 1
        assert "withdrawn" in Receipt.objects.values_list("status", flat=True)

    def test_a_draft_is_not_given_out_while_the_bank_inquires_and_is_afterwards(
        self, draft: Receipt, fund: Fund, client: Client
    ) -> None:
        asked = inquired(Donation.objects.get())
        client.force_login(make_user(Role.TREASURER, fund.provider))
        page = client.post(reverse("coordination_receipt_sign", args=[draft.pk]), follow=True)
        assert "Die Bank fragt nach dieser Zahlung." in page.content.decode()
        assert (withdraw_untrue(ISSUED_AT), Receipt.objects.get().status) == (0, "draft")
        Dispute.objects.filter(pk=asked.pk).update(outcome="dropped", closed_at=ISSUED_AT)
        assert sign(draft, actor=HAND, now=ISSUED_AT) is True

    def test_a_draft_withdrawn_is_told_to_nobody(self, draft: Receipt) -> None:
        assert withdraw_by_hand(draft.pk, actor=HAND, now=ISSUED_AT)
        assert list(Receipt.objects.order_by("pk").values_list("number", "status")) == [
            ("VL-2027-00001", "withdrawn"),
            ("VL-2027-00002", "draft"),
        ]
        assert Message.objects.count() == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda: Receipt.objects.update(number="VL-2027-00002"),
        lambda: Receipt.objects.update(total_cents=1),
        lambda: Receipt.objects.update(snapshot={}),
        lambda: Receipt.objects.update(digest="0" * 64),
        lambda: Receipt.objects.update(status="withdrawn"),
        lambda: Receipt.objects.update(status="nonsense"),
        lambda: ReceiptItem.objects.update(cents=1),
        lambda: ReceiptFile.objects.update(body=b"%PDF"),
        lambda: ReceiptFile.objects.all().delete(),
        lambda: ReceiptItem.objects.all().delete(),
        lambda: Receipt.objects.all()._raw_delete("default"),
    ],
)
def test_the_database_refuses_to_change_what_was_issued(
    body: Provider, fund: Fund, change: Callable[[], Any]
) -> None:
    receipt = issued(wished_gift(fund), at=ISSUED_AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        change()
    assert Receipt.objects.get().snapshot == receipt.snapshot


def test_the_database_refuses_a_second_valid_receipt(body: Provider, fund: Fund) -> None:
    giver = make_donor()
    first, second = wished_gift(fund, donor=giver), wished_gift(fund, donor=giver)
    issued(first)
    other = issued(second)
    with pytest.raises(IntegrityError, match="gift_one_valid_receipt"), transaction.atomic():
        ReceiptItem.objects.create(receipt=other, donation=first, given_on=date(2026, 6, 1), cents=1)


@pytest.mark.parametrize("missing", ["street", "postcode", "town"])
def test_an_address_with_a_part_missing_is_none(body: Provider, fund: Fund, missing: str) -> None:
    gift = wished_gift(fund)
    ReceiptAddress.objects.filter(donation=gift).update(**{missing: ""})
    with pytest.raises(IssueRefused) as refused:
        issue([gift.pk], actor=HAND, now=ISSUED_AT)
    assert refused.value.reason == Refusal.NO_ADDRESS
    assert not Receipt.objects.exists()
