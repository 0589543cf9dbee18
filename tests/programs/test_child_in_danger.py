"""Whoever worries about a child finds a telephone number, from everywhere and not in a circle."""

import json
import re
import shutil
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from programs.domain.contacts import ContactPart, contact_parts, is_reachable, telephone_address
from programs.gateways.city_files import DATA_ROOT
from programs.models import City, HelpTelephone, Program
from programs.selectors.directory import listed_programs
from tests.factories import make_program, make_provider, make_user

PAGE = "/kind-in-gefahr/"
WAYS = re.compile(r'href="((?:tel:|mailto:|https?://)[^"]+)"')
database = pytest.mark.django_db


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def contact_section(page: str) -> str:
    found = re.search(r'aria-labelledby="kontakt">(.*?)</section>', page, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("Tel. 02421 25-2199 (Stand ca. 2016, prüfen)", ["tel:02421252199"]),
        ("Tel. 02421 2600123, info@fz.example (2018)", ["tel:024212600123", "mailto:info@fz.example"]),
        ("+49 2421 25 0 oder 02421/481-0", ["tel:+492421250", "tel:024214810"]),
        (
            "https://www.low-tec.example/, auch http://a.example/b?c=1.",
            ["https://www.low-tec.example/", "http://a.example/b?c=1"],
        ),
        ("City-Karree, 52349 Düren, 2012–2016, Haus 04109", []),
        ("javascript:alert(1) data:text/html,x ftp://a.example", []),
        ("", []),
    ],
)
def test_a_contact_is_taken_apart_into_ways_that_work(text: str, addresses: list[str]) -> None:
    parts = contact_parts(text)
    assert [part.address for part in parts if part.address] == addresses
    assert "".join(part.text for part in parts) == text
    assert is_reachable(text) == bool(addresses)


def test_a_number_becomes_an_address_to_dial() -> None:
    assert telephone_address("0800 111 0550") == "tel:08001110550"
    assert telephone_address("+49 (2421) 25-0") == "tel:+492421250"
    assert telephone_address("unbekannt") == ""
    assert contact_parts("116 111") == [ContactPart("116 111")]


@database
def test_the_page_gives_police_youth_office_and_telephones_with_source_and_year(
    client: Client, city: None
) -> None:
    page = shown(client, PAGE)
    assert re.findall(r'href="(tel:\d+)"', page) == [
        "tel:110",
        "tel:02421252199",
        "tel:116111",
        "tel:08001110550",
        "tel:08002255530",
    ]
    for telephone in HelpTelephone.objects.all():
        assert telephone.source in page
        assert f"Angaben von {telephone.as_of}, von der Stadt noch nicht geprüft" in page
    assert "Diese Nummer hat noch niemand geprüft." in page
    assert "2012–2016" in page


@database
def test_from_home_and_every_help_page_one_click_leads_to_a_number(client: Client, city: None) -> None:
    pages = ["/", "/hilfe/", "/zeit/", "/hilfe/?q=gibtesnicht"]
    pages += [program.get_absolute_url() for program in listed_programs()]
    assert len(pages) > 40
    for address in pages:
        links = re.findall(r'<a href="([^"]+)">Wenn ein Kind in Gefahr ist</a>', shown(client, address))
        assert links == [PAGE], address
    assert "tel:110" in shown(client, PAGE)


@database
def test_no_help_page_leads_to_itself_when_it_speaks_of_danger(client: Client, city: None) -> None:
    for address in ("/hilfe/soziale-dienste/", "/hilfe/"):
        page = shown(client, address)
        notice = re.search(r"kern-alert--warning.*?</div>\s*</div>", page, re.DOTALL)
        assert notice is not None
        assert re.findall(r'<a href="([^"]+)"', notice[0]) == ["tel:110", "tel:02421252199", PAGE]


