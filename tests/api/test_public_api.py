"""What the public API says, value by value; what it must not say stands in tests/security/test_api.py."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from programs.models import DistrictFigure, Fund, Opportunity
from tests.donations.gifts import PLEDGED_AT
from tests.factories import make_district, make_fund, make_opportunity, make_provider
from tests.figures.nights import book_gift, let_a_night_pass

pytestmark = pytest.mark.django_db


def results(client: Client, address: str) -> list[dict[str, Any]]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    body = answer.json()
    assert set(body) == {"count", "next", "previous", "results"}
    return list(body["results"])


def given(fund: Fund, givers: int) -> Fund:
    for _ in range(givers):
        book_gift(fund, 3_000, PLEDGED_AT)
    let_a_night_pass(PLEDGED_AT)
    return fund


def test_an_opportunity_is_told_with_its_times_and_not_with_how_many_are_there(client: Client) -> None:
    make_opportunity(
        "Vorlesen",
        slug="vorlesen",
        provider=make_provider("Haus"),
        district=make_district("Nord", slug="nord"),
        places=5,
        places_taken=2,
        slots=[(1, 900, 990), (3, 600, 660)],
        field="education",
        site="Bücherei",
        skills=["reading"],
        languages=["tr"],
        minimum_age=16,
        clearance_required=False,
        starts_on=date(2026, 1, 5),
        ends_on=None,
    )
    (row,) = results(client, "/api/opportunities/")
    assert row == {
        "slug": "vorlesen",
        "title": "Vorlesen",
        "task": "Sie lesen einer kleinen Gruppe vor.",
        "field": "education",
        "district": "nord",
        "site": "Bücherei",
        "provider": "Haus",
        "skills": ["reading"],
        "languages": ["tr"],
        "age_bands": [],
        "minimum_age": 16,
        "clearance_required": False,
        "places": 5,
        "roles": [
            {
                "name": "",
                "places": 5,
                "skills": ["reading"],
                "languages": ["tr"],
                "minimum_age": 16,
                "clearance_required": False,
            }
        ],
        "starts_on": "2026-01-05",
        "ends_on": None,
        "valid_until": None,
        "slots": [
            {"weekday": 1, "start_minute": 900, "end_minute": 990, "in_four_weeks": 4},
            {"weekday": 3, "start_minute": 600, "end_minute": 660, "in_four_weeks": 4},
        ],
        "times": "dienstags 15–16:30 Uhr, donnerstags 10–11 Uhr",
    }
    assert client.get("/api/opportunities/vorlesen/").json() == row


def test_a_purpose_is_told_with_what_three_gave(client: Client) -> None:
    fund = make_fund(
        "Ranzen",
        slug="ranzen",
        provider=make_provider("Haus"),
        field="education",
        target_cents=500_000,
        unit_cents=2_500,
        unit_label="ein Ranzen",
    )
    given(fund, 3)
    (row,) = results(client, "/api/funds/")
    assert row == {
        "slug": "ranzen",
        "name": "Ranzen",
        "purpose": "Ranzen für den Schulanfang.",
        "fallback_purpose": "Kommt mehr zusammen, verwenden wir es für andere Angebote gegen Kinderarmut.",
        "provider": "Haus",
        "field": "education",
        "target_cents": 500_000,
        "received_cents": 9_000,
        "unit_cents": 2_500,
        "unit_label": "ein Ranzen",
        "is_open": True,
    }
    assert client.get("/api/funds/ranzen/").json() == row


@pytest.mark.parametrize(("givers", "received"), [(0, None), (1, None), (2, None), (3, 9_000), (4, 12_000)])
def test_list_and_single_purpose_hide_the_same(client: Client, givers: int, received: int | None) -> None:
    given(make_fund(slug="zweck"), givers)
    (row,) = results(client, "/api/funds/")
    assert row["received_cents"] == received
    assert client.get("/api/funds/zweck/").json()["received_cents"] == received


def test_a_closed_purpose_or_one_of_an_unverified_provider_is_told_nowhere(client: Client) -> None:
    make_fund("Offen", slug="offen")
    make_fund("Zu", slug="zu", is_open=False)
    make_fund("Fremd", slug="fremd", provider=make_provider("Fremde", is_verified=False))
    for address in ("/api/funds/", "/api/v1/purposes/"):
        told = client.get(address).json()
        assert [row["slug"] for row in told["results"]] == ["offen"], address
        statuses = [client.get(f"{address}{slug}/").status_code for slug in ("offen", "zu", "fremd")]
        assert statuses == [200, 404, 404], address


def test_the_general_purpose_comes_first_and_the_rest_by_name_not_by_amount(client: Client) -> None:
    for name, givers in (("Zoo", 3), ("Chor", 5), ("Ball", 4)):
        given(make_fund(name), givers)
    make_fund("Kinderfonds", is_general=True)
    assert [row["name"] for row in results(client, "/api/funds/")] == ["Kinderfonds", "Ball", "Chor", "Zoo"]


def test_a_district_is_told_with_outline_and_figures(client: Client) -> None:
    district = make_district(
        "Nord", slug="nord", latitude=50.5, longitude=6.5, geometry_note="schematisch, nicht amtlich"
    )
    DistrictFigure.objects.create(district=district, kind="population", value=4711, year=2023, source="Stadt")
    (row,) = results(client, "/api/districts/")
    assert set(row) == {
        "slug",
        "name",
        "borough",
        "latitude",
        "longitude",
        "geometry",
        "geometry_note",
        "figures",
    }
    assert (row["slug"], row["name"], row["latitude"], row["longitude"]) == ("nord", "Nord", 50.5, 6.5)
    assert row["geometry"] == district.geometry
    assert row["geometry_note"] == "schematisch, nicht amtlich"
    (figure,) = row["figures"]
    assert (figure["kind"], float(figure["value"]), figure["year"], figure["source"]) == (
        "population",
        4711,
        2023,
        "Stadt",
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"a", "b", "c"}),
        ("field=sport", {"a", "b"}),
        ("district=nord", {"a", "c"}),
        ("field=sport&district=nord", {"a"}),
        ("field=health", set()),
        ("unknown=x", {"a", "b", "c"}),
    ],
)
def test_opportunities_are_narrowed_by_field_and_district(
    client: Client, query: str, found: set[str]
) -> None:
    north, south = make_district(slug="nord"), make_district(slug="sued")
    for slug, district, field in (("a", north, "sport"), ("b", south, "sport"), ("c", north, "culture")):
        make_opportunity(slug=slug, district=district, field=field)
    assert {row["slug"] for row in results(client, f"/api/opportunities/?{query}")} == found


@pytest.mark.parametrize("status", [each for each in Opportunity.Status.values if each != "published"])
def test_what_is_not_published_is_not_there(client: Client, status: str) -> None:
    make_opportunity(slug="leise", status=status)
    assert results(client, "/api/opportunities/") == []
    assert client.get("/api/opportunities/leise/").status_code == 404


def test_pages_follow_each_other_without_gap_or_double(client: Client) -> None:
    for number in range(7):
        make_fund(f"Zweck {number}", slug=f"zweck-{number}")
    address, seen = "/api/funds/?limit=3", []
    while address:
        body = client.get(address).json()
        assert (body["count"], len(body["results"]) <= 3) == (7, True)
        seen += [row["slug"] for row in body["results"]]
        address = body["next"]
    assert seen == [f"zweck-{number}" for number in range(7)]


@pytest.mark.parametrize("address", ["/api/opportunities/", "/api/funds/", "/api/districts/"])
@pytest.mark.parametrize("many", [1, 20])
def test_the_number_of_rows_does_not_matter_to_the_number_of_queries(
    client: Client, address: str, many: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(many):
        opportunity = make_opportunity()
        given(make_fund(provider=opportunity.provider, district=opportunity.district), 1)
    with django_assert_max_num_queries(7):  # two of them count what this network has read
        assert len(results(client, address)) == many


def test_an_empty_town_answers_with_empty_lists(client: Client) -> None:
    for address in ("/api/opportunities/", "/api/funds/", "/api/districts/"):
        assert results(client, address) == []
