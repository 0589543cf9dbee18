"""The pages of treasurers and givers: who is set up, who wishes, what was issued, and one's own copy."""

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from citizens.services.erasure import erase
from citizens.services.links import my_page_token
from donations.models import Donation, ReceiptAddress
from donations.receipts.gateways.template_files import all_templates
from donations.receipts.models import Issuer, Receipt, WishRefusal
from donations.receipts.services.issuers import Details
from donations.receipts.services.issuing import issue
from donations.receipts.services.withdrawal import withdraw_by_hand
from donations.receipts.wording.templates import NAMES
from foundation.actors import system
from foundation.clock import local_day, utc_now
from foundation.history import lines_of
from foundation.spreadsheets import guarded
from outbox.models import Message
from programs.access import Role
from programs.models import Fund, Provider
from tests.donations.gifts import make_donor
from tests.donations.receipts.bodies import city, details, make_issuer, png, wished_gift
from tests.donations.visits import details_address, text
from tests.factories import make_fund, make_provider, make_user

pytestmark = pytest.mark.django_db
HAND = system("test")
REGISTER = "/koordination/bestaetigungen/"


@pytest.fixture
def fund() -> Fund:
    provider = make_provider(
        "Verein Lesen",
        issuer_kind="kstg_5_1_9",
        account_holder_name="Verein Lesen",
        iban="DE02120300000000202051",
    )
    return make_fund("Bücher", slug="zweck", provider=provider)


@pytest.fixture
def body(fund: Fund) -> Provider:
    """Young notices, whenever this runs."""
    make_issuer(fund.provider, details(fund, notice_on=local_day(utc_now())), utc_now())
    return fund.provider


@pytest.fixture
def treasurer(fund: Fund) -> Client:
    return signed_in(fund.provider)


def signed_in(provider: Provider) -> Client:
    client = Client()
    client.force_login(make_user(Role.TREASURER, provider))
    return client


def given(fund: Fund, **values: Any) -> Donation:
    return wished_gift(fund, **{"at": utc_now() - timedelta(days=1), **values})


def issued(gift: Donation) -> Receipt:
    return issue([gift.pk], actor=HAND, now=utc_now())


def plain(answer: HttpResponse) -> str:
    return text(answer)


def words(answer: HttpResponse) -> str:
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text().replace("\xa0", " ").split()) for page in pages)


