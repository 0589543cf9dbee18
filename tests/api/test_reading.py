"""What is open, read by a stranger: exact rows, filters, pages, tags, and nothing that is not public."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from foundation.clock import local_day, utc_now
from foundation.limit_values import API_READS_PER_CLIENT
from foundation.limits import take_from_networks
from programs.models import Fund, Opportunity, Program, Provider, Role
from tests.api.scenes import Town
from tests.factories import (
    make_district,
    make_fund,
    make_opportunity,
    make_program,
    make_provider,
    make_role,
    make_shift,
)

pytestmark = pytest.mark.django_db
V1 = "/api/v1/"
LISTS = ["tasks", "dates", "programmes", "providers", "purposes", "districts"]
SINGLE = ["tasks/vorlesen/", "programmes/treff/", "providers/haus/", "purposes/ranzen/", "districts/nord/"]
HOST = "http://testserver"


def get(address: str, **headers: str) -> Any:
    return Client().get(f"{V1}{address}", headers=headers)


def found(address: str, name: str = "slug") -> list[Any]:
    answer = get(address)
    assert answer.status_code == 200, address
    return [row[name] for row in answer.json()["results"]]


class TestRows:
    def test_a_task_with_two_roles_tells_of_each_and_of_all(self, town: Town) -> None:
        task = make_opportunity(
            "Ferien",
            slug="ferien",
            provider=Provider.objects.get(slug="haus"),
            district=town.district,
            slots=[],
            places=2,
            skills=["reading"],
            languages=["tr"],
            minimum_age=18,
            clearance_required=True,
            age_bands=["6-9"],
            field="leisure",
            starts_on=date(2026, 7, 1),
            ends_on=date(2099, 8, 31),
            expires_on=date(2099, 7, 31),
            site_kind="hort",
        )
        make_role(
            task, "Küche", places=3, minimum_age=16, clearance_required=False, contact_with_minors=False
        )
        assert get("tasks/ferien/").json() == {
            "slug": "ferien",
            "title": "Ferien",
            "task": "Sie lesen einer kleinen Gruppe vor.",
            "field": "leisure",
            "district": "nord",
            "site": "Stadtteilhaus",
            "provider": "Haus",
            "skills": ["reading"],
            "languages": ["tr"],
            "age_bands": ["6-9"],
            "minimum_age": 16,
            "clearance_required": True,
            "places": 5,
            "roles": [
                {
                    "name": "",
                    "places": 2,
                    "skills": ["reading"],
                    "languages": ["tr"],
                    "minimum_age": 18,
                    "clearance_required": True,
                },
                {
                    "name": "Küche",
                    "places": 3,
                    "skills": [],
                    "languages": [],
                    "minimum_age": 16,
                    "clearance_required": False,
                },
            ],
            "starts_on": "2026-07-01",
            "ends_on": "2099-08-31",
            "valid_until": "2099-07-31",
            "slots": [],
            "times": "Zeiten nach Absprache",
        }

    def test_a_programme_and_a_provider_are_told_whole(self, town: Town) -> None:
        Program.objects.filter(slug="treff").update(age_from=6, age_to=12, site="Weg 1", fields=["leisure"])
        assert get("programmes/treff/").json() == {
            "slug": "treff",
            "name": "Treff",
            "provider": "haus",
            "operated_by": "Haus",
            "description": "Ein offener Treff für alle.",
            "fields": ["leisure"],
            "topics": ["family"],
            "age_from": 6,
            "age_to": 12,
            "is_city_wide": False,
            "districts": ["nord"],
            "site": "Weg 1",
            "stated_in": "",
            "sources": [],
        }
        assert get("providers/haus/").json() == {
            "slug": "haus",
            "name": "Haus",
            "kind": "welfare",
            "is_verified": True,
            "address": "Weg 1",
            "sources": [],
        }

    def test_single_and_listed_row_are_the_same(self, town: Town) -> None:
        for address in SINGLE:
            name, slug = address.rstrip("/").split("/")
            (listed,) = [row for row in get(f"{name}/").json()["results"] if row["slug"] == slug]
            assert get(address).json() == listed, address

    @pytest.mark.parametrize("period", ["30", "90", "365", "alle"])
    def test_participation_tells_the_whole_of_each_period(self, town: Town, period: str) -> None:
        told = get(f"participation/?period={period}").json()
        assert set(told) == {"period", "counted_on", "districts"}
        assert (told["period"], told["counted_on"]) == (period, "2026-03-02")
        measures = {"district", "free_places", "people_pledged", "people_placed", "hours", "gift_cents"}
        assert {frozenset(row) for row in told["districts"]} == {frozenset(measures)}
        assert "nord" in [row["district"] for row in told["districts"]]


class TestFilters:
    @pytest.fixture
    def streets(self) -> None:
        north, south = make_district(slug="nord"), make_district(slug="sued")
        one, two = make_provider(slug="eins"), make_provider(slug="zwei")
        for slug, district, provider, field in (
            ("a", north, one, "sport"),
            ("b", south, one, "sport"),
            ("c", north, two, "culture"),
        ):
            task = make_opportunity(slug=slug, district=district, provider=provider, field=field)
            make_shift(task, utc_now() + timedelta(days=5))
            make_program(slug=f"p-{slug}", districts=[district], provider=provider, topics=[field])
        make_program(slug="p-alle", is_city_wide=True, topics=["family", "sport"])

    @pytest.mark.parametrize(
        ("address", "slugs"),
        [
            ("tasks/", "abc"),
            ("tasks/?field=sport", "ab"),
            ("tasks/?district=nord", "ac"),
            ("tasks/?provider=eins", "ab"),
            ("tasks/?provider=eins&district=nord&field=sport", "a"),
            ("tasks/?provider=zwei&field=sport", ""),
            ("tasks/?field=", "abc"),
            ("tasks/?provider=&district=sued", "b"),
            ("tasks/?unbekannt=x", "abc"),
            ("tasks/?field=sport&field=culture", "c"),
        ],
    )
    def test_tasks(self, streets: None, address: str, slugs: str) -> None:
        assert sorted(found(address)) == list(slugs)

    @pytest.mark.parametrize(
        ("address", "tasks"),
        [
            ("dates/", "abc"),
            ("dates/?task=b", "b"),
            ("dates/?district=nord", "ac"),
            ("dates/?task=b&district=nord", ""),
            ("dates/?first_on=2000-01-01", "abc"),
            ("dates/?last_on=2000-01-01", ""),
            ("dates/?first_on=2099-01-01", ""),
            ("dates/?first_on=&last_on=", "abc"),
        ],
    )
    def test_dates(self, streets: None, address: str, tasks: str) -> None:
        assert sorted(found(address, "task")) == list(tasks)

    @pytest.mark.parametrize("days", [4, 5, 6])
    def test_both_days_of_a_range_count(self, streets: None, days: int) -> None:
        day = local_day(utc_now() + timedelta(days=days))
        assert len(found(f"dates/?first_on={day}", "id")) == (3 if days <= 5 else 0)
        assert len(found(f"dates/?last_on={day}", "id")) == (3 if days >= 5 else 0)

    @pytest.mark.parametrize(
        ("address", "slugs"),
        [
            ("programmes/", ["p-a", "p-alle", "p-b", "p-c"]),
            ("programmes/?district=sued", ["p-alle", "p-b"]),
            ("programmes/?topic=sport", ["p-a", "p-alle", "p-b"]),
            ("programmes/?topic=family", ["p-alle"]),
            ("programmes/?provider=zwei", ["p-c"]),
            ("programmes/?provider=zwei&district=sued", []),
        ],
    )
    def test_programmes(self, streets: None, address: str, slugs: list[str]) -> None:
        assert sorted(found(address)) == slugs

    @pytest.mark.parametrize(
        ("address", "wrong"),
        [
            ("tasks/?field=kochen", ["field"]),
            ("tasks/?district=atlantis", ["district"]),
            ("tasks/?provider=niemand&field=x", ["field", "provider"]),
            ("dates/?first_on=morgen", ["first_on"]),
            ("dates/?last_on=2026-02-30", ["last_on"]),
            ("dates/?task=geheim", ["task"]),
            ("programmes/?topic=x", ["topic"]),
            ("participation/?period=364", ["period"]),
            ("tasks/?limit=0", ["limit"]),
            ("tasks/?limit=201&offset=-1", ["limit", "offset"]),
        ],
    )
    def test_what_makes_no_sense_is_named(self, town: Town, address: str, wrong: list[str]) -> None:
        answer = get(address)
        assert (answer.status_code, sorted(answer.json()["errors"])) == (400, wrong)
        assert all(isinstance(each, str) for reasons in answer.json()["errors"].values() for each in reasons)


class TestPages:
    @pytest.fixture
    def seven(self) -> None:
        for number in range(7):
            make_fund(f"Zweck {number}", slug=f"zweck-{number}")

    @pytest.mark.parametrize(
        ("query", "numbers", "following", "previous"),
        [
            ("", "0123456", None, None),
            ("?limit=3", "012", "?limit=3&offset=3", None),
            ("?limit=3&offset=3", "345", "?limit=3&offset=6", "?limit=3"),
            ("?limit=3&offset=6", "6", None, "?limit=3&offset=3"),
            ("?limit=200&offset=7", "", None, "?limit=200"),
            ("?limit=1&offset=1000000000", "", None, "?limit=1&offset=999999999"),
            ("?offset=5", "56", None, "?limit=50"),
        ],
    )
    def test_follow_each_other(
        self, seven: None, query: str, numbers: str, following: str | None, previous: str | None
    ) -> None:
        here = f"{HOST}{V1}purposes/"
        assert get(f"purposes/{query}").json() | {"results": found(f"purposes/{query}")} == {
            "count": 7,
            "next": following and here + following,
            "previous": previous and here + previous,
            "results": [f"zweck-{number}" for number in numbers],
        }

    @pytest.mark.parametrize("name", LISTS)
    @pytest.mark.parametrize(
        ("query", "reasons"),
        [
            ("limit=0", {"limit": ["From 1 to 200."]}),
            ("limit=201", {"limit": ["From 1 to 200."]}),
            ("limit=abc", {"limit": ["From 1 to 200."]}),
            ("limit=%D9%A1", {"limit": ["From 1 to 200."]}),
            ("limit=", {"limit": ["From 1 to 200."]}),
            ("limit=+5", {"limit": ["From 1 to 200."]}),
            ("offset=1e3", {"offset": ["From 0 to 1000000000."]}),
            ("offset=-1", {"offset": ["From 0 to 1000000000."]}),
            ("offset=1000000001", {"offset": ["From 0 to 1000000000."]}),
            (f"offset={'9' * 5000}", {"offset": ["From 0 to 1000000000."]}),
        ],
    )
    def test_beyond_their_bounds_are_refused(self, name: str, query: str, reasons: dict[str, Any]) -> None:
        answer = get(f"{name}/?{query}")
        assert answer.json() == {
            "type": "about:blank",
            "title": "Bad Request",
            "status": 400,
            "errors": reasons,
        }


STEPS: list[tuple[str, Callable[[], Any], set[str]]] = [
    (
        "a task is paused",
        lambda: Opportunity.objects.filter(status="published").update(status="paused"),
        {"tasks", "dates"},
    ),
    ("a task is closed", lambda: Opportunity.objects.update(status="closed"), {"tasks", "dates"}),
    ("a task is full", lambda: Role.objects.update(places_taken=F("places")), {"tasks"}),
    ("a task is over", lambda: Opportunity.objects.update(ends_on=date(2026, 3, 1)), {"tasks"}),
    ("a programme has ended", lambda: Program.objects.update(has_ended=True), {"programmes"}),
    ("a purpose is closed", lambda: Fund.objects.update(is_open=False), {"purposes"}),
]


class TestWhatIsNotPublic:
    @pytest.mark.parametrize(("name", "step", "gone"), STEPS, ids=[name for name, _step, _gone in STEPS])
    def test_is_neither_listed_nor_there(
        self, town: Town, name: str, step: Callable[[], Any], gone: set[str]
    ) -> None:
        before = {each: get(f"{each}/").json()["count"] for each in LISTS}
        assert before == dict.fromkeys(LISTS, 1)
        step()
        after = {each for each in LISTS if not get(f"{each}/").json()["count"]}
        assert after == gone
        for address in SINGLE:
            expected = 404 if address.partition("/")[0] in gone else 200
            assert get(address).status_code == expected, address

    def test_a_provider_that_is_not_verified_any_more_takes_its_tasks_along(self, town: Town) -> None:
        Provider.objects.update(is_verified=False)
        assert [found("tasks/"), found("dates/", "id"), get("tasks/vorlesen/").status_code] == [[], [], 404]
        assert get("dates/?task=vorlesen").status_code == 400

    @pytest.mark.parametrize("slug", ["geheim", "weg", "nord", "%20", "..", "1", "vorlesen%2F", "VORLESEN"])
    @pytest.mark.parametrize("name", ["tasks", "programmes", "providers", "purposes"])
    def test_nothing_else_can_be_guessed(self, town: Town, name: str, slug: str) -> None:
        answer = get(f"{name}/{slug}/")
        assert (answer.status_code, answer.json()["title"]) == (404, "Not Found")


class TestAnswers:
    @pytest.mark.parametrize("address", [*(f"{name}/" for name in LISTS), *SINGLE, "participation/"])
    def test_are_kept_by_their_tag_whoever_asks(self, town: Town, address: str) -> None:
        whole, head = get(address), Client().head(f"{V1}{address}")
        assert (head.status_code, head.content, head["Content-Type"]) == (200, b"", "application/json")
        for tag in (whole["ETag"], f"W/{whole['ETag'].removeprefix('W/')}", f'"x", {whole["ETag"]}', "*"):
            again = get(address, **{"If-None-Match": tag})
            assert (again.status_code, again.content) == (304, b""), tag
        assert get(address, **{"If-None-Match": 'W/"x"'}).content == whole.content

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
    @pytest.mark.parametrize("address", ["tasks/", "tasks/vorlesen/", "participation/", "dates/"])
    def test_to_writing_say_what_is_allowed(self, town: Town, method: str, address: str) -> None:
        answer = Client(enforce_csrf_checks=True).generic(method, f"{V1}{address}", b"{}", "application/json")
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
        assert answer.json()["detail"] == f'Methode "{method}" nicht erlaubt.'
        assert Opportunity.objects.get(slug="vorlesen").title == "Vorlesen"

    @pytest.mark.parametrize(
        ("accept", "status"),
        [("application/json", 200), ("*/*", 200), ("application/*", 200), ("text/html", 406), ("x/y", 406)],
    )
    def test_are_json_or_nothing(self, accept: str, status: int) -> None:
        answer = get("districts/", Accept=accept)
        kind = "application/json" if status == 200 else "application/problem+json"
        assert (answer.status_code, answer["Content-Type"]) == (status, kind)

    @pytest.mark.parametrize("address", ["tasks/", "participation/", "districts/nord/", "gibt/es/nicht"])
    def test_end_for_a_while_after_too_many_at_every_address(self, town: Town, address: str) -> None:
        ahead = utc_now() + timedelta(minutes=10)
        for _number in range(API_READS_PER_CLIENT.capacity):
            take_from_networks(API_READS_PER_CLIENT, "203.0.113.9", now=ahead)
        answer = Client(REMOTE_ADDR="203.0.113.9").get(f"{V1}{address}")
        assert (answer.status_code, answer.json()["title"]) == (429, "Too Many Requests")
        assert 1 <= int(answer["Retry-After"]) <= 600
        assert "results" not in answer.json()
