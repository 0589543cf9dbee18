"""Zeit schenken: /zeit/ and its pages."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from foundation.models import Event
from programs.models import Opportunity, Provider, Role
from programs.selectors.opportunities import seeking_opportunities
from tests.factories import (
    make_coordinator,
    make_district,
    make_opportunity,
    make_program,
    make_provider,
    make_role,
    make_shift,
    make_youth_office,
)
from tests.words_of_pages import as_read

pytestmark = pytest.mark.django_db


def titles(client: Client, query: str = "") -> list[str]:
    response = client.get(f"/zeit/{query}")
    assert response.status_code == 200
    return [opportunity.title for opportunity in response.context["page"]]


def test_only_what_seeks_people_now_is_listed(client: Client) -> None:
    today = timezone.localdate()
    make_opportunity("Offen")
    make_opportunity("Bis heute", ends_on=today)
    make_opportunity("Gestern zu Ende", ends_on=today - timedelta(days=1))
    make_opportunity("Voll", places=2, places_taken=2)
    for status in ("draft", "in_review", "paused", "closed"):
        make_opportunity(status, status=status)
    assert titles(client) == ["Bis heute", "Offen"]


def test_the_newest_comes_first(client: Client) -> None:
    make_opportunity("Alt", status_changed_at=datetime(2026, 1, 1, tzinfo=UTC))
    make_opportunity("Neu", status_changed_at=datetime(2026, 3, 1, tzinfo=UTC))
    assert titles(client) == ["Neu", "Alt"]


def test_field_district_and_day_narrow_the_list(client: Client) -> None:
    north, south = make_district("Nord"), make_district("Süd")
    make_opportunity("Vorlesen", district=north, slots=[(1, 900, 960), (3, 900, 960)])
    make_opportunity("Fußball", field="sport", district=south, slots=[(1, 900, 960)])
    assert titles(client, "?field=sport") == ["Fußball"]
    assert titles(client, f"?district={north.slug}") == ["Vorlesen"]
    assert titles(client, "?day=1") == ["Fußball", "Vorlesen"]
    assert titles(client, "?day=3") == ["Vorlesen"]
    assert titles(client, f"?field=sport&district={north.slug}") == []


def test_values_that_make_no_sense_are_left_out(client: Client) -> None:
    make_opportunity("Vorlesen")
    assert titles(client, "?field=gold&district=%27&day=9&page=abc") == ["Vorlesen"]
    assert titles(client, "?day=montag") == ["Vorlesen"]


def test_a_card_says_when_where_and_how_many(client: Client) -> None:
    make_opportunity(
        "Vorlesen",
        district=make_district("Nord"),
        site="Bücherei",
        places=3,
        places_taken=1,
        slots=[(1, 15 * 60, 16 * 60 + 30)],
    )
    page = client.get("/zeit/").content.decode()
    assert 'dienstags <span class="nowrap">15–16:30 Uhr</span>' in page
    assert "Nord · Bücherei" in page
    assert "noch Plätze frei" in page
    assert "mit Führungszeugnis" in page
    assert "1 Angebot mit freien Plätzen" in page


def test_nothing_found_leads_to_the_general_pledge(client: Client) -> None:
    page = client.get("/zeit/?field=sport").content.decode()
    assert "Dafür ist gerade nichts offen" in page
    assert 'href="/zeit/zusagen/"' in page
    assert "Zurzeit sind alle Plätze vergeben" in client.get("/zeit/").content.decode()


def test_the_page_tells_all_before_any_question(client: Client) -> None:
    program = make_program("Leseclub")
    opportunity = make_opportunity(
        "Vorlesen",
        provider=make_provider("Lesefreunde e.V."),
        program=program,
        task="Sie lesen vor.\n\n• ein Buch\n• noch ein Buch",
        skills=["reading"],
        languages=["tr", "ar"],
        age_bands=["6-9"],
        minimum_age=18,
        places=3,
    )
    make_shift(opportunity, datetime(2030, 1, 1, 14, 0, tzinfo=UTC))
    make_shift(opportunity, datetime(2030, 1, 8, 14, 0, tzinfo=UTC), is_cancelled=True)
    make_shift(opportunity, datetime(2020, 1, 7, 14, 0, tzinfo=UTC))
    page = as_read(client.get("/zeit/" + opportunity.slug + "/").content.decode())
    for text in (
        "<li>ein Buch</li>",
        "mindestens 18 Jahre",
        "Vorlesen</li>",
        "Türkisch, Arabisch",
        "6 bis 9 Jahre",
        "insgesamt 3, noch Plätze frei",
        "Lesefreunde e.V.",
        "ab 5. Januar 2026, ohne festes Ende",
        "Di, 1. Januar",
        f"/hilfe/{program.slug}/",
        f"/zeit/{opportunity.slug}/zusagen/",
        "kostenlos",
        "Schreiben für das Bürgerbüro bekommen Sie später",
    ):
        assert text in page
    assert "8. Jan" not in page
    assert "7. Jan" not in page


def test_a_task_without_contact_to_children_needs_no_certificate(client: Client) -> None:
    opportunity = make_opportunity(contact_with_minors=False, clearance_required=False, slots=[])
    page = client.get(f"/zeit/{opportunity.slug}/").content.decode()
    assert "keinen Kontakt mit Kindern" in page
    assert "Bürgerbüro" not in page
    assert "Zeiten nach Absprache" in page


def test_a_paused_one_offers_the_general_pledge_only_a_full_one_its_waiting_list_too(client: Client) -> None:
    full = make_opportunity(places=1, places_taken=1)
    paused = make_opportunity(status="paused")
    for opportunity, text in ((full, "alle Plätze vergeben"), (paused, "macht gerade Pause")):
        page = client.get(f"/zeit/{opportunity.slug}/").content.decode()
        assert text in page
        assert (f"/zeit/{opportunity.slug}/zusagen/" in page) == (opportunity == full)
        assert 'href="/zeit/zusagen/"' in page


@pytest.mark.parametrize("values", [{"status": "draft"}, {"status": "in_review"}, {"status": "closed"}])
def test_what_is_not_released_does_not_exist_for_citizens(client: Client, values: dict[str, Any]) -> None:
    opportunity = make_opportunity(**values)
    assert client.get(f"/zeit/{opportunity.slug}/").status_code == 404


def test_foreign_text_is_escaped(client: Client) -> None:
    opportunity = make_opportunity("<img src=x onerror=alert(1)>", task="• <script>alert(1)</script>")
    for address in ("/zeit/", f"/zeit/{opportunity.slug}/"):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@pytest.mark.parametrize("size", [2, 40])
def test_few_queries_at_any_size(client: Client, size: int, django_assert_max_num_queries: Any) -> None:
    district = make_district()
    provider = make_provider()
    for _number in range(size):
        opportunity = make_opportunity(
            district=district, provider=provider, slots=[(1, 900, 960), (2, 900, 960)]
        )
    with django_assert_max_num_queries(6):
        assert client.get("/zeit/").status_code == 200
    with django_assert_max_num_queries(6):
        assert client.get(f"/zeit/?day=1&field=education&district={district.slug}").status_code == 200
    with django_assert_max_num_queries(6):
        assert client.get(f"/zeit/{opportunity.slug}/").status_code == 200


def multiply(template: Opportunity, times: int) -> None:
    """Copy `template` within the database, with one slot each, and tell the planner."""
    columns = [field.column for field in Opportunity._meta.concrete_fields if not field.primary_key]
    values = ["slug || '-' || number" if column == "slug" else column for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO programs_opportunity ({', '.join(columns)}) SELECT {', '.join(values)} "
            "FROM programs_opportunity, generate_series(1, %s) AS number WHERE id = %s",
            [times, template.pk],
        )
        of_line = [each.column for each in Event._meta.concrete_fields if not each.primary_key]
        told = ["task.id" if each == "object_id" else f"line.{each}" for each in of_line]
        cursor.execute(
            f"INSERT INTO foundation_event ({', '.join(of_line)}) SELECT {', '.join(told)} "
            "FROM foundation_event AS line, programs_opportunity AS task "
            "WHERE line.object_id = %s AND line.to_status = 'published' AND task.slug LIKE %s",
            [template.pk, f"{template.slug}-%"],
        )
        of_role = [each.column for each in Role._meta.concrete_fields if not each.primary_key]
        needed = ["task.id" if each == "opportunity_id" else f"role.{each}" for each in of_role]
        cursor.execute(
            f"INSERT INTO programs_role ({', '.join(of_role)}) SELECT {', '.join(needed)} "
            "FROM programs_role AS role, programs_opportunity AS task "
            "WHERE role.opportunity_id = %s AND task.slug LIKE %s",
            [template.pk, f"{template.slug}-%"],
        )
        cursor.execute(
            "INSERT INTO programs_weeklyslot (opportunity_id, weekday, start_minute, end_minute) "
            "SELECT id, id %% 7, 900, 960 FROM programs_opportunity WHERE slug LIKE %s",
            [f"{template.slug}-%"],
        )
        cursor.execute("ANALYZE foundation_event, programs_opportunity, programs_role, programs_weeklyslot")


def test_ten_thousand_need_no_more_queries_than_few(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    district, provider = make_district(), make_provider()
    multiply(make_opportunity(district=district, provider=provider, places=2), 7_000)
    multiply(make_opportunity(district=district, provider=provider, places=2, field="sport"), 3_000)
    assert client.get("/zeit/").context["page"].paginator.count == 10_002
    told = {"": "10.002", "?page=500": "10.002", "?field=sport": "3.001"}
    for query, count in told.items():
        with django_assert_max_num_queries(6):
            page = client.get(f"/zeit/{query}")
        assert f"{count} Angebote mit freien Plätzen" in page.content.decode()


def test_the_first_page_is_read_from_the_index_of_open_tasks() -> None:
    multiply(make_opportunity(places=2), 5_000)
    page = seeking_opportunities(timezone.localdate())[:12]
    assert "Index Scan using opportunity_seeking" in page.explain()


def test_the_page_shows_the_protection_concept_and_who_to_turn_to(client: Client) -> None:
    provider = make_provider(
        protection_concept_on=date(2025, 3, 1),
        protection_concept_review_on=date(2027, 3, 2),
        safeguarding_contact="Team Schutz, Zimmer 4",
    )
    address = make_opportunity("Vorlesen", provider=provider).get_absolute_url()
    shown = as_read(client.get(address).content.decode())
    assert "Schutzkonzept vom 1. März 2025, nächste Durchsicht am 2. März 2027<br>" in shown
    assert "Ansprechperson für den Kinderschutz: Team Schutz, Zimmer 4" in shown
    Provider.objects.update(protection_concept_review_on=None)
    assert "Schutzkonzept vom 1. März 2025<br>" in as_read(client.get(address).content.decode())


def test_many_places_are_written_as_germans_write_numbers(client: Client) -> None:
    task = make_opportunity("Fest", places=1500)
    make_role(task, "Aufbau", places=1200)
    make_shift(task, timezone.now() + timedelta(days=3))
    staff = Client()
    staff.force_login(make_coordinator(task.provider))

    def read(address: str) -> str:
        return as_read(staff.get(address).content.decode())

    assert "insgesamt 2.700, noch Plätze frei" in as_read(
        client.get(task.get_absolute_url()).content.decode()
    )
    assert "0 von 2.700" in read("/koordination/angebote/")
    page = read(f"/koordination/angebote/{task.pk}/")
    for told in ("0 von 2.700 vergeben", ">0 von 1.500<", ">0 von 1.200<", ">0 von 2.700<"):
        assert told in page, told
    staff.force_login(make_coordinator(make_youth_office()))
    assert "0 von 2.700 vergeben" in read(f"/koordination/angebote/{task.pk}/menschen/")