class TestSettingUp:
    def answers(self, fund: Fund, **changed: Any) -> dict[str, Any]:
        today = str(local_day(utc_now()))
        return {
            "kind": "kstg_5_1_9",
            "name": "Verein Lesen e. V.",
            "street": "Bücherweg 3",
            "postcode": "52349",
            "town": "Düren",
            "code": "VL",
            "tax_office": "Düren",
            "tax_number": "207/1234/5678",
            "notice_kind": "exemption",
            "notice_on": today,
            "assessed_until": "2024",
            "purposes": ["52-4", "52-7"],
            "machine_notified_on": today,
            "signatory": "Vera Vorstand",
            "signature": SimpleUploadedFile("unterschrift.png", png()),
            f"fund_{fund.pk}": "52-4",
            **changed,
        }

    def test_from_the_form_to_a_body_that_issues(self, fund: Fund, treasurer: Client) -> None:
        edit = reverse("coordination_issuer_edit", args=[fund.provider_id])
        assert treasurer.post(edit, self.answers(fund)).status_code == 303
        proposal = Issuer.objects.get()
        assert (proposal.status, proposal.fund_purposes) == ("proposed", {str(fund.pk): "52-4"})
        assert bytes(proposal.signature or b"") == png()
        confirm = reverse("coordination_issuer_confirm", args=[proposal.pk])
        treasurer.post(confirm, {"confirm": "1"})
        assert Issuer.objects.get().status == "proposed"
        assert "bestätigt jemand anders" in plain(treasurer.get(confirm))
        other = signed_in(fund.provider)
        assert "Verein Lesen e. V." in plain(other.get(confirm))
        other.post(confirm, {"confirm": "1"})
        page = other.get(f"{REGISTER}aussteller/")
        assert "Vorlage noch nicht bestätigt: Sammelbestätigung" in plain(page)
        assert "Geldzuwendungen/<wbr>Mitgliedsbeiträge" in page.content.decode()
        page = other.get(reverse("coordination_templates", args=[fund.provider_id]))
        for shown in page.context["shown"]:
            digest = shown.template.digest
            other.post(reverse("coordination_template_approve", args=[fund.provider_id, digest]))
        assert "stellt aus" in plain(other.get(f"{REGISTER}aussteller/"))
        treasurer.post(edit, self.answers(fund, name="Verein Neu", signature=""))
        assert bytes(Issuer.objects.get(status="proposed").signature or b"") == png()

    def test_the_second_person_reads_all_that_is_printed_and_what_of_it_is_new(
        self, fund: Fund, treasurer: Client
    ) -> None:
        edit = reverse("coordination_issuer_edit", args=[fund.provider_id])
        listed = plain(treasurer.get(f"{REGISTER}aussteller/"))
        assert ("Angaben eintragen" in listed, "Angaben ändern" in listed) == (True, False)
        make_issuer(fund.provider, details(fund), utc_now())
        assert "wartet auf die zweite Person" not in plain(treasurer.get(edit))
        answers = self.answers(fund, street="Neuer Weg 5", purposes=["52-4", "52-21"], notice_on="2026-02-01")
        changed = {**answers, "membership_not_deductible": "on", "machine_notified_on": "2026-01-15"}
        assert treasurer.post(edit, {**changed, "signature": ""}).status_code == 303
        waiting = plain(treasurer.get(edit))
        assert "Eine Änderung wartet auf die zweite Person" in waiting
        assert "Was Sie vorlegen, tritt an seine Stelle." in waiting
        proposal = Issuer.objects.get(status="proposed")
        page = signed_in(fund.provider).get(reverse("coordination_issuer_confirm", args=[proposal.pk]))
        told = {each.label: (each.value, each.before) for each in page.context["facts"]}
        promoted = "Jugend- und Altenhilfe (§ 52 Abs. 2 Satz 1 Nr. 4 AO)"
        taught = "Erziehung, Volks- und Berufsbildung einschließlich der Studentenhilfe (Nr. 7)"
        notice = "Freistellungsbescheid oder Anlage zum Körperschaftsteuerbescheid, vom {}, letzter "
        assert told == {
            "Art": ("Steuerbegünstigte Körperschaft (§ 5 Abs. 1 Nr. 9 KStG)", ""),
            "Bezeichnung und Anschrift": (
                "Verein Lesen e. V.\nNeuer Weg 5\n52349 Düren",
                "Verein Lesen e. V.\nBücherweg 3\n52349 Düren",
            ),
            "Kürzel": ("VL", ""),
            "Finanzamt": ("Düren", ""),
            "Steuernummer": ("207/1234/5678", ""),
            "Bescheid": (
                f"{notice}Veranlagungszeitraum 2024".format("01.02.2026"),
                f"{notice}Veranlagungszeitraum 2024".format("12.05.2025"),
            ),
            "Begünstigte Zwecke": (f"{promoted}\nSport (Nr. 21)", f"{promoted}\n{taught}"),
            "Mitgliedsbeiträge": ("nicht abziehbar", "keine Angabe"),
            "Maschinelle Erstellung angezeigt": ("15.01.2026", ""),
            "Wer unterschreibt": ("Vera Vorstand (Bild der Unterschrift liegt vor)", ""),
            "Spendenzweck „Bücher“": (promoted, ""),
        }
        assert "bisher: Verein Lesen e. V.<br>Bücherweg 3<br>52349 Düren" in plain(page)

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"code": "v1"}, "Zwei bis acht große Buchstaben"),
            ({"notice_on": ""}, "Bitte geben Sie Art und Datum des Bescheids ein."),
            ({"notice_on": "2099-01-01"}, "Dieser Tag liegt in der Zukunft."),
            ({"notice_on": "0001-01-01"}, "zwischen 2000 und 2099"),
            ({"name": "Verein http://boese.example"}, "ohne Internetadresse"),
            ({"signature": SimpleUploadedFile("x.png", b"\x89PNG\r\n\x1a\nkaputt")}, "PNG-Bild"),
            ({"signature": SimpleUploadedFile("x.png", b"GIF89a")}, "PNG-Bild"),
            ({"signature": SimpleUploadedFile("unterschrift.gif", png())}, "PNG-Bild"),
            ({"signature": SimpleUploadedFile("unterschrift", png())}, "PNG-Bild"),
            ({"purposes": ["52-7"]}, "steht nicht unter den begünstigten Zwecken"),
            ({"purposes": []}, "Noch offen: Begünstigte Zwecke laut Bescheid"),
        ],
    )
    def test_what_cannot_be_printed_is_refused(
        self, fund: Fund, treasurer: Client, changed: dict[str, Any], said: str
    ) -> None:
        edit = reverse("coordination_issuer_edit", args=[fund.provider_id])
        answer = treasurer.post(edit, self.answers(fund, **changed))
        assert answer.status_code == 422
        assert said in plain(answer)
        assert not Issuer.objects.exists()

    def test_says_who_needs_what_and_calls_none_of_it_optional(self, fund: Fund, treasurer: Client) -> None:
        edit = reverse("coordination_issuer_edit", args=[fund.provider_id])
        shown, kept = plain(treasurer.get(edit)), "Bleibt erhalten, wenn Sie keines wählen."
        optional = re.findall(r'<label [^>]*for="id_(\w+)">[^<]*(?:<span[^>]*>\(freiwillig\))', shown)
        assert optional == ["machine_notified_on", f"fund_{fund.pk}"]
        assert (kept in shown, "Nur für die maschinelle Erstellung nötig." in shown) == (False, True)
        assert "Bitte alle fünf Felder ausfüllen oder keines." in shown
        assert treasurer.post(edit, self.answers(fund)).status_code == 303
        assert kept in plain(treasurer.get(edit))

    @pytest.mark.parametrize(
        ("changed", "errors"),
        [
            ({"tax_office": ""}, {"tax_office": ["Bitte geben Sie das Finanzamt ein."]}),
            ({"tax_number": ""}, {"tax_number": ["Bitte geben Sie die Steuernummer ein."]}),
            (
                {"assessed_until": ""},
                {
                    "assessed_until": [
                        "Bitte geben Sie den letzten Veranlagungszeitraum ein. Er steht im "
                        "Freistellungsbescheid."
                    ]
                },
            ),
            ({"notice_kind": "statutes", "assessed_until": ""}, {}),
            ({"kind": "jpoer", "tax_number": "", "assessed_until": ""}, {}),
            ({"kind": "jpoer", "tax_office": ""}, {"tax_office": ["Bitte geben Sie das Finanzamt ein."]}),
            ({"kind": "jpoer", "tax_office": "", "machine_notified_on": ""}, {}),
            ({"tax_number": "x"}, {"tax_number": ["Ziffern, Schrägstriche und Leerzeichen."]}),
        ],
    )
    def test_asks_at_once_for_what_a_body_of_its_kind_cannot_leave_out(
        self, fund: Fund, treasurer: Client, changed: dict[str, Any], errors: dict[str, list[str]]
    ) -> None:
        edit = reverse("coordination_issuer_edit", args=[fund.provider_id])
        answer = treasurer.post(edit, self.answers(fund, **changed))
        assert answer.status_code == (422 if errors else 303)
        assert (answer.context["form"].errors if errors else {}) == errors

    @pytest.mark.parametrize("said", [details, city])
    def test_the_official_texts_name_in_german_what_is_put_in(
        self, fund: Fund, treasurer: Client, said: Callable[[Fund], Details]
    ) -> None:
        make_issuer(fund.provider, said(fund), utc_now(), approved=False)
        page = treasurer.get(reverse("coordination_templates", args=[fund.provider_id]))
        shown = re.sub(r"<(script|style).*?</\1>", "", plain(page), flags=re.DOTALL)
        assert re.findall(r"{\w+}", shown) == []
        assert "zuständigen Finanzamt [Ort des Finanzamts] am [Tag der Anzeige] angezeigt." in shown
        assert "Anlage zur Sammelbestätigung vom [Tag der Ausstellung]" in shown
        assert "In eckigen Klammern steht, was für jede Bestätigung eingesetzt wird." in shown