@database
def test_every_programme_of_the_city_can_be_reached(client: Client, city: None) -> None:
    programs = list(listed_programs())
    assert len(programs) == 37
    for program in programs:
        ways = WAYS.findall(contact_section(shown(client, program.get_absolute_url())))
        assert ways, program.name
    cards = "".join(shown(client, f"/hilfe/?page={number}") for number in (1, 2, 3))
    found = re.findall(r'<article class="card card--help">.*?</article>', cards, re.DOTALL)
    # The six of the youth office come on the first page only, the other 31 once each.
    assert len(found) == 37
    assert all(WAYS.search(card) for card in found)


@database
def test_the_own_contact_comes_before_the_provider_and_the_provider_before_the_office(
    client: Client, city: None
) -> None:
    club = make_provider("Sportverein", public_contact="Tel. 02421 5550")
    silent = make_provider("Stiller Verein", public_contact="im Pfarrhaus")
    expected = {
        make_program("Eigener", provider=club, public_contact="treff@verein.example"): [
            "mailto:treff@verein.example"
        ],
        make_program("Vom Träger", provider=club): ["tel:024215550"],
        make_program("Nur Ort", provider=club, public_contact="Halle 3"): ["tel:024215550"],
        make_program("Stumm", provider=silent): ["tel:02421252199"],
        make_program("Ohne Träger"): ["tel:02421252199"],
    }
    for program, ways in expected.items():
        section = contact_section(shown(client, program.get_absolute_url()))
        assert WAYS.findall(section) == ways, program.name
    assert "Halle 3" in contact_section(
        shown(client, "/hilfe/" + Program.objects.get(name="Nur Ort").slug + "/")
    )


@database
def test_a_city_without_a_number_still_shows_the_police_and_a_way_to_write(
    client: Client, city: None
) -> None:
    City.objects.update(youth_office_phone="")
    page = shown(client, PAGE)
    assert "tel:110" in page
    assert 'href="tel:"' not in page
    program = make_program("Ohne Träger")
    assert reverse("contact") in contact_section(shown(client, program.get_absolute_url()))


@database
def test_before_any_data_the_page_has_the_police(client: Client) -> None:
    assert re.findall(r'href="(tel:[^"]*)"', shown(client, PAGE)) == ["tel:110", "tel:110"]


