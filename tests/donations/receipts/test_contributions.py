"""Goods and waived expenses: two persons, a value with a basis, a receipt on paper, and the way back."""

import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pypdf
import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from citizens.services.erasure import erase
from donations.domain.references import reference_of
from donations.models import AcceptanceRule, Donation, LedgerTransaction, TransferReference
from donations.receipts.domain.contributions import Facts, Fault, faults
from donations.receipts.domain.eligibility import Refusal
from donations.receipts.domain.purposes import PURPOSES
from donations.receipts.models import Contribution, Receipt, ReceiptFile, ReceiptItem
from donations.receipts.services.citizen_part import stored_about
from donations.receipts.services.contribution_receipts import issue_about
from donations.receipts.services.contributions import confirm, undo
from donations.receipts.services.issuing import IssueRefused, sign
from donations.receipts.services.retention import purge
from donations.receipts.services.withdrawal import withdraw_by_hand, withdraw_untrue
from donations.services.bank.transfers import Credit, record_bank_transfer
from foundation.actors import system
from foundation.clock import local_day, utc_now
from foundation.money import NotCents
from foundation.units import Cents
from outbox.models import Message
from programs.access import Role
from programs.models import Fund, Provider
from tests.donations.gifts import make_donation
from tests.donations.receipts.bodies import ISSUED_AT, city, details, make_issuer, written_down
from tests.donations.visits import text
from tests.factories import make_fund, make_provider, make_user

HAND = system("test")
DAY = date(2027, 3, 3)
PLACE = "/koordination/bestaetigungen/sachwerte/"
GOODS: dict[str, Any] = {
    "name": "Ada Kanarienvogel",
    "street": "Musterweg 1",
    "postcode": "52349",
    "town": "Düren",
    "email": "ada@example.org",
    "given_on": "2026-06-01",
    "description": "Lastenrad Marke Beispiel",
    "age": "3 Jahre",
    "condition": "gut",
    "purchase_price": "4.000 € (2023)",
    "origin": "private",
    "value": "1.500,50",
    "basis": "Rechnung von 2023 und drei Jahre Gebrauch",
    "has_documents": "on",
    "wants_receipt": "on",
}
WAIVER: dict[str, Any] = {
    **{name: GOODS[name] for name in ("name", "street", "postcode", "town", "email", "wants_receipt")},
    "claim": "contract",
    "claim_on": "2026-01-02",
    "is_free": "on",
    "spent_on": "2026-05-04",
    "given_on": "2026-05-20",
    "description": "Fahrten zum Lesenachmittag",
    "value": "36",
    "basis": "120 km zu 0,30 €",
}


@pytest.fixture
def fund(db: None) -> Fund:
    return make_fund("Bücher", provider=make_provider("Verein Lesen", issuer_kind="kstg_5_1_9"))


@pytest.mark.parametrize("cents", [12.5, 12.0, True, "1250", "٣"])
def test_a_value_that_is_no_whole_cents_is_refused_and_not_rounded(fund: Fund, cents: Any) -> None:
    one = make_user(Role.TREASURER, fund.provider)
    for wrong in ({"value_cents": cents}, {"vat_cents": cents, "origin": "business"}):
        with pytest.raises(NotCents):
            written_down(fund, by=one, **wrong)
    assert not Contribution.objects.exists()


@pytest.fixture
def body(fund: Fund) -> Provider:
    make_issuer(fund.provider, details(fund))
    return fund.provider


def treasurer(provider: Provider) -> Client:
    client = Client()
    client.force_login(make_user(Role.TREASURER, provider))
    return client


def given(fund: Fund, **changed: Any) -> Contribution:
    """A Sachspende that a second person has confirmed."""
    first, second = (make_user(Role.TREASURER, fund.provider) for _ in range(2))
    row = written_down(fund, by=first, **changed)
    return confirm(row.pk, by=second, actor=HAND, now=ISSUED_AT)


def issued(row: Contribution) -> Receipt:
    return issue_about(row.pk, actor=HAND, now=ISSUED_AT)


def undone(row: Contribution, now: datetime = ISSUED_AT) -> None:
    other = make_user(Role.TREASURER, row.provider)
    undo(row.pk, "zurückgegeben", by=other, actor=HAND, now=now)