class TestRegister:
    def test_finds_by_name_number_state_and_year(self, body: Provider, fund: Fund, treasurer: Client) -> None:
        ada, ben = issued(given(fund, name="Ada Eins")), issued(given(fund, name="Ben Zwei"))
        withdraw_by_hand(ben.pk, actor=HAND, now=utc_now())
        for query, numbers in (
            ("", [ada.number, ben.number, ben.number[:-1] + "3"]),
            ("suche=ada+eins", [ada.number]),
            (f"suche={ben.number}", [ben.number]),
            ("stand=withdrawn", [ben.number]),
            ("art=money&stand=withdrawn", [ben.number]),
            ("art=goods", []),
            ("jahr=2001", []),
            ("stand=unsinn&jahr=x", [ada.number, ben.number, ben.number[:-1] + "3"]),
        ):
            page = treasurer.get(f"{REGISTER}?{query}").context["page"]
            assert sorted(each.number for each in page) == sorted(numbers), query

    def test_another_body_sees_nothing_of_it(self, body: Provider, fund: Fund) -> None:
        receipt = issued(given(fund))
        stranger = signed_in(make_provider("Andere"))
        assert receipt.number not in plain(stranger.get(REGISTER))
        assert receipt.number not in stranger.get(f"{REGISTER}bestaetigungen.csv").content.decode()
        for name in ("coordination_receipt", "coordination_receipt_pdf", "coordination_receipt_letter"):
            assert stranger.get(reverse(name, args=[receipt.pk])).status_code == 404

    def test_the_table_runs_no_formula(self, body: Provider, fund: Fund, treasurer: Client) -> None:
        receipt = issued(given(fund, name="+Ada", street="=HYPERLINK 1"))
        answer = treasurer.get(f"{REGISTER}bestaetigungen.csv")
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
        assert rows[0][:3] == ["Nummer", "Art", "Stand"]
        assert [rows[1][0], rows[1][4], rows[1][5], rows[1][6]] == [
            receipt.number,
            "25,00 €",
            "'+Ada",
            "'=HYPERLINK 1, 52349 Düren",
        ]

    def test_the_days_of_the_table_are_those_of_the_town(
        self, body: Provider, fund: Fund, treasurer: Client
    ) -> None:
        receipt = issued(given(fund))
        withdraw_by_hand(receipt.pk, actor=HAND, now=utc_now())
        Receipt.objects.filter(pk=receipt.pk).update(
            withdrawn_at=datetime(2099, 3, 2, 23, 0, tzinfo=UTC),
            tax_office_told_at=datetime(2099, 7, 2, 21, 59, tzinfo=UTC),
            tax_office_told_by=make_user(Role.TREASURER, body),
        )
        table = treasurer.get(f"{REGISTER}bestaetigungen.csv").content.decode("utf-8-sig")
        (row,) = (each for each in csv.reader(io.StringIO(table), delimiter=";") if each[0] == receipt.number)
        assert (row[8], row[10]) == ("03.03.2099", "02.07.2099")

    @pytest.mark.parametrize(
        ("cell", "safe"),
        [
            ("Ada", "Ada"),
            ("", ""),
            (12, "12"),
            ("@x", "'@x"),
            ("\t=1", "'\t=1"),
            (" -1", "' -1"),
            ("＝1", "'＝1"),
        ],
    )
    def test_what_begins_like_a_formula_gets_an_apostrophe(self, cell: object, safe: str) -> None:
        assert guarded(cell) == safe

    def test_treasurers_take_a_copy_and_tell_the_tax_office(
        self, body: Provider, fund: Fund, treasurer: Client
    ) -> None:
        receipt = issued(given(fund))
        address = reverse("coordination_receipt", args=[receipt.pk])
        page = plain(treasurer.get(address))
        assert receipt.digest in page
        assert NAMES.keys() == {each.key for each in all_templates()}
        assert "Geldzuwendung, steuerbegünstigte Körperschaft, Fassung " in page
        assert receipt.snapshot["template"]["key"] not in page
        assert words(treasurer.get(reverse("coordination_receipt_pdf", args=[receipt.pk]))).startswith(
            "Zweitschrift"
        )
        letter = reverse("coordination_receipt_letter", args=[receipt.pk])
        assert treasurer.get(letter).status_code == 404
        treasurer.post(reverse("coordination_receipt_withdraw", args=[receipt.pk]))
        assert "gilt nicht mehr" in words(treasurer.get(letter))
        assert "Finanzamt informieren" in plain(treasurer.get(REGISTER))
        treasurer.post(reverse("coordination_receipt_told", args=[receipt.pk]))
        assert "Finanzamt informieren" not in plain(treasurer.get(REGISTER))

    def test_the_list_of_gifts_says_what_became_of_a_wish(
        self, body: Provider, fund: Fund, treasurer: Client
    ) -> None:
        page = "/koordination/spenden/"

        def told() -> tuple[list[str], list[str]]:
            shown = plain(treasurer.get(page))
            cells = re.findall(r'<td data-label="Bestätigung">(.*?)</td>', shown, re.DOTALL)
            file = treasurer.get(f"{page}liste.csv").getvalue().decode("utf-8-sig")
            rows = list(csv.reader(io.StringIO(file), delimiter=";"))
            place = rows[0].index("Bestätigung")
            words = [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in cells]
            return words, [row[place] for row in rows[1:]]

        gift = given(fund)
        where = "Musterweg 1, 52349 Düren"
        assert told() == (["gewünscht Ada Kanarienvogel Musterweg 1 52349 Düren"], [f"gewünscht: {where}"])
        receipt = issued(gift)
        address = reverse("coordination_receipt", args=[receipt.pk])
        assert told() == ([f"ausgestellt {receipt.number}"], [f"ausgestellt: {receipt.number}"])
        assert f'<a href="{address}">{receipt.number}</a>' in plain(treasurer.get(page))
        withdraw_by_hand(receipt.pk, actor=HAND, now=utc_now())
        number = Receipt.objects.get(replaces=receipt).number
        assert told() == ([f"ausgestellt {number}"], [f"ausgestellt: {number}"])
        refused = given(fund, at=utc_now())
        WishRefusal.objects.create(donation=refused, why="body", refused_at=utc_now())
        assert told()[1] == ["abgesagt", f"ausgestellt: {number}"]
        assert told()[0][0] == "abgesagt"

    def test_the_list_of_gifts_says_what_waits_for_a_hand_and_nothing_of_who_is_forgotten(
        self, fund: Fund, treasurer: Client
    ) -> None:
        today = local_day(utc_now())
        make_issuer(fund.provider, details(fund, notice_on=today, machine_notified_on=None), utc_now())
        receipt = issued(given(fund))
        assert receipt.status == "draft"
        shown = plain(treasurer.get("/koordination/spenden/"))
        assert ("wartet auf Unterschrift" in shown, receipt.number in shown) == (True, True)
        erase(receipt.donor.mailbox, utc_now())
        shown = plain(treasurer.get("/koordination/spenden/"))
        assert ("wartet auf Unterschrift" in shown, receipt.number in shown) == (False, False)

    def test_who_is_forgotten_is_a_number(self, body: Provider, fund: Fund, treasurer: Client) -> None:
        receipt = issued(given(fund))
        erase(receipt.donor.mailbox, utc_now())
        shown = plain(treasurer.get(REGISTER))
        assert receipt.number in shown
        assert "gesperrt" in shown
        assert "Kanarienvogel" not in shown
        assert "Kanarienvogel" not in treasurer.get(f"{REGISTER}bestaetigungen.csv").content.decode()
        assert list(treasurer.get(f"{REGISTER}?suche=Kanarienvogel").context["page"]) == []
        assert treasurer.get(reverse("coordination_receipt", args=[receipt.pk])).status_code == 404
        withdraw_by_hand(receipt.pk, actor=HAND, now=utc_now())
        treasurer.post(reverse("coordination_receipt_told", args=[receipt.pk]))
        receipt.refresh_from_db()
        assert receipt.tax_office_told_at is not None


