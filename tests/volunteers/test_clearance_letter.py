"""The letter with which somebody asks for the certificate of good conduct (§ 30a Abs. 2 BZRG)."""

import io
from typing import Any

import pypdf
import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.dates import MONTHS

from foundation.actors import staff
from foundation.clock import local_day, utc_now
from programs.models import Opportunity
from tests.factories import make_opportunity, make_provider
from tests.volunteers.pledging import mails, make_placement, make_pledge
from volunteers.models import Placement
from volunteers.services.links import placement_letter_url, placement_steps_url
from volunteers.services.placements import confirm_placement

pytestmark = pytest.mark.django_db


def german_months() -> list[str]:
    with translation.override("de"):
        return [str(MONTHS[number]) for number in range(1, 13)]


def path_of(address: str) -> str:
    return address.split("8000", 1)[1]


def placement(*, last_name: str = "Muster", first_name: str = "Maria", **provider: Any) -> Placement:
    now = utc_now()
    pledge = make_pledge(now, first_name=first_name)
    pledge.volunteer.last_name = last_name
    pledge.volunteer.save()
    task = make_opportunity(provider=make_provider(**{"name": "Verein Lesen", **provider}))
    return make_placement(pledge, task, now, Placement.Status.AWAITING_CLEARANCE)


def pdf_address(row: Placement) -> str:
    token = path_of(placement_letter_url(row, utc_now())).split("/")[2]
    return reverse("placement_letter_pdf", args=[token])


def fetch(client: Client, row: Placement) -> HttpResponse:
    return client.get(pdf_address(row))


def words(answer: HttpResponse) -> str:
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    assert len(pages) == 1
    return " ".join(pages[0].extract_text().split())


def test_the_letter_says_what_the_law_asks_for(client: Client) -> None:
    answer = fetch(client, placement(address="Markt 1, 52349 Düren"))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="schreiben-buergerbuero.pdf"'
    text = words(answer)
    for part in (
        "Verein Lesen Markt 1, 52349 Düren",
        "Aufforderung zur Vorlage eines erweiterten Führungszeugnisses",
        "gemäß § 30a Abs. 2 des Bundeszentralregistergesetzes (BZRG)",
        "Name Maria Muster",
        "die Voraussetzungen des § 30a Abs. 1 BZRG vorliegen",
        "Das Führungszeugnis wird nur eingesehen; es wird weder kopiert noch aufbewahrt.",
        "Ort, Datum",
        "Unterschrift und Stempel",
        "Für Verein Lesen",
    ):
        assert part in text


def test_date_of_birth_and_address_are_left_to_the_hand(client: Client) -> None:
    text = words(fetch(client, placement()))
    assert "Geburtsdatum bitte von Hand eintragen" in text
    assert "Anschrift bitte von Hand eintragen" in text


def test_a_name_known_in_part_is_left_to_the_hand(client: Client) -> None:
    text = words(fetch(client, placement(last_name="")))
    assert "Name Vor- und Nachname (bitte von Hand eintragen)" in text
    assert "Maria" not in text


@pytest.mark.parametrize(
    ("kind", "issuer", "is_free"),
    [
        ("city", "none", True),
        ("public", "none", True),
        ("club", "kstg_5_1_9", True),
        ("welfare", "kstg_5_1_9", True),
        ("welfare", "none", False),
        ("church", "none", False),
    ],
)
def test_the_fee_is_waived_only_where_the_law_says_so(
    kind: str, issuer: str, is_free: bool, client: Client
) -> None:
    text = words(fetch(client, placement(kind=kind, issuer_kind=issuer)))
    assert ("Wir bitten um Befreiung von der Gebühr (JVKostG" in text) == is_free
    assert ("wenn der Nachweis beiliegt, dass unsere Einrichtung als gemeinnützig" in text) != is_free
    assert "Die Tätigkeit ist unentgeltlich." in text


