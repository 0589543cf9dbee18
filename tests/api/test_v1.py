"""The first version: every answer as it is described, kept fresh, throttled, and telling of no person."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.test.utils import override_settings

from foundation.clock import local_day, utc_now
from foundation.limit_values import API_READS_PER_CLIENT
from foundation.limits import take_from_networks
from programs.models import District, Fund, Opportunity, Program
from tests.api.scenes import Town
from tests.api.walking import DESCRIPTION, description, faults, requests
from tests.donations.gifts import PLEDGED_AT
from tests.factories import (
    make_district,
    make_fund,
    make_opportunity,
    make_program,
    make_provider,
    make_shift,
)

pytestmark = pytest.mark.django_db
V1 = "/api/v1/"
HOSTILE = [
    "nope",
    "-1",
    "99999999999999999999",
    "%00",
    "%FF",
    "'--",
    "%F0%9F%92%A9",
    "9999-12-31",
    "0001-01-01",
    "a.b",
]


def listed(client: Client, address: str) -> list[dict[str, Any]]:
    answer = client.get(f"{V1}{address}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    return list(answer.json()["results"])


class TestTheDescription:
    KNOWN = {
        "/api/v1/tasks/{slug}/": "vorlesen",
        "/api/v1/programmes/{slug}/": "treff",
        "/api/v1/providers/{slug}/": "haus",
        "/api/v1/purposes/{slug}/": "ranzen",
        "/api/v1/districts/{slug}/": "nord",
    }

    @override_settings(RATE_LIMITS_ON=False)
    def test_holds_for_every_address_and_every_parameter(self, town: Town) -> None:
        client = Client(raise_request_exception=False)
        schema = description(client)
        assert schema["openapi"].startswith("3.1.")
        assert set(schema["paths"]) == {
            *self.KNOWN,
            *(path.replace("{slug}/", "") for path in self.KNOWN),
            "/api/v1/dates/",
            "/api/v1/participation/",
        }
        wrong, seen = {}, {}
        for path, address in requests(schema, self.KNOWN, HOSTILE):
            answer = client.get(address)
            seen.setdefault(path, set()).add(answer.status_code)
            if found := faults(schema, path, answer):
                wrong[address] = found
        assert wrong == {}
        assert {path for path, statuses in seen.items() if 200 not in statuses} == set()

    def test_says_of_each_row_all_that_is_sent_and_nothing_else(self, town: Town) -> None:
        client = Client()
        parts = description(client)["components"]["schemas"]
        for address, part in (
            ("tasks", "Opportunity"),
            ("dates", "Date"),
            ("programmes", "Programme"),
            ("providers", "Provider"),
            ("purposes", "Fund"),
            ("districts", "District"),
        ):
            (row,) = listed(client, f"{address}/")
            assert set(row) == set(parts[part]["properties"]), address

    def test_is_a_page_for_people_as_well(self, town: Town) -> None:
        client = Client()
        page = client.get(V1).content.decode()
        for path in description(client)["paths"]:
            assert path in page
        assert f'href="{DESCRIPTION}"' in page
        assert 'href="/api/v1/participation/"' in page
        assert f'href="{V1}"' in client.get("/wo-wir-stehen/").content.decode()


class TestWhatItTells:
    def test_of_dates_those_that_take_place_and_are_public(self, town: Town) -> None:
        soon, client = town.soon, Client()
        (row,) = listed(client, "dates/")
        assert (row["id"], row["task"], row["title"], row["district"]) == (
            soon.pk,
            "vorlesen",
            "Vorlesen",
            "nord",
        )
        assert datetime.fromisoformat(row["starts_at"]) == soon.starts_at
        assert datetime.fromisoformat(row["ends_at"]) == soon.ends_at
        assert set(row) == {"id", "task", "title", "starts_at", "ends_at", "site", "district"}

    def test_dates_are_found_by_task_and_by_first_and_last_day(self, town: Town) -> None:
        client, first = (
            Client(),
            make_shift(Opportunity.objects.get(slug="vorlesen"), utc_now() + timedelta(days=40)),
        )
        far = local_day(utc_now()) + timedelta(days=20)
        keys = {town.soon.pk, first.pk}
        assert {row["id"] for row in listed(client, "dates/?task=vorlesen&district=nord")} == keys
        assert [row["id"] for row in listed(client, f"dates/?first_on={far}")] == [first.pk]
        assert [row["id"] for row in listed(client, f"dates/?last_on={far}")] == [town.soon.pk]
        assert client.get(f"{V1}dates/?task=geheim").status_code == 400
        assert client.get(f"{V1}dates/?task=nope").status_code == 400

    def test_of_programmes_those_of_a_district_and_of_the_whole_city(self, town: Town) -> None:
        client = Client()
        south = make_district("Süd", slug="sued")
        make_program("Überall", slug="ueberall", is_city_wide=True)
        make_program("Südtreff", slug="suedtreff", districts=[south], topics=["sport"])
        assert {row["slug"] for row in listed(client, "programmes/?district=sued")} == {
            "ueberall",
            "suedtreff",
        }
        assert [row["slug"] for row in listed(client, "programmes/?topic=sport")] == ["suedtreff"]
        assert [row["slug"] for row in listed(client, "programmes/?provider=haus")] == ["treff"]
        (row,) = [row for row in listed(client, "programmes/") if row["slug"] == "suedtreff"]
        assert (row["provider"], row["districts"]) == (None, ["sued"])
        assert client.get(f"{V1}programmes/weg/").status_code == 404

    def test_of_participation_what_the_page_tells(self, town: Town) -> None:
        told = Client().get(f"{V1}participation/?period=alle").json()
        assert (told["period"], told["counted_on"]) == ("alle", str(PLEDGED_AT.date()))
        (north,) = [row for row in told["districts"] if row["district"] == "nord"]
        assert (north["gift_cents"], north["people_pledged"], north["people_placed"]) == (9_000, None, None)

    def test_nothing_of_anybody(self, town: Town) -> None:
        client = Client()
        text = "".join(
            client.get(f"{V1}{name}/").content.decode()
            for name in (
                "tasks",
                "dates",
                "programmes",
                "providers",
                "purposes",
                "districts",
                "participation",
            )
        )
        for word in ("email", "iban", "phone", "coordination", "Geheim", "geheim", "taken", "safeguarding"):
            assert word not in text, word


class TestFreshness:
    ADDRESSES = ["tasks/", "tasks/vorlesen/", "dates/", "purposes/", "participation/"]

    def test_an_unchanged_answer_is_304_and_a_changed_one_is_sent(self, town: Town) -> None:
        client = Client()
        tags = {each: client.get(f"{V1}{each}")["ETag"] for each in self.ADDRESSES}
        for address, tag in tags.items():
            again = client.get(f"{V1}{address}", headers={"If-None-Match": tag})
            assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag), address
            assert client.get(f"{V1}{address}", headers={"If-None-Match": '"other"'}).status_code == 200
        Opportunity.objects.filter(slug="vorlesen").update(site="Anderswo")
        for address, status in (("tasks/", 200), ("tasks/vorlesen/", 200), ("purposes/", 304)):
            answer = client.get(f"{V1}{address}", headers={"If-None-Match": tags[address]})
            assert answer.status_code == status, address

    def test_it_may_be_kept_a_minute_by_anybody_and_needs_no_cookie(self, town: Town) -> None:
        answer = Client().get(f"{V1}tasks/")
        assert set(answer["Cache-Control"].split(", ")) == {"max-age=60", "public"}
        assert not answer.cookies


class TestRefusals:
    @pytest.mark.parametrize(
        ("method", "address", "status", "title"),
        [
            ("get", "tasks/nope/", 404, "Not Found"),
            ("get", "tasks/geheim/", 404, "Not Found"),
            ("get", "tasks", 404, "Not Found"),
            ("get", "gibt/es/nicht", 404, "Not Found"),
            ("post", "gibt/es/nicht", 404, "Not Found"),
            ("get", "tasks/?field=nope", 400, "Bad Request"),
            ("get", "participation/?period=7", 400, "Bad Request"),
            ("post", "tasks/", 405, "Method Not Allowed"),
            ("delete", "purposes/ranzen/", 405, "Method Not Allowed"),
        ],
    )
    def test_have_one_shape(self, method: str, address: str, status: int, title: str, town: Town) -> None:
        answer = getattr(Client(enforce_csrf_checks=True), method)(f"{V1}{address}")
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
        body = json.loads(answer.content)
        assert (body["type"], body["title"], body["status"]) == ("about:blank", title, status)
        parameter = address.partition("?")[2].partition("=")[0]
        if parameter:
            assert list(body["errors"]) == [parameter]
        else:
            assert set(body) == {"type", "title", "status", "detail"}

    def test_who_reads_without_end_is_asked_to_wait_and_others_are_not(self) -> None:
        ahead = utc_now() + timedelta(minutes=10)
        for _number in range(API_READS_PER_CLIENT.capacity - 1):
            take_from_networks(API_READS_PER_CLIENT, "203.0.113.9", now=ahead)
        client = Client(REMOTE_ADDR="203.0.113.9")
        first, last = (client.get(f"{V1}districts/?limit=1") for _number in range(2))
        assert (first.status_code, last.status_code) == (200, 429)
        assert last["Content-Type"] == "application/problem+json"
        assert int(last["Retry-After"]) >= 1
        assert Client(REMOTE_ADDR="198.51.100.7").get(f"{V1}districts/").status_code == 200


@pytest.mark.parametrize(
    "name", ["tasks", "dates", "programmes", "providers", "purposes", "districts", "participation"]
)
def test_rows_do_not_matter_to_the_queries(name: str, town: Town, django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        house, there = make_provider(f"Haus {number}"), make_district(f"Ort {number}")
        make_shift(make_opportunity(provider=house, district=there), utc_now() + timedelta(days=2))
        make_fund(provider=house, district=there)
        make_program(provider=house, districts=[there])
    assert min(model.objects.count() for model in (Program, Fund, District, Opportunity)) > 12
    with django_assert_max_num_queries(9):
        assert Client().get(f"{V1}{name}/").status_code == 200


@pytest.mark.parametrize(
    ("old", "new"), [("opportunities", "tasks"), ("funds", "purposes"), ("districts", "districts")]
)
def test_the_addresses_from_before_answer_as_ever_and_name_their_successor(
    old: str, new: str, town: Town
) -> None:
    before, after = Client().get(f"/api/{old}/"), Client().get(f"{V1}{new}/")
    assert before.json() == after.json()
    assert before["Deprecation"] == "@1795824000"
    assert before["Link"] == f'<{V1}{new}/>; rel="successor-version"'
    assert "Deprecation" not in after