class TestWishes:
    def test_the_list_says_what_each_waits_for(self, body: Provider, fund: Fund, treasurer: Client) -> None:
        given(fund, name="Ada Bereit")
        given(fund, name="Ben Lastschrift", method="sepa_debit")
        given(fund, name="Cem Bestritten", status="disputed")
        shown = plain(treasurer.get(f"{REGISTER}wuensche/"))
        for part in (
            "Ada Bereit",
            "den März: Dann geht es von selbst",
            "so lange warten wir",
            "Die Zahlung ist bestritten.",
        ):
            assert part in shown

    def test_the_list_is_in_the_order_of_the_days_it_shows(
        self, body: Provider, fund: Fund, treasurer: Client
    ) -> None:
        now = utc_now()
        for name, came, promised in (("Ada", 2, 9), ("Ben", 5, 6), ("Cem", 3, 3)):
            gift = given(fund, name=name, at=now - timedelta(days=came))
            Donation.objects.filter(pk=gift.pk).update(pledged_at=now - timedelta(days=promised))
        shown = [
            wish.gift.donor_name for wish, _reason in treasurer.get(f"{REGISTER}wuensche/").context["shown"]
        ]
        assert shown == ["Ben", "Cem", "Ada"]

    def test_one_names_its_gift_and_the_day_from_which_a_debit_is_safe(
        self, body: Provider, fund: Fund, treasurer: Client
    ) -> None:
        gift = given(fund, name="Ben Lastschrift", method="sepa_debit", street="")
        assert gift.received_at is not None
        day = local_day(gift.received_at)
        page = plain(treasurer.get(reverse("coordination_wish", args=[gift.pk])))
        assert f"25,00 € vom {day:%d.%m.%Y}, Spendenzweck: Bücher" in page
        safe = day + timedelta(weeks=8, days=1)
        for shown in (page, plain(treasurer.get(f"{REGISTER}wuensche/"))):
            assert f"so lange warten wir. Möglich ab {safe:%d.%m.%Y}." in shown
        assert "<br><br>" not in shown

    def test_an_address_is_put_right_everywhere_and_on_record(
        self, body: Provider, fund: Fund, treasurer: Client
    ) -> None:
        giver = make_donor()
        first, second = given(fund, donor=giver), given(fund, donor=giver)
        other = given(fund, donor=giver, street="Anderer Weg 9")
        foreign = given(make_fund(provider=make_provider()), donor=giver)
        right = {"name": "Ada Richtig", "street": "Neuer Weg 2", "postcode": "52351", "town": "Düren"}
        address = reverse("coordination_wish", args=[first.pk])
        assert treasurer.post(address, {**right, "street": "www.boese.de"}).status_code == 422
        assert treasurer.post(address, right).status_code == 303
        streets = dict(ReceiptAddress.objects.values_list("donation", "street"))
        assert streets == {
            first.pk: "Neuer Weg 2",
            second.pk: "Neuer Weg 2",
            other.pk: "Anderer Weg 9",
            foreign.pk: "Musterweg 1",
        }
        (line,) = lines_of(second)
        assert (line.changes, line.actor_role) == ({"receipt_address": [None, "corrected"]}, "treasurer")

    def test_one_can_be_confirmed_at_once(self, body: Provider, fund: Fund, treasurer: Client) -> None:
        gift = given(fund)
        answer = treasurer.post(reverse("coordination_wish_issue", args=[gift.pk]))
        receipt = Receipt.objects.get()
        assert answer["Location"] == reverse("coordination_receipt", args=[receipt.pk])
        again = treasurer.post(reverse("coordination_wish_issue", args=[gift.pk]))
        assert again["Location"] == reverse("coordination_wish", args=[gift.pk])
        assert Receipt.objects.count() == 1

    def test_a_wish_that_cannot_be_fulfilled_is_answered_once(
        self, body: Provider, fund: Fund, treasurer: Client
    ) -> None:
        gift = given(fund)
        address = reverse("coordination_wish_refuse", args=[gift.pk])
        treasurer.post(address, {"why": "unsinn"})
        assert not WishRefusal.objects.exists()
        treasurer.post(address, {"why": "elsewhere"})
        treasurer.post(address, {"why": "purpose"})
        assert WishRefusal.objects.get().why == "elsewhere"
        mail = Message.objects.get(template="receipt_refused")
        assert "Für diese Spende gibt es schon eine Bestätigung auf Papier." in mail.body_text
        assert "Ada" not in plain(treasurer.get(f"{REGISTER}wuensche/"))