@database
def test_the_page_needs_few_queries(client: Client, city: None, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(4):
        shown(client, PAGE)


@database
def test_hostile_contacts_become_no_links(client: Client) -> None:
    program = make_program(
        "Fremd", public_contact='javascript:alert(1) <a href="x">y</a> https://a.example/"onclick='
    )
    section = contact_section(shown(client, program.get_absolute_url()))
    assert '<a href="x">' not in section
    assert 'href="javascript' not in section
    assert WAYS.findall(section) == ["https://a.example/"]


@database
def test_the_imprint_names_the_number_as_unconfirmed_until_it_is_confirmed(
    client: Client, city: None
) -> None:
    assert "<li>Telefonnummer des Jugendamts</li>" in shown(client, "/impressum/")
    call_command("confirm_youth_office_phone", "02421 25-0", stdout=StringIO())
    assert "<li>Telefonnummer des Jugendamts</li>" not in shown(client, "/impressum/")
    page = shown(client, PAGE)
    assert "tel:02421250" in page
    assert "noch niemand geprüft" not in page
    assert "tel:02421252199" not in page


@database
@pytest.mark.parametrize(
    "number", ["", "  ", "keine", "110 oder 112", "a@b.example", "02421 25-0 Frau", "0" * 60]
)
def test_what_is_no_number_is_not_confirmed(number: str, city: None) -> None:
    before = City.objects.values().get()
    with pytest.raises(CommandError):
        call_command("confirm_youth_office_phone", number)
    assert City.objects.values().get() == before


@database
def test_production_does_not_start_before_the_number_is_confirmed(settings: Settings) -> None:
    settings.DEMO, settings.PRODUCTION = False, True
    with pytest.raises(SystemCheckError) as refusal:
        call_command("prepare", stdout=StringIO())
    assert "Düren: Die Telefonnummer des Jugendamts fehlt oder ist nicht bestätigt" in str(refusal.value)
    assert "02421 25-2199" in str(refusal.value)
    call_command("confirm_youth_office_phone", "02421 25-0", stdout=StringIO())
    call_command("prepare", stdout=StringIO())
    assert City.objects.get().youth_office_phone == "02421 25-0"


@database
def test_a_city_without_data_is_named_in_the_refusal(settings: Settings) -> None:
    settings.CITY = "musterstadt"
    found = run_checks(include_deployment_checks=True, databases=["default"])
    mine = [each for each in found if each.id == "wirbrauchensie.E001"]
    assert [each.msg for each in mine] == [
        "musterstadt: Die Telefonnummer des Jugendamts fehlt oder ist nicht bestätigt (bekannt: keine)."
    ]


@database
def test_a_new_number_does_not_inherit_the_confirmation(client: Client, city: None) -> None:
    call_command("confirm_youth_office_phone", "02421 25-0", stdout=StringIO())
    client.force_login(make_user(is_superuser=True, is_staff=True))
    address = reverse("admin:programs_city_change", args=[City.objects.get().pk])
    form = client.get(address).context["adminform"].form
    values = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    assert client.post(address, {**values, "youth_office_phone": "02421 99999"}).status_code == 302
    row = City.objects.get()
    assert (row.youth_office_phone, row.youth_office_phone_checked_on) == ("02421 99999", None)
    assert "02421 99999 (unbestätigt)" in shown(client, reverse("admin:programs_city_changelist"))


@database
def test_newer_data_with_another_number_is_unconfirmed_again(tmp_path: Path) -> None:
    shutil.copytree(DATA_ROOT / "dueren", tmp_path / "dueren")
    call_command("load_city", "dueren", root=tmp_path, verbosity=0)
    City.objects.update(youth_office_phone_checked_on=date(2026, 11, 2))
    path = tmp_path / "dueren" / "city.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "youth_office_phone": "02421 777777"}))
    call_command("load_city", "dueren", root=tmp_path, verbosity=0)
    row = City.objects.get()
    assert (row.youth_office_phone, row.youth_office_phone_checked_on) == ("02421 777777", None)


@database
def test_a_city_adds_to_the_telephones_and_replaces_one(tmp_path: Path) -> None:
    shutil.copytree(DATA_ROOT / "dueren", tmp_path / "dueren")
    own = {
        "name": "Sorgentelefon Düren",
        "number": "02421 1",
        "audience": "parents",
        "source": "Stadt",
        "as_of": "2026",
    }
    (tmp_path / "dueren" / "help_telephones.json").write_text(
        json.dumps(
            {
                "source": "Stadt",
                "telephones": [
                    {"key": "sorgentelefon", **own},
                    {"key": "nummer-gegen-kummer-eltern", **own, "number": "0800 1"},
                ],
            }
        )
    )
    call_command("load_city", "dueren", root=tmp_path, verbosity=0)
    assert list(HelpTelephone.objects.values_list("source_key", "number")) == [
        ("nummer-gegen-kummer-kinder", "116 111"),
        ("nummer-gegen-kummer-eltern", "0800 1"),
        ("hilfe-telefon-sexueller-missbrauch", "0800 2255530"),
        ("sorgentelefon", "02421 1"),
    ]


@database
@pytest.mark.parametrize("form", ["/kontakt/", "/melden/program/{}/"])
def test_who_writes_of_a_child_in_danger_is_one_touch_away_from_a_person(
    client: Client, city: None, form: str
) -> None:
    City.objects.update(youth_office_phone="02421 25-2199")
    page = shown(client, form.format(make_program("Lerntreff").pk))
    hint = page[page.index("Ein Kind ist in Gefahr?") : page.index("keine Angaben über einzelne Kinder")]
    assert re.findall(r'<a href="([^"]+)"', hint) == ["tel:110", "tel:02421252199", PAGE]