@pytest.mark.parametrize(("kind", "to_authority"), [("city", True), ("public", True), ("welfare", False)])
def test_for_an_authority_the_certificate_goes_straight_to_it(
    kind: str, to_authority: bool, client: Client
) -> None:
    text = words(fetch(client, placement(kind=kind, address="Markt 1, 52349 Düren")))
    assert ("(§ 30 Abs. 5 BZRG, Behördenführungszeugnis). Wir bitten, es unmittelbar" in text) == to_authority
    assert ("der Person selbst übersandt (§ 30 Abs. 4 BZRG); sie legt es uns vor." in text) != to_authority
    assert "Europäisches Führungszeugnis (§ 30b BZRG); es soll innerhalb von 20 Werktagen erteilt" in text


def test_whoever_needs_a_european_one_reads_that_it_takes_longer(client: Client) -> None:
    now = utc_now()
    pledge = make_pledge(now)
    task = make_opportunity(clearance_required=True)
    row = make_placement(pledge, task, now, Placement.Status.AWAITING_CONFIRMATION)
    confirm_placement(row, actor=staff(1, "coordinator"), now=now)
    mail = mails("placement_awaiting_clearance").get()
    longer = "Europäisches Führungszeugnis: Das kann 20 Werktage und länger dauern"
    assert longer in mail.body_text
    assert longer in mail.body_html
    assert "beim Bundesamt für Justiz; dort auch, wenn Sie im Ausland wohnen" in mail.body_text
    steps = client.get(path_of(placement_steps_url(row, now))).content.decode()
    assert longer in steps


def parts_of(part: Any) -> list[Any]:
    """Return the tags below one of a PDF, itself included."""
    below = part.get("/K", [])
    kids = [each.get_object() for each in (below if isinstance(below, list) else [below])]
    return [part, *(tag for kid in kids if isinstance(kid, dict) for tag in parts_of(kid))]


def test_it_is_an_archive_file_that_is_read_aloud_in_order(client: Client) -> None:
    root = pypdf.PdfReader(io.BytesIO(fetch(client, placement()).content)).trailer["/Root"]
    said = root["/Metadata"].get_data().decode()
    for standard in ("<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"):
        assert standard in said
    assert root["/MarkInfo"]["/Marked"]
    tags = [part.get("/S") for part in parts_of(root["/StructTreeRoot"])]
    assert "/H1" in tags or "/Title" in tags
    assert "/Table" not in tags, "a table without header cells is no table (ISO 14289-1, 7.5)"


def test_a_hostile_name_is_a_name(client: Client) -> None:
    row = placement(first_name='#panic("x")', last_name="$a$ *b* @c\n= d", name="#Lesen & $Spielen")
    Opportunity.objects.update(title="*Lesen* #eval()")
    text = words(fetch(client, row))
    assert 'Name #panic("x") $a$ *b* @c = d' in text
    assert "*Lesen* #eval() (" in text
    assert "Für #Lesen & $Spielen" in text


def test_the_letter_is_in_german_whatever_the_browser_speaks(client: Client) -> None:
    answer = client.get(pdf_address(placement()), headers={"accept-language": "en"})
    month = german_months()[local_day(utc_now()).month - 1]
    assert f". {month} " in words(answer).partition("Vorbereitet am")[2]
    assert pypdf.PdfReader(io.BytesIO(answer.content)).trailer["/Root"]["/Lang"] == "de-DE"


def test_where_no_pdf_can_be_made_the_page_says_so_and_can_be_printed(client: Client) -> None:
    row = placement(first_name="Mia 😀")
    answer = fetch(client, row)
    page = answer.content.decode()
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "Kein PDF möglich" in page
    assert "<strong>Mia 😀 Muster</strong>" in page
    assert pdf_address(row) not in page


def test_the_page_leads_to_the_file(client: Client) -> None:
    row = placement()
    page = client.get(path_of(placement_letter_url(row, utc_now()))).content.decode()
    address = page.split('schreiben.pdf"')[0].rpartition('href="')[2] + "schreiben.pdf"
    assert client.get(address)["Content-Type"] == "application/pdf"
    assert "Geburtsdatum (bitte von Hand eintragen)" in page


def test_the_file_ends_with_the_placement(client: Client) -> None:
    row = placement()
    Placement.objects.update(status=Placement.Status.ENDED)
    assert fetch(client, row).status_code == 404


def test_a_forged_address_gives_no_file(client: Client) -> None:
    assert client.get(reverse("placement_letter_pdf", args=["x"])).status_code == 404
    assert client.post(pdf_address(placement())).status_code == 405