class TestGiver:
    def own(self, receipt: Receipt) -> str:
        return reverse("my_receipt_pdf", args=[my_page_token(receipt.donor.mailbox, utc_now()), receipt.pk])

    def test_finds_their_own_on_their_page(self, body: Provider, fund: Fund) -> None:
        gift = given(fund)
        own_page = reverse("my_page", args=[my_page_token(gift.donor.mailbox, utc_now())])
        assert "Meine Bestätigungen für das Finanzamt" not in plain(Client().get(own_page))
        receipt = issued(gift)
        assert "Meine Bestätigungen für das Finanzamt" in plain(Client().get(own_page))
        answer = Client().get(self.own(receipt))
        assert "Zweitschrift" not in words(answer)
        assert receipt.number in words(answer)

    def test_gets_the_letter_when_it_was_withdrawn(self, body: Provider, fund: Fund) -> None:
        receipt = issued(given(fund))
        withdraw_by_hand(receipt.pk, actor=HAND, now=utc_now())
        assert "Rücknahme der Zuwendungsbestätigung" in words(Client().get(self.own(receipt)))

    def test_gets_a_copy_where_the_original_is_on_paper(self, fund: Fund) -> None:
        said = details(fund, notice_on=local_day(utc_now()), machine_notified_on=None, signature=None)
        make_issuer(fund.provider, said, utc_now())
        receipt = issued(given(fund))
        assert Client().get(self.own(receipt)).status_code == 404
        signed_in(fund.provider).post(reverse("coordination_receipt_sign", args=[receipt.pk]))
        assert words(Client().get(self.own(receipt))).startswith("Zweitschrift")

    def test_nobody_gets_that_of_another(self, body: Provider, fund: Fund) -> None:
        receipt, other = issued(given(fund)), issued(given(fund))
        token = my_page_token(other.donor.mailbox, utc_now())
        assert Client().get(reverse("my_receipt_pdf", args=[token, receipt.pk])).status_code == 404