def printed(receipt: Receipt) -> str:
    body = bytes(ReceiptFile.objects.get(receipt=receipt).body)
    (page,) = pypdf.PdfReader(io.BytesIO(body)).pages
    return " ".join(page.extract_text().replace("\xa0", " ").split())


def facts(**changed: Any) -> Facts:
    said: dict[str, Any] = {
        "kind": "goods",
        "given_on": DAY,
        "value_cents": 1000,
        "vat_cents": 0,
        "basis": "Rechnung",
        "age": "neu",
        "condition": "gut",
        "purchase_price": "10 €",
        "origin": "private",
        "claim": "",
        "claim_on": None,
        "spent_on": None,
        "needs_acceptance": False,
        "accepted_on": None,
    }
    return Facts(**{**said, **changed})


def waived(**changed: Any) -> Facts:
    said = {"kind": "waiver", "origin": "", "age": "", "condition": "", "purchase_price": ""}
    days = {"claim": "contract", "claim_on": DAY, "spent_on": DAY}
    return facts(**{**said, **days, **changed})


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (facts(), []),
        (facts(given_on=DAY + timedelta(days=1)), [Fault.IN_FUTURE]),
        (facts(value_cents=0), [Fault.NO_VALUE]),
        (facts(vat_cents=190, origin="business", value_cents=1190), []),
        (facts(vat_cents=1000, origin="business"), [Fault.NO_VALUE]),
        (facts(vat_cents=1), [Fault.TAX_NOT_OF_BUSINESS]),
        (facts(basis=""), [Fault.NO_BASIS]),
        (facts(age=""), [Fault.NO_DETAILS]),
        (facts(condition=""), [Fault.NO_DETAILS]),
        (facts(purchase_price=""), [Fault.NO_DETAILS]),
        (facts(origin=""), [Fault.NO_ORIGIN]),
        (facts(origin="unknown"), []),
        (facts(needs_acceptance=True), [Fault.NOT_ACCEPTED]),
        (facts(needs_acceptance=True, accepted_on=DAY), []),
        (facts(needs_acceptance=True, accepted_on=DAY + timedelta(days=1)), [Fault.NOT_ACCEPTED]),
        (waived(), []),
        (waived(claim=""), [Fault.NO_CLAIM]),
        (waived(claim_on=None), [Fault.NO_CLAIM]),
        (waived(spent_on=None), [Fault.NO_CLAIM]),
        (waived(claim_on=DAY, spent_on=DAY - timedelta(days=1)), [Fault.CLAIM_AFTER_EXPENSE]),
        (waived(given_on=DAY - timedelta(days=1)), [Fault.WAIVED_BEFORE_EXPENSE]),
        (waived(vat_cents=1), [Fault.TAX_NOT_OF_BUSINESS]),
    ],
)
def test_what_the_rules_ask_for(said: Facts, wrong: list[Fault]) -> None:
    assert faults(said, DAY) == wrong


