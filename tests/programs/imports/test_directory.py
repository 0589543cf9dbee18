"""Services of other directories (HSDS 3): hidden Angebote whose words wait for a second person; and back."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from foundation.clock import utc_now
from programs.models import City, DataImport, District, Program, TextDraft
from programs.services.text_drafts import mark_of_texts, release_texts
from tests.factories import (
    make_coordinator,
    make_district,
    make_opportunity,
    make_program,
    make_provider,
    make_youth_office,
)
from tests.programs.imports.files import done, fates, faults, shown, step, text_of, upload, uploaded

pytestmark = pytest.mark.django_db
ID = "0a1b2c3d-0000-4000-8000-000000000001"


@pytest.fixture
def office() -> list[User]:
    house = make_youth_office()
    make_district("Nord", slug="nord")
    return [make_coordinator(house, email=f"amt-{number}@example.org") for number in (1, 2)]


def service(name: str = "Familiencafé", **more: Any) -> dict[str, Any]:
    return {
        "id": ID,
        "name": name,
        "description": "Ein offener Treff für Familien.",
        "status": "active",
        "email": "cafe@haus.example",
        "url": "https://haus.example/cafe",
        "minimum_age": 0,
        "maximum_age": 12,
        "assured_date": "2026-10-01",
        "organization": {"id": "x", "name": "Haus der Familie"},
        "phones": [{"id": "x", "number": "02421 123456"}],
        "service_areas": [{"id": "x", "name": "Nord"}],
        "service_at_locations": [
            {
                "id": "x",
                "location": {
                    "addresses": [
                        {"id": "x", "address_1": "Hauptstraße 5", "city": "Düren", "postal_code": "52349"}
                    ]
                },
            }
        ],
        **more,
    }


def brought(person: User, *services: dict[str, Any], **said: str) -> DataImport:
    told = {"source": "Verzeichnis des Kreises", **said}
    run = uploaded(person, "verzeichnis", json.dumps({"contents": services}), name="hsds.json", **told)
    return done(person, run, "einlesen")


def released(person: User) -> None:
    draft = TextDraft.objects.get()
    read = mark_of_texts(draft)
    assert release_texts(draft, by=person, text_read=read, hints_read=True, now=utc_now()) == []


def test_a_service_becomes_an_angebot_nobody_sees_until_it_is_read(office: list[User]) -> None:
    first, second = office
    run = brought(first, service())
    program = Program.objects.get()
    assert (run.status, fates(run)) == ("applied", [(1, "new")])
    assert {
        name: getattr(program, name) for name in ("name", "operator", "site", "public_contact", "source")
    } == {
        "name": "Familiencafé",
        "operator": "Haus der Familie",
        "site": "Hauptstraße 5, 52349 Düren",
        "public_contact": "Tel. 02421 123456, cafe@haus.example",
        "source": "Verzeichnis des Kreises; https://haus.example/cafe",
    }
    assert (program.age_from, program.age_to, program.as_of, program.area_label) == (0, 12, "2026-10-01", "")
    assert [each.name for each in program.districts.all()] == ["Nord"]
    assert (program.is_listed, Client().get(program.get_absolute_url()).status_code) == (False, 404)
    draft = TextDraft.objects.get()
    assert (draft.writers, draft.is_new) == ([first.pk], True)
    refused = release_texts(draft, by=first, text_read=mark_of_texts(draft), hints_read=True, now=utc_now())
    assert [str(each) for each in refused] == ["same_person"]
    released(second)
    program.refresh_from_db()
    assert (program.is_listed, Client().get(program.get_absolute_url()).status_code) == (True, 200)


def test_whoever_uploaded_the_words_does_not_release_them_also_where_another_takes_the_file_over(
    office: list[User],
) -> None:
    first, second = office
    run = uploaded(first, "verzeichnis", json.dumps([service()]))
    done(second, run, "einlesen")
    draft = TextDraft.objects.get()
    assert draft.writers == [first.pk]
    refused = release_texts(draft, by=first, text_read=mark_of_texts(draft), hints_read=True, now=utc_now())
    assert [str(each) for each in refused] == ["same_person"]
    done(second, run, "zuruecknehmen")
    assert (fates(run), Program.objects.count()) == ([(1, "taken_back")], 0)


def test_an_organization_we_know_is_its_provider(office: list[User]) -> None:
    house = make_provider("Haus der Familie")
    brought(office[0], service())
    program = Program.objects.get()
    assert (program.provider, program.operator) == (house, "")


def test_the_same_service_again_makes_nothing(office: list[User]) -> None:
    brought(office[0], service())
    again = uploaded(
        office[0], "verzeichnis", json.dumps([service("Anders")]), source="Verzeichnis des Kreises"
    )
    assert step(office[0], again, "einlesen").status_code == 422
    assert Program.objects.get().name == "Familiencafé"
    brought(office[0], service(), source="Anderes Verzeichnis")
    assert Program.objects.count() == 2


def test_what_our_own_directory_publishes_can_be_read(office: list[User]) -> None:
    City.objects.create(source_key=settings.CITY, name="Düren", state="NRW", official_key="05358008")
    make_program("Treff", site="Hauptstraße 5a, 52349 Düren", public_contact="Tel. 02421 99")
    client = Client()
    (listed,) = client.get("/offene-daten/hsds/services").json()["contents"]
    one = client.get(f"/offene-daten/hsds/services/{listed['id']}").json()
    run = uploaded(office[0], "verzeichnis", json.dumps(one))
    assert (faults(run), run.row_count) == ([], 1)
    done(office[0], run, "einlesen")
    new = Program.objects.latest("pk")
    assert (new.name, new.site) == ("Treff", "Hauptstraße 5a, 52349 Düren")
    assert "02421 99" in new.public_contact


def test_faults_name_entry_column_and_value(office: list[User]) -> None:
    entries = [
        service(),
        service(id="b"),
        service(id="c d"),
        service(),
        service(id="e", status="defunct"),
        service(id="f", minimum_age="alt"),
        service(id="g", minimum_age=12, maximum_age=6),
        service(id="h", name=""),
        service(id="i", name="x" * 200),
        service(id="j", description="Für Emma Müller, geboren am 3.4.2018."),
        service(id="k", name="Treff für Emre (8)", site="Familie Yilmaz"),
    ]
    run = uploaded(office[0], "verzeichnis", json.dumps(entries))
    assert faults(run) == [
        (3, "id", "c d"),
        (4, "id", ID),
        (5, "status", "defunct"),
        (6, "minimum_age", "alt"),
        (7, "maximum_age", "6"),
        (8, "name", ""),
        (9, "name", ""),
        (10, "description", ""),
        (11, "name", ""),
    ]
    assert not [word for word in ("Emma", "3.4.2018", "Emre", "Yilmaz") if word in str(run.rows)]
    assert "Eintrag 5 status defunct Nur was aktiv ist, wird gelesen." in shown(office[0], run)
    done(office[0], run, "einlesen")
    assert Program.objects.count() == 2


def test_an_unread_angebot_goes_a_public_one_is_hidden_a_used_one_stays(office: list[User]) -> None:
    first, second = office
    unread = brought(first, service())
    done(first, unread, "zuruecknehmen")
    assert (fates(unread), Program.objects.count(), TextDraft.objects.count()) == ([(1, "taken_back")], 0, 0)
    public = brought(first, service())
    released(second)
    done(first, public, "zuruecknehmen")
    assert (fates(public), Program.objects.get().is_listed) == ([(1, "ended")], False)
    used = brought(first, service(id="z"))
    program = Program.objects.latest("pk")
    make_opportunity(program=program)
    done(first, used, "zuruecknehmen")
    assert (fates(used), Program.objects.filter(pk=program.pk).exists()) == ([(1, "stays")], True)


def test_what_it_belongs_to_may_be_gone_when_its_turn_comes(office: list[User]) -> None:
    house = make_provider("Haus der Familie")
    entries = [service(), service("Zweites", id="b", organization={"name": "Andere"})]
    run = uploaded(office[0], "verzeichnis", json.dumps(entries))
    house.delete()
    District.objects.all().delete()
    done(office[0], run, "einlesen")
    assert fates(run) == [(1, "faulty"), (2, "new")]
    assert "Das gibt es nicht mehr." in shown(office[0], run)
    program = Program.objects.get()
    assert (program.name, program.operator, list(program.districts.all())) == ("Zweites", "Andere", [])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "kein JSON"),
        ("[" * 100_000, "kein JSON"),
        ('{"name": "x"}', "keine Liste von Angeboten"),
        ("[1]", "keine Liste von Angeboten"),
        ("[]", "zwischen 1 und 500"),
    ],
)
def test_what_is_no_hsds_is_refused(content: str, why: str, office: list[User]) -> None:
    answer = upload(office[0], "verzeichnis", content)
    assert (answer.status_code, why in text_of(answer), DataImport.objects.count()) == (422, True, 0)


def test_only_the_youth_office_brings_in_services(office: list[User]) -> None:
    assert upload(make_coordinator(make_provider()), "verzeichnis", "[]").status_code == 404


@pytest.mark.parametrize("nothing", ["\x00", "\ud800", "\udfff\ud800"])
def test_what_no_page_can_show_is_left_out_wherever_it_stands(office: list[User], nothing: str) -> None:
    told = service(f"Familien{nothing}café")
    told |= {"description": f"Ein offener{nothing} Treff.", "url": f"https://haus.example/{nothing}cafe"}
    other = service("Zweites", id=f"{ID}{nothing} und mehr")
    run = uploaded(office[0], "verzeichnis", json.dumps([told, other]), name="liste.json", source="Wegweiser")
    assert faults(run) == [(2, "id", f"{ID} und mehr")]
    assert (run.rows[0]["label"], run.rows[0]["values"]["description"]) == (
        "Familiencafé",
        "Ein offener Treff.",
    )
    assert "Familiencafé" in shown(office[0], run)