class TestSmallGifts:
    def slip(self, gift: Donation) -> HttpResponse:
        return Client().get(reverse("donate_slip", args=[gift.public_id]))

    @pytest.mark.parametrize(
        ("method", "counts"),
        [
            ("transfer", "Gilt zusammen mit dem Kontoauszug."),
            ("sepa_debit", "und den Angaben des Zahlungsdienstes zu dieser Zahlung."),
            ("card", "und den Angaben des Zahlungsdienstes zu dieser Zahlung."),
            ("paypal", "und den Angaben des Zahlungsdienstes zu dieser Zahlung."),
        ],
    )
    def test_the_slip_names_purpose_notice_and_what_belongs_to_it(
        self, body: Provider, fund: Fund, method: str, counts: str
    ) -> None:
        said = words(self.slip(given(fund, method=method, cents=30_000)))
        for part in (
            "Vereinfachter Zuwendungsnachweis",
            "Spende",
            "300,00 €",
            "Jugend- und Altenhilfe",
            counts,
        ):
            assert part in said
        assert "nach der Anlage zum Körperschaftsteuerbescheid des Finanzamtes Düren" in said
        assert "Kanarienvogel" not in said

    @pytest.mark.parametrize(
        "values",
        [
            {"cents": 30_001},
            {"status": "disputed"},
            {"status": "refunded"},
            {"status": "pledged"},
        ],
    )
    def test_there_is_none_for_large_gifts_and_money_that_is_not_here(
        self, body: Provider, fund: Fund, values: dict[str, Any]
    ) -> None:
        assert self.slip(given(fund, **values)).status_code == 404

    def test_there_is_none_before_the_body_is_set_up_or_for_the_city(self, fund: Fund) -> None:
        gift = given(fund)
        assert self.slip(gift).status_code == 404
        make_issuer(fund.provider, city(fund), utc_now())
        assert self.slip(gift).status_code == 404


