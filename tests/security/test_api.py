"""The public API: what its schema says, and nothing else."""

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from foundation.clock import utc_now
from foundation.limit_values import API_READS_PER_CLIENT
from foundation.limits import take_from_networks
from tests.access.scene import Scene
from tests.factories import make_fund, make_opportunity

pytestmark = pytest.mark.django_db

LISTS = ["/api/opportunities/", "/api/funds/", "/api/districts/"]


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def test_the_schema_is_valid_without_a_warning() -> None:
    written = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=written)
    assert "/api/opportunities/" in written.getvalue()


def test_the_schema_names_every_field_that_is_sent(client: Client, scene: Scene) -> None:
    schema = client.get("/api/schema/", headers={"accept": "application/vnd.oai.openapi+json"}).json()
    for path, part in zip(LISTS, ("Opportunity", "Fund", "District"), strict=True):
        rows = client.get(path).json()["results"]
        assert rows
        assert set(rows[0]) == set(schema["components"]["schemas"][part]["properties"])


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "page",
    ["limit=abc", "limit=-1", "limit=0", "limit=99999999999999999999", "limit=1e9", "limit=", "limit=١"],
)
def test_a_strange_limit_is_never_more_than_the_most(
    client: Client, scene: Scene, path: str, page: str
) -> None:
    answer = client.get(f"{path}?{page}")
    assert answer.status_code == 200
    assert len(answer.json()["results"]) <= 200


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "page", ["offset=-1", "offset=abc", "offset=99999999999999999999", "offset=9223372036854775808"]
)
def test_a_strange_offset_is_answered(client: Client, scene: Scene, path: str, page: str) -> None:
    answer = client.get(f"{path}?{page}")
    assert answer.status_code == 200
    assert isinstance(answer.json()["results"], list)


def test_nobody_gets_everything_at_once(client: Client, scene: Scene) -> None:
    for _number in range(205):
        make_opportunity(provider=scene.provider, district=scene.district)
    answer = client.get("/api/opportunities/?limit=100000").json()
    assert answer["count"] > 200
    assert len(answer["results"]) == 200


@pytest.mark.parametrize(
    "query",
    ["field=nope", "district=nope", "field=%00", "district=%00", "field=education'--", "district=9999"],
)
def test_an_unknown_value_of_a_filter_is_refused(client: Client, scene: Scene, query: str) -> None:
    answer = client.get(f"/api/opportunities/?{query}")
    assert answer.status_code == 400


def test_a_known_value_filters(client: Client, scene: Scene) -> None:
    found = client.get(f"/api/opportunities/?district={scene.district.slug}&field=education").json()[
        "results"
    ]
    assert {row["district"] for row in found} == {scene.district.slug}


def listed(client: Client, path: str) -> set[str]:
    """Return the slugs that are in a list of one page."""
    answer = client.get(path).json()
    slugs = {row["slug"] for row in answer["results"]}
    assert answer["count"] == len(slugs)
    return slugs


def test_a_closed_purpose_is_not_in_the_api(client: Client, scene: Scene) -> None:
    before = listed(client, "/api/funds/")
    for slug, is_open in (("offen", True), ("zu", False)):
        make_fund(slug=slug, is_open=is_open, received_cents=100)
    assert listed(client, "/api/funds/") == before | {"offen"}
    assert client.get("/api/funds/offen/").status_code == 200
    assert client.get("/api/funds/zu/").status_code == 404


@pytest.mark.parametrize("changes", [{"status": "draft"}, {"places_taken": 4}, {"ends_on": date(2026, 1, 6)}])
def test_an_opportunity_nobody_can_join_is_not_in_the_api(
    client: Client, scene: Scene, changes: dict[str, Any]
) -> None:
    before = listed(client, "/api/opportunities/")
    make_opportunity(slug="offen", places=4)
    make_opportunity(slug="zu", places=4, **changes)
    assert listed(client, "/api/opportunities/") == before | {"offen"}
    assert client.get("/api/opportunities/zu/").status_code == 404


@pytest.mark.parametrize("path", LISTS)
def test_who_reads_without_end_is_asked_to_wait_and_others_are_not(path: str) -> None:
    """The same budget as at the newer addresses, so that nobody reads on at the older ones."""
    ahead = utc_now() + timedelta(minutes=10)
    for _number in range(API_READS_PER_CLIENT.capacity - 1):
        take_from_networks(API_READS_PER_CLIENT, "203.0.113.9", now=ahead)
    client = Client(REMOTE_ADDR="203.0.113.9")
    first, last = (client.get(path) for _number in range(2))
    assert (first.status_code, last.status_code) == (200, 429)
    assert int(last["Retry-After"]) >= 1
    assert Client(REMOTE_ADDR="198.51.100.7").get(path).status_code == 200


@pytest.mark.parametrize("path", [*LISTS, "/api/schema/"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_it_is_for_reading_only(client: Client, scene: Scene, path: str, method: str) -> None:
    answer = client.generic(method, path, b"{}", content_type="application/json")
    assert answer.status_code == 405


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a": 1e999}', b"\xff", b"{", b"null"])
def test_no_body_breaks_it(client: Client, body: bytes) -> None:
    assert client.generic("POST", "/api/funds/", body, content_type="application/json").status_code in (
        400,
        405,
    )


@pytest.mark.parametrize(
    "path", ["/api/opportunities/nope/", "/api/funds/%F0%9F%92%A9/", "/api/districts/..%2f/"]
)
def test_what_is_not_there_is_not_there(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_it_speaks_json_whatever_a_browser_would_like(client: Client, scene: Scene) -> None:
    answer = client.get("/api/funds/", headers={"accept": "text/html,*/*"})
    assert answer["Content-Type"] == "application/json"


def test_it_tells_only_of_what_is_public(client: Client, scene: Scene) -> None:
    slugs = {row["slug"] for row in client.get("/api/opportunities/?limit=200").json()["results"]}
    assert scene.published.slug in slugs
    assert scene.in_review.slug not in slugs
    assert client.get(f"/api/opportunities/{scene.in_review.slug}/").status_code == 404


def test_nothing_private_hides_in_its_fields(client: Client, scene: Scene) -> None:
    def keys(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value) | {key for each in value.values() for key in keys(each)}
        return {key for each in value for key in keys(each)} if isinstance(value, list) else set()

    named = {key for path in LISTS for key in keys(client.get(path).json())}
    assert not {
        key for key in named if any(word in key for word in ("email", "phone", "iban", "donor", "volunteer"))
    }