class TestPages:
    def test_goods_from_the_form_to_the_signed_paper(self, body: Provider, fund: Fund) -> None:
        """The notice is of 2025: it counts on the day of this test for some years, then another is needed."""
        make_issuer(body, details(fund, notice_on=local_day(utc_now())), utc_now())
        first, second = treasurer(body), treasurer(body)
        new = reverse("coordination_contribution_new", args=["sachspende"])
        day = str(local_day(utc_now()) - timedelta(days=1))
        made = first.post(new, {**GOODS, "given_on": day, "fund": fund.pk})
        row = Contribution.objects.get()
        page = reverse("coordination_contribution", args=[row.pk])
        assert (made.status_code, made["Location"]) == (303, page)
        assert (row.value_cents, row.status, row.provider, row.donor.email) == (
            150_050,
            "proposed",
            body,
            "ada@example.org",
        )
        decide = reverse("coordination_contribution_decide", args=[row.pk])
        first.post(decide, {"confirm": "1"})
        first.post(reverse("coordination_contribution_issue", args=[row.pk]))
        assert Contribution.objects.get().status == "proposed"
        assert not Receipt.objects.exists()
        listed = text(second.get(PLACE))
        assert "Lastenrad Marke Beispiel, 1.500,50 €</a><p" in listed
        assert f"von Ada Kanarienvogel, {row.given_on:%d.%m.%Y}" in listed
        told = text(second.get(f"{PLACE}{row.pk}/"))
        assert ("Aufgeschrieben von" in told, "Entschieden von" in told) == (True, False)
        second.post(decide, {"confirm": "1"})
        answer = second.post(reverse("coordination_contribution_issue", args=[row.pk]))
        receipt = Receipt.objects.get()
        assert answer["Location"] == reverse("coordination_receipt", args=[receipt.pk])
        assert (receipt.kind, receipt.status, receipt.total_cents) == ("goods", "draft", 150_050)
        assert "Lastenrad Marke Beispiel" in text(second.get(answer["Location"]))
        assert receipt.number in text(first.get(page))
        register = text(second.get("/koordination/bestaetigungen/?suche=kanarienvogel"))
        assert "Sachzuwendung" in register
        table = second.get("/koordination/bestaetigungen/bestaetigungen.csv").content.decode()
        assert f"{receipt.number};Sachzuwendung;wartet auf Unterschrift" in table
        second.post(reverse("coordination_contribution_undo", args=[row.pk]), {"reason": ""})
        first.post(reverse("coordination_contribution_undo", args=[row.pk]), {"reason": "falsch"})
        assert Contribution.objects.get().status == "confirmed"
        second.post(reverse("coordination_contribution_undo", args=[row.pk]), {"reason": "zurückgegeben"})
        late = {"reason": "doch falsch"}
        again = second.post(reverse("coordination_contribution_undo", args=[row.pk]), late, follow=True)
        assert "Darüber wurde schon entschieden." in text(again)
        assert (Contribution.objects.get().status, Contribution.objects.get().undone_for) == (
            "undone",
            "zurückgegeben",
        )

    def test_a_waiver_and_one_that_is_dropped(self, body: Provider, fund: Fund) -> None:
        client = treasurer(body)
        new = reverse("coordination_contribution_new", args=["aufwandsverzicht"])
        assert client.post(new, {**WAIVER, "fund": fund.pk}).status_code == 303
        row = Contribution.objects.get()
        assert (row.kind, row.value_cents, row.claim, row.claim_on) == (
            "waiver",
            3600,
            "contract",
            date(2026, 1, 2),
        )
        client.post(reverse("coordination_contribution_decide", args=[row.pk]), {"drop": "1"})
        client.post(reverse("coordination_contribution_decide", args=[row.pk]), {"confirm": "1"})
        assert Contribution.objects.get().status == "dropped"

    @pytest.mark.parametrize(
        ("what", "changed", "said"),
        [
            ("sachspende", {"value": "viel"}, "Bitte geben Sie einen Betrag in Euro ein"),
            ("sachspende", {"value": "0"}, "Bitte geben Sie einen Betrag in Euro ein"),
            ("sachspende", {"name": "Ada www.boese.de"}, "nur einen Namen"),
            ("sachspende", {"condition": ""}, "Noch offen: Zustand"),
            ("sachspende", {"vat": "10"}, "nur bei Sachen aus einem Betrieb"),
            ("sachspende", {"given_on": "2099-01-01"}, "liegt in der Zukunft"),
            ("sachspende", {"given_on": "0026-01-01"}, "zwischen 2000 und 2099"),
            ("aufwandsverzicht", {"is_free": ""}, "Noch offen: Der Anspruch war ernst gemeint"),
            ("aufwandsverzicht", {"claim_on": "2026-05-05"}, "vor dem Aufwand eingeräumt"),
            ("aufwandsverzicht", {"given_on": "2026-05-03"}, "erst nach dem Aufwand"),
        ],
    )
    def test_what_cannot_stand_is_refused(
        self, body: Provider, fund: Fund, what: str, changed: dict[str, Any], said: str
    ) -> None:
        answers = {**(GOODS if what == "sachspende" else WAIVER), "fund": fund.pk, **changed}
        answer = treasurer(body).post(reverse("coordination_contribution_new", args=[what]), answers)
        assert (answer.status_code, Contribution.objects.exists()) == (422, False)
        assert said in text(answer)

    def test_nothing_for_the_purpose_of_another_body(self, body: Provider) -> None:
        foreign = make_fund(provider=make_provider("Andere"))
        new = reverse("coordination_contribution_new", args=["sachspende"])
        client = treasurer(body)
        assert client.post(new, {**GOODS, "fund": foreign.pk}).status_code == 422
        assert client.get(f"{PLACE}neu/zeit/").status_code == 404
        assert not Contribution.objects.exists()