class TestPromises:
    """What pages say turns with the day on which a body may issue."""

    def thanks(self, gift: Donation) -> str:
        return plain(Client().get(reverse("donate_thanks", args=[gift.public_id])))

    def test_a_wish_is_promised_only_where_somebody_issues(self, fund: Fund) -> None:
        gift = given(fund)
        what = details_address(zweck="zweck")
        assert "von dieser Seite kommt keine" in self.thanks(gift)
        assert "von dieser Seite kommt keine" in plain(Client().get(what))
        make_issuer(fund.provider, details(fund, notice_on=local_day(utc_now())), utc_now(), approved=False)
        assert "von dieser Seite kommt keine" in self.thanks(gift)
        make_issuer(fund.provider, details(fund, notice_on=local_day(utc_now())), utc_now())
        promised = "Sie kommt von: Verein Lesen, im März nach dem Jahr Ihrer Spende."
        assert promised in self.thanks(gift)
        assert "kommt sie von: Verein Lesen, im März" in plain(Client().get(what))

    def test_who_is_set_up_is_offered_a_wish_without_another_switch(self, fund: Fund) -> None:
        Provider.objects.update(issuer_kind="none")
        what = details_address(zweck="zweck")
        assert "wants_receipt" not in Client().get(what).content.decode()
        make_issuer(fund.provider, details(fund, notice_on=local_day(utc_now())), utc_now())
        assert "wants_receipt" in Client().get(what).content.decode()

    def test_the_slip_is_offered_where_there_is_one(self, body: Provider, fund: Fund) -> None:
        gift = given(fund, wants_receipt=False)
        assert reverse("donate_slip", args=[gift.public_id]) in self.thanks(gift)

    @pytest.mark.parametrize(
        ("method", "is_enough"),
        [("transfer", True), ("sepa_debit", False), ("card", False), ("paypal", False)],
    )
    def test_the_statement_alone_is_enough_only_if_it_names_both(self, method: str, is_enough: bool) -> None:
        town = make_provider("Stadt", kind="city", issuer_kind="jpoer")
        gift = given(make_fund(provider=town), method=method, wants_receipt=False)
        shown = self.thanks(gift)
        assert ("genügt bei Spenden bis 300 € Ihr Kontoauszug. Eine" in shown) == is_enough
        assert ("Angaben des Zahlungsdienstes" in shown) == (not is_enough)