class TestOnPaper:
    @pytest.mark.parametrize(
        ("changed", "said", "unsaid"),
        [
            ({}, "aus dem Privatvermögen.", "Geeignete Unterlagen"),
            (
                {"origin": "business", "vat_cents": 23_957, "has_documents": True},
                "Umsatzsteuer auf die Entnahme: 239,57 €",
                "Privatvermögen",
            ),
            (
                {"origin": "unknown", "has_documents": True},
                "Geeignete Unterlagen, die zur",
                "Betriebsvermögen",
            ),
        ],
    )
    def test_goods_in_the_official_words(
        self, body: Provider, fund: Fund, changed: dict[str, Any], said: str, unsaid: str
    ) -> None:
        page = printed(issued(given(fund, **changed)))
        for part in (
            "Bestätigung über Sachzuwendungen im Sinne des § 10b",
            "Wert der Zuwendung",
            "1.500,50 € eintausendfünfhundert Euro und fünfzig Cent 01.06.2026",
            "Genaue Bezeichnung der Sachzuwendung mit Alter, Zustand, Kaufpreis usw. Lastenrad, "
            "Alter: 3 Jahre, Zustand: gut, Kaufpreis: 4.000 €",
            said,
            "nach der Anlage zum Körperschaftsteuerbescheid des Finanzamtes Düren",
        ):
            assert part in page
        for absent in (unsaid, "Verzicht auf Erstattung", "maschinelle Erstellung", "Mitgliedsbeitrag"):
            assert absent not in page

    def test_a_waiver_is_a_gift_of_money_with_yes(self, body: Provider, fund: Fund) -> None:
        days = {"claim": "statutes", "claim_on": date(2026, 1, 2), "spent_on": date(2026, 5, 4)}
        blank = {"origin": "", "age": "", "condition": "", "purchase_price": ""}
        receipt = issued(given(fund, kind="waiver", **days, **blank))
        page = printed(receipt)
        assert "Bestätigung über Geldzuwendungen/Mitgliedsbeitrag" in page
        assert "Es handelt sich um den Verzicht auf Erstattung von Aufwendungen Ja ☒ Nein ☐" in page
        assert "maschinelle Erstellung" not in page
        assert (receipt.kind, receipt.status, receipt.was_given_out) == ("waiver", "draft", False)
        assert not Message.objects.filter(template="receipt_issued").exists()
        assert sign(receipt, actor=HAND, now=ISSUED_AT)
        assert Message.objects.filter(template="receipt_issued").count() == 1

    @pytest.mark.parametrize("kind", [details, city])
    def test_goods_too_are_one_page_however_much_is_said(self, fund: Fund, kind: Callable[..., Any]) -> None:
        """BMF 7.11.2013, point 2; `printed` takes one page apart and no second."""
        name = "Förderverein der Familienzentren und Kindertagesstätten im Stadtgebiet Düren e. V."
        every = {"purposes": list(PURPOSES), "fund_purposes": {str(fund.pk): "52-25"}}
        club = {"name": f"{name} {name[:70]}", "tax_office": "Jülich", "tax_number": "207/9999/1234"}
        notice = {"notice_kind": "statutes", "notice_on": "2025-05-12"}
        forwarding = {str(fund.pk): club | notice} if kind is city else {}
        make_issuer(fund.provider, kind(fund, name=name, forwarding=forwarding, **every))
        words = "Kanarienvogel aus Holz " * 13
        row = given(
            fund,
            description=words[:300],
            age=words[:60],
            condition=words[:80],
            purchase_price=words[:60],
            origin="business",
            vat_cents=23_957,
            has_documents=True,
            name=words[:120].strip(),
            street=words[:120].strip(),
        )
        assert "(§ 63 Abs. 5 AO)." in printed(issued(row))

    def test_the_city_s_own_text(self, fund: Fund) -> None:
        make_issuer(fund.provider, city(fund))
        page = printed(issued(given(fund)))
        assert "Bestätigung über Sachzuwendungen" in page
        assert "Die Zuwendung wird ☒ von uns unmittelbar für den angegebenen Zweck verwendet." in page
        assert "weitergeleitet, die/der" not in page


class TestOneReceipt:
    def test_is_refused_with_its_reason(self, fund: Fund) -> None:
        rows = {"wished": given(fund), "unwished": given(fund, wants_receipt=False)}
        with pytest.raises(IssueRefused) as refused:
            issued(rows["wished"])
        assert refused.value.reason is Refusal.ISSUER_NOT_READY
        make_issuer(fund.provider, details(fund, fund_purposes={}))
        for name, why in (("wished", Refusal.NO_PURPOSE), ("unwished", Refusal.NOT_WISHED)):
            with pytest.raises(IssueRefused) as refused:
                issued(rows[name])
            assert refused.value.reason is why
        make_issuer(fund.provider, details(fund))
        issued(rows["wished"])
        with pytest.raises(IssueRefused) as refused:
            issued(rows["wished"])
        assert refused.value.reason is Refusal.RECEIPTED
        assert Receipt.objects.count() == 1

    def test_the_text_about_goods_is_no_condition_for_money(self, fund: Fund) -> None:
        make_issuer(fund.provider, details(fund), approved=False)
        shown = text(treasurer(fund.provider).get("/koordination/bestaetigungen/aussteller/"))
        assert "Vorlage noch nicht bestätigt: Bestätigung über Geldzuwendungen" in shown
        assert "Vorlage noch nicht bestätigt: Bestätigung über Sachzuwendungen" not in shown

    def test_the_database_refuses_a_second(self, body: Provider, fund: Fund) -> None:
        row = given(fund)
        receipt, other = issued(row), issued(given(fund))
        with pytest.raises(IntegrityError, match="contribution_one_valid_receipt"), transaction.atomic():
            ReceiptItem.objects.create(receipt=other, contribution=row, given_on=DAY, cents=1)
        with pytest.raises(IntegrityError, match="receipt_item_of_one_gift"), transaction.atomic():
            ReceiptItem.objects.create(receipt=receipt, given_on=DAY, cents=1)

    def test_undone_it_is_withdrawn_told_and_listed_for_the_tax_office(
        self, body: Provider, fund: Fund
    ) -> None:
        row = given(fund)
        receipt = issued(row)
        sign(receipt, actor=HAND, now=ISSUED_AT)
        assert withdraw_untrue(ISSUED_AT) == 0
        undone(row)
        assert (withdraw_untrue(ISSUED_AT), withdraw_untrue(ISSUED_AT)) == (1, 0)
        receipt.refresh_from_db()
        assert (receipt.status, receipt.withdrawn_for) == ("withdrawn", "correction")
        assert (Receipt.objects.count(), receipt.tax_office_told_at) == (1, None)
        assert Message.objects.filter(template="receipt_withdrawn").count() == 1
        assert "Finanzamt informieren" in text(treasurer(body).get("/koordination/bestaetigungen/"))

    def test_withdrawn_by_hand_it_is_replaced(self, body: Provider, fund: Fund) -> None:
        row = given(fund)
        first = issued(row)
        assert withdraw_by_hand(first.pk, actor=HAND, now=ISSUED_AT)
        second = Receipt.objects.get(replaces=first)
        assert (second.number, second.kind, second.items.get().contribution) == (
            "VL-2027-00002",
            "goods",
            row,
        )


class TestKept:
    def test_two_persons_and_no_money_is_booked(self, fund: Fund) -> None:
        row = given(fund)
        assert not LedgerTransaction.objects.exists()
        fund.refresh_from_db()
        assert (fund.balance_cents, fund.received_cents, fund.gift_count) == (0, 0, 0)
        with pytest.raises(IntegrityError, match="contribution_two_persons"), transaction.atomic():
            Contribution.objects.filter(pk=row.pk).update(decided_by=row.proposed_by)

    @pytest.mark.parametrize(
        "act",
        [
            lambda row: Contribution.objects.filter(pk=row.pk).update(value_cents=1),
            lambda row: Contribution.objects.filter(pk=row.pk).update(basis="anders"),
            lambda row: Contribution.objects.filter(pk=row.pk).delete(),
        ],
    )
    def test_nobody_edits_it(self, fund: Fund, act: Callable[[Contribution], Any]) -> None:
        row = given(fund)
        with pytest.raises(DatabaseError, match=r"never edited|has to be kept"), transaction.atomic():
            act(row)
        row.refresh_from_db()
        assert (row.value_cents, row.basis) == (150_050, "Rechnung")

    def test_who_is_forgotten_is_shown_to_nobody(self, body: Provider, fund: Fund) -> None:
        row = given(fund)
        mailbox = row.donor.mailbox
        assert mailbox is not None
        (told,) = stored_about(mailbox)["sachspenden_und_verzichte"]
        assert (told["wert_cent"], told["bezeichnung"]) == (150_050, "Lastenrad")
        erase(mailbox, utc_now())
        client = treasurer(body)
        assert "Kanarienvogel" not in text(client.get(PLACE))
        assert list(client.get(f"{PLACE}?suche=Kanarienvogel").context["page"]) == []
        assert client.get(reverse("coordination_contribution", args=[row.pk])).status_code == 404

    def test_after_ten_years_it_goes(self, fund: Fund) -> None:
        year = timezone.now().year
        old = given(fund, given_on=date(year - 11, 12, 31), email="")
        kept = given(fund, given_on=date(year - 10, 1, 1), email="")
        assert purge(datetime(year, 1, 2, tzinfo=UTC)) == 1
        assert list(Contribution.objects.values_list("pk", flat=True)) == [kept.pk]
        assert old.pk != kept.pk


def test_the_city_accepts_large_ones_before_they_count(db: None) -> None:
    provider = make_provider("Stadt", kind="city", issuer_kind="jpoer")
    fund = make_fund(provider=provider)
    AcceptanceRule.objects.create(
        provider=provider, from_cents=200_000, valid_from=date(2026, 1, 1), source="Dienstanweisung"
    )
    client = treasurer(provider)
    new = reverse("coordination_contribution_new", args=["sachspende"])
    given(fund)
    answer = client.post(new, {**GOODS, "fund": fund.pk})
    assert "muss die Stadt annehmen" in text(answer)
    word = {"accepted_on": "2026-07-01", "accepted_by": "Bürgermeister", "pending_matter": "no"}
    for lacking, said in (
        ("accepted_by", "muss die Stadt annehmen"),
        ("pending_matter", "ob zwischen ihr und der Spender*in eine Angelegenheit läuft"),
    ):
        wrong = {name: value for name, value in word.items() if name != lacking}
        answer = client.post(new, {**GOODS, "fund": fund.pk, **wrong})
        assert (answer.status_code, said in text(answer)) == (422, True)
    assert client.post(new, {**GOODS, "fund": fund.pk, **word}).status_code == 303
    assert Contribution.objects.latest("pk").pending_matter == "no"
    assert client.post(new, {**GOODS, "fund": fund.pk, "email": "ben@example.org"}).status_code == 303


def test_goods_count_when_the_city_is_asked_about_money(db: None) -> None:
    """Confirmed and of the year, 1.500,50 euro of goods leave 499,50 euro of money without a question."""
    provider = make_provider("Stadt", kind="city", issuer_kind="jpoer", iban="DE02120300000000202051")
    fund = make_fund(provider=provider)
    AcceptanceRule.objects.create(
        provider=provider, from_cents=200_000, valid_from=date(2026, 1, 1), source="Dienstanweisung"
    )
    goods = given(fund)
    written_down(fund, by=make_user(Role.TREASURER, provider), value_cents=1000)  # nobody has confirmed it
    given(fund, given_on=date(2025, 12, 31), value_cents=50_000)
    given(fund, email="ben@example.org")
    given(make_fund(provider=make_provider("Verein")))

    def came(cents: int, number: int) -> str:
        gift = make_donation(fund, amount_cents=cents, donor=goods.donor, method="transfer")
        TransferReference.objects.create(donation=gift, reference=reference_of(gift.public_id, 0))
        said = f"Spende {number} {gift.transfer_reference.reference}"
        credit = Credit(date(2026, 6, 2), Cents(cents), "Ada", said)
        record_bank_transfer(provider, credit, recorded_by=None, now=ISSUED_AT)
        gift.refresh_from_db()
        return str(gift.acceptance)

    assert came(49_949, 1) == "not_needed"
    assert came(1, 2) == "awaiting"
    large = Donation.objects.get(acceptance="awaiting")
    page = text(treasurer(provider).get(reverse("coordination_donation_accept", args=[large.pk])))
    assert re.search(r"Von derselben Person im Jahr 2026</dt><dd[^>]*>2.000,00 €<", page)
    undone(goods)
    assert came(1, 3) == "not_needed"
