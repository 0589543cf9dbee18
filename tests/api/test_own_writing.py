"""A stranger's program at the doors of a provider: rights, types, keys, the rows of others, exact answers."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from foundation.clock import local_day, utc_now
from foundation.limit_values import API_CALLS_PER_TOKEN, API_READS_PER_CLIENT
from foundation.limits import take, take_from_networks
from programs.models import Activity, ApiAnswer, ApiToken, Closure, Membership, Opportunity, Shift
from programs.services.api_tokens import make_token
from tests.api.scenes import ALL_SCOPES, House, make_house, said_of_a_task
from tests.factories import make_opportunity, make_program, make_shift, make_user

pytestmark = pytest.mark.django_db
OWN = "/api/v1/own/"
PROBLEM = "application/problem+json"


@pytest.fixture
def house() -> House:
    return make_house()


def send(house: House | str, method: str, path: str, body: Any = None, *, key: str = "ein-schluessel") -> Any:
    text = house if isinstance(house, str) else house.key
    headers = {"Authorization": f"Bearer {text}", "Idempotency-Key": key}
    return Client().generic(method, f"{OWN}{path}", json.dumps(body), "application/json", headers=headers)


def key_with(house: House, scopes: list[str]) -> str:
    owner = make_user(Membership.Role.OWNER, house.provider)
    return make_token(house.provider, "Eng", scopes, by=owner, now=utc_now())[1]


def reasons(answer: HttpResponse) -> dict[str, list[str]]:
    told = json.loads(answer.content)
    assert (answer.status_code, answer["Content-Type"], told["title"]) == (400, PROBLEM, "Bad Request")
    return dict(told["errors"])


class TestReading:
    def test_a_task_is_told_as_it_stands(self, house: House) -> None:
        body = said_of_a_task(site_kind="hort", age_bands=["6-9"], skills=["reading"], minimum_age=18)
        made = send(house, "POST", "tasks/", body)
        task = Opportunity.objects.get(title="Vorlesen")
        assert (made.status_code, made.json()) == (
            201,
            {
                "id": task.pk,
                "slug": task.slug,
                "status": "draft",
                "title": "Vorlesen",
                "task": "Sie lesen einer Gruppe vor.",
                "field": "education",
                "district": "sued",
                "site": "Stadtbücherei",
                "site_kind": "hort",
                "starts_on": body["starts_on"],
                "ends_on": None,
                "age_bands": ["6-9"],
                "roles": [
                    {
                        "name": "",
                        "places": 3,
                        "skills": ["reading"],
                        "languages": [],
                        "minimum_age": 18,
                        "clearance_required": True,
                    }
                ],
                "slots": [{"weekday": 1, "start_minute": 900, "end_minute": 990, "in_four_weeks": 4}],
            },
        )
        assert send(house, "GET", f"tasks/{task.pk}/").json() == made.json()
        assert send(house, "GET", "tasks/").json()["results"][0] == made.json()

    def test_drafts_and_ended_ones_are_listed_the_latest_first(self, house: House) -> None:
        others = [
            make_opportunity(provider=house.provider, status=each, slots=[])
            for each in Opportunity.Status.values
        ]
        listed = send(house, "GET", "tasks/?limit=200").json()
        assert [row["id"] for row in listed["results"]] == [row.pk for row in reversed([house.task, *others])]
        page = send(house, "GET", "tasks/?limit=1&offset=1").json()
        assert [row["id"] for row in page["results"]] == [others[-2].pk]
        assert (page["count"], page["previous"]) == (len(others) + 1, f"http://testserver{OWN}tasks/?limit=1")

    def test_dates_ahead_are_told_the_soonest_first_called_off_ones_too(self, house: House) -> None:
        soon = house.task.shifts.get()
        later = make_shift(house.task, utc_now() + timedelta(days=9), is_cancelled=True)
        make_shift(house.task, utc_now() - timedelta(days=1))
        rows = send(house, "GET", f"tasks/{house.task.pk}/dates/").json()["results"]
        assert [(row["id"], row["is_cancelled"]) for row in rows] == [(soon.pk, False), (later.pk, True)]
        assert set(rows[0]) == {"id", "starts_at", "ends_at", "is_cancelled"}

    def test_an_unchanged_answer_is_304_for_its_key_and_kept_by_nobody_between(self, house: House) -> None:
        headers = {"Authorization": f"Bearer {house.key}"}
        first = Client().get(f"{OWN}tasks/", headers=headers)
        assert set(first["Cache-Control"].split(", ")) == {"no-cache", "private"}
        again = Client().get(f"{OWN}tasks/", headers={**headers, "If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert Client().get(f"{OWN}tasks/", headers={"If-None-Match": first["ETag"]}).status_code == 401
        Opportunity.objects.update(site="Anderswo")
        changed = Client().get(f"{OWN}tasks/", headers={**headers, "If-None-Match": first["ETag"]})
        assert (changed.status_code, changed.json()["results"][0]["site"]) == (200, "Anderswo")


class TestRights:
    TRIED = [
        ("GET", "activities/", "tasks:read"),
        ("GET", "tasks/", "tasks:read"),
        ("HEAD", "tasks/", "tasks:read"),
        ("OPTIONS", "tasks/", "tasks:read"),
        ("POST", "tasks/", "tasks:write"),
        ("GET", "tasks/{}/", "tasks:read"),
        ("PUT", "tasks/{}/", "tasks:write"),
        ("GET", "tasks/{}/dates/", "tasks:read"),
        ("GET", "tasks/{}/closures/", "tasks:read"),
        ("POST", "tasks/{}/closures/", "dates:write"),
        ("DELETE", "tasks/{}/closures/1/", "dates:write"),
    ]

    @pytest.mark.parametrize("missing", ALL_SCOPES)
    def test_each_call_asks_for_its_own_right(self, house: House, missing: str) -> None:
        rest = key_with(house, [each for each in ALL_SCOPES if each != missing])
        for method, path, wanted in self.TRIED:
            answer = send(rest, method, path.format(house.task.pk), {})
            assert (answer.status_code == 403) == (wanted == missing), (method, path)
            if answer.status_code == 403 and method != "HEAD":
                assert (answer["Content-Type"], set(answer.json())) == (
                    PROBLEM,
                    {"type", "title", "status", "detail"},
                )
        assert not ApiAnswer.objects.exists()

    @pytest.mark.parametrize(("method", "path", "_right"), TRIED)
    def test_without_a_key_nothing_is_said(self, house: House, method: str, path: str, _right: str) -> None:
        answer = Client().generic(method, f"{OWN}{path.format(house.task.pk)}", b"{", "application/json")
        assert (answer.status_code, answer["WWW-Authenticate"], answer["Content-Type"]) == (
            401,
            "Bearer",
            PROBLEM,
        )

    @pytest.mark.parametrize(("method", "path", "_right"), [each for each in TRIED if "{}" in each[1]])
    def test_what_belongs_to_others_is_not_there(
        self, house: House, method: str, path: str, _right: str
    ) -> None:
        foreign = make_opportunity("Fremd")
        make_shift(foreign, utc_now() + timedelta(days=3))
        bodies = {"PUT": said_of_a_task(), "POST": closure()}
        answer = send(house, method, path.format(foreign.pk), bodies.get(method))
        unknown = send(house, method, path.format(foreign.pk + 1_000), bodies.get(method), key="anderer-key")
        assert (answer.status_code, answer.content) == (404, unknown.content)
        foreign.refresh_from_db()
        assert (foreign.title, Closure.objects.count(), ApiAnswer.objects.count()) == ("Fremd", 0, 0)

    def test_another_house_is_not_written_for(self, house: House) -> None:
        other = make_opportunity().provider
        program = make_program(slug="fremd", provider=other)
        own = make_program(slug="eigen", provider=house.provider)
        refused = send(house, "POST", "tasks/", said_of_a_task(program=program.slug))
        assert list(reasons(refused)) == ["program"]
        named = send(house, "POST", "tasks/", {**said(), "provider": other.slug})
        assert reasons(named) == {"provider": ["There is no such name."]}
        assert send(house, "POST", "tasks/", {**said(), "program": own.slug}).status_code == 201
        made = Opportunity.objects.get(title="Vorlesen")
        assert (made.provider, made.program) == (house.provider, own)

    def test_guessing_keys_ends_for_the_network_and_not_for_who_has_one(self, house: House) -> None:
        ahead = utc_now() + timedelta(minutes=10)
        for _number in range(API_READS_PER_CLIENT.capacity):
            take_from_networks(API_READS_PER_CLIENT, "203.0.113.9", now=ahead)
        client = Client(REMOTE_ADDR="203.0.113.9")
        guess = client.get(f"{OWN}tasks/", headers={"Authorization": "Bearer wbs_geraten"})
        assert (guess.status_code, int(guess["Retry-After"]) >= 1) == (429, True)
        known = client.get(f"{OWN}tasks/", headers={"Authorization": f"Bearer {house.key}"})
        assert known.status_code == 200

    def test_a_call_too_many_writes_nothing(self, house: House) -> None:
        token, ahead = ApiToken.objects.get(), utc_now() + timedelta(minutes=10)
        for _each in range(API_CALLS_PER_TOKEN.capacity):
            take(API_CALLS_PER_TOKEN, str(token.pk), now=ahead)
        answer = send(house, "POST", "tasks/", said_of_a_task())
        assert (answer.status_code, answer["Content-Type"], "Retry-After" in answer) == (429, PROBLEM, True)
        assert Opportunity.objects.count() == 1


def said() -> dict[str, Any]:
    """What is said of a task whose district and activity are there already."""
    known = Activity.objects.latest("pk")
    day = str(local_day(utc_now()) + timedelta(days=7))
    return {
        "title": "Vorlesen",
        "task": "Sie lesen vor.",
        "field": "education",
        "district": "sued",
        "site": "Bücherei",
        "starts_on": day,
        "activity": known.slug,
        "places": 1,
    }


def closure(**change: Any) -> dict[str, Any]:
    day = str(local_day(utc_now()) + timedelta(days=2))
    return {"from_on": day, "until_on": day, "date": None, "reason": "illness", **change}


class TestTypes:
    OTHER = "This is of another type."

    @pytest.mark.parametrize(
        ("change", "where"),
        [
            ({"title": 7}, "title"),
            ({"task": ["x"]}, "task"),
            ({"field": 1}, "field"),
            ({"district": True}, "district"),
            ({"site": {}}, "site"),
            ({"site_kind": 0}, "site_kind"),
            ({"program": 5}, "program"),
            ({"activity": 5}, "activity"),
            ({"places": "3"}, "places"),
            ({"places": True}, "places"),
            ({"minimum_age": "16"}, "minimum_age"),
            ({"staff_is_there": 1}, "staff_is_there"),
            ({"reminds_each": "true"}, "reminds_each"),
            ({"skips_public_holidays": "on"}, "skips_public_holidays"),
            ({"skips_school_holidays": 0}, "skips_school_holidays"),
            ({"weekly": [{"weekday": "1", "from": "15:00", "to": "16:00"}]}, "weekly.0.weekday"),
            ({"weekly": [{"weekday": 1, "from": 900, "to": "16:00"}]}, "weekly.0.from"),
            ({"weekly": [{"weekday": 1, "from": "15:00", "to": "16:00", "repeat": 1}]}, "weekly.0.repeat"),
        ],
    )
    def test_are_what_they_are_called(self, house: House, change: dict[str, Any], where: str) -> None:
        assert reasons(send(house, "POST", "tasks/", said_of_a_task(**change))) == {where: [self.OTHER]}
        assert Opportunity.objects.count() == 1

    @pytest.mark.parametrize(
        "change",
        [
            {"field": "\ud800"},
            {"title": "\ud800"},
            {"skills": ["\udfff"]},
            {"\ud800": 1},
            {"weekly": [{"\ud800": 1}]},
        ],
    )
    def test_half_a_character_is_no_json(self, house: House, change: dict[str, Any]) -> None:
        answer = send(house, "POST", "tasks/", said_of_a_task(**change))
        assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM)
        assert answer.json()["detail"] == "JSON enthält ein halbes Zeichen."
        assert Opportunity.objects.count() == 1

    @pytest.mark.parametrize("day", ["9999-12-31", "2100-01-01", "1999-12-31", "0001-01-01"])
    @pytest.mark.parametrize("name", ["starts_on", "ends_on", "without", "dates"])
    def test_a_day_is_one_of_this_century(self, house: House, name: str, day: str) -> None:
        said = said_of_a_task(starts_on="2000-01-01")
        typed = {"without": [day], "dates": [{"on": day, "from": "15:00", "to": "16:00"}]}.get(name, day)
        told = reasons(send(house, "POST", "tasks/", said | {name: typed}))
        where = "dates.0" if name == "dates" else name
        assert "Bitte nennen Sie einen Tag zwischen 2000 und 2099." in told.get(where, []), told
        assert Opportunity.objects.count() == 1

    @pytest.mark.parametrize(
        ("change", "where"),
        [
            ({"end_on": "2030-01-01"}, "end_on"),
            ({"slug": "mein-name"}, "slug"),
            ({"status": "published"}, "status"),
            ({"id": 1}, "id"),
            ({"weekly": [{"weekday": 1, "from": "15:00", "to": "16:00", "until": "x"}]}, "weekly.0.until"),
            ({"dates": [{"on": "2030-01-01", "from_": "15:00", "to": "16:00"}]}, "dates.0.from_"),
        ],
    )
    def test_unknown_names_are_not_dropped_in_silence(
        self, house: House, change: dict[str, Any], where: str
    ) -> None:
        assert reasons(send(house, "POST", "tasks/", said_of_a_task(**change))) == {
            where: ["There is no such name."]
        }

    @pytest.mark.parametrize("name", ["title", "task", "field", "district", "site", "starts_on", "activity"])
    def test_what_a_task_needs_is_asked_for(self, house: House, name: str) -> None:
        body = said_of_a_task()
        del body[name]
        assert reasons(send(house, "POST", "tasks/", body)) == {
            name: ["Dieses Feld ist zwingend erforderlich."]
        }
        empty = send(house, "POST", "tasks/", {**body, name: None})
        assert list(reasons(empty)) == [name]

    @pytest.mark.parametrize("whole", [3, 3.0])
    def test_a_whole_number_may_be_written_either_way(self, house: House, whole: float) -> None:
        assert send(house, "POST", "tasks/", said_of_a_task(places=whole)).json()["roles"][0]["places"] == 3

    @pytest.mark.parametrize("method", ["POST", "PUT"])
    def test_a_body_without_end_is_not_read_to_its_end(self, house: House, method: str) -> None:
        path = "tasks/" if method == "POST" else f"tasks/{house.task.pk}/"
        answer = send(house, method, path, {"title": "x" * 1_000_000})
        assert (answer.status_code, answer["Content-Type"]) == (413, PROBLEM)
        title = HTTPStatus.REQUEST_ENTITY_TOO_LARGE.phrase  # newer Pythons call it otherwise
        assert answer.json() == {"type": "about:blank", "title": title, "status": 413}
        assert "title" in reasons(send(house, method, path, {"title": "x" * 900_000}))


class TestOnce:
    def test_a_key_belongs_to_one_address_and_one_method(self, house: House) -> None:
        body = said_of_a_task()
        made = send(house, "POST", "tasks/", body)
        for method, path in (("PUT", f"tasks/{house.task.pk}/"), ("PUT", f"tasks/{made.json()['id']}/")):
            answer = send(house, method, path, body)
            assert (answer.status_code, answer.json()["title"]) == (422, "Unprocessable Entity")
        assert Opportunity.objects.get(pk=house.task.pk).title == "Basteln"

    def test_the_order_of_names_does_not_make_another_body(self, house: House) -> None:
        body = said_of_a_task()
        first = send(house, "POST", "tasks/", body)
        again = send(house, "POST", "tasks/", dict(reversed(body.items())))
        assert (again.status_code, again.json(), again["Idempotent-Replayed"]) == (201, first.json(), "true")

    def test_each_key_of_the_house_counts_for_itself(self, house: House) -> None:
        other, body = key_with(house, ALL_SCOPES), said_of_a_task()
        first, second = send(house, "POST", "tasks/", body), send(other, "POST", "tasks/", body)
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json()["id"] != second.json()["id"]
        assert "Idempotent-Replayed" not in second

    def test_an_answer_is_told_again_although_the_task_has_changed_since(self, house: House) -> None:
        first = send(house, "POST", "tasks/", said_of_a_task())
        Opportunity.objects.filter(pk=first.json()["id"]).delete()
        again = send(house, "POST", "tasks/", {**said(), "places": 3, "weekly": []})
        assert again.status_code == 422
        assert Opportunity.objects.count() == 1

    def test_a_closure_that_is_sent_twice_is_one(self, house: House) -> None:
        path = f"tasks/{house.task.pk}/closures/"
        first, again = (send(house, "POST", path, closure()) for _try in range(2))
        assert (first.json(), again.json()) == ({"id": Closure.objects.get().pk, **closure()}, first.json())

    @pytest.mark.parametrize("key", ["x" * 8, "x" * 100, "!~!~!~!~"])
    def test_keys_at_their_bounds_are_taken(self, house: House, key: str) -> None:
        assert send(house, "POST", "tasks/", said_of_a_task(), key=key).status_code == 201
        assert ApiAnswer.objects.get().key == key

    @pytest.mark.parametrize("key", ["x" * 7, "x" * 101, "x" * 7 + " ", "umlaut-ä", "\t" * 8])
    def test_keys_beyond_them_are_not(self, house: House, key: str) -> None:
        answer = send(house, "POST", "tasks/", said_of_a_task(), key=key)
        assert reasons(answer) == {"Idempotency-Key": ["8 to 100 visible characters."]}


class TestChanging:
    def test_a_change_says_the_whole_task_anew(self, house: House) -> None:
        make_shift(house.task, utc_now() + timedelta(days=12))
        body = said_of_a_task(places=2, languages=["tr"], ends_on="2099-01-01", weekly=[])
        changed = send(house, "PUT", f"tasks/{house.task.pk}/", body)
        house.task.refresh_from_db()
        told = changed.json()
        assert (changed.status_code, told["id"], told["slug"]) == (200, house.task.pk, house.task.slug)
        assert (told["title"], told["status"], told["ends_on"]) == ("Vorlesen", "in_review", "2099-01-01")
        assert (told["slots"], told["roles"][0]["languages"]) == ([], ["tr"])
        assert (house.task.title, house.task.site, house.task.roles.get().places) == (
            "Vorlesen",
            "Stadtbücherei",
            2,
        )

    def test_a_change_that_is_refused_changes_nothing(self, house: House) -> None:
        before = send(house, "GET", f"tasks/{house.task.pk}/").content
        child = {"task": "Hilfe für Emma Schmidt, geboren am 3.4.2018"}
        for number, change in enumerate(({"places": 0}, {"district": "atlantis"}, child)):
            body = said() | change if number else said_of_a_task(**change)
            assert reasons(send(house, "PUT", f"tasks/{house.task.pk}/", body, key=f"versuch-{number}"))
        assert send(house, "GET", f"tasks/{house.task.pk}/").content == before

    @pytest.mark.parametrize(
        ("change", "where"),
        [
            ({"from_on": "2020-01-01"}, {"from_on", "until_on"}),
            ({"until_on": "2020-01-01"}, {"until_on"}),
            ({"from_on": "morgen"}, {"from_on"}),
            ({"from_on": None}, {"from_on"}),
            ({"reason": "keine Lust"}, {"reason"}),
            ({"reason": 5}, {"reason"}),
            ({"note": "x"}, {"note"}),
        ],
    )
    def test_days_that_make_no_sense_close_nothing(
        self, house: House, change: dict[str, Any], where: set[str]
    ) -> None:
        answer = send(house, "POST", f"tasks/{house.task.pk}/closures/", closure(**change))
        assert set(reasons(answer)) <= where
        assert not Closure.objects.exists()
        assert not Shift.objects.filter(is_cancelled=True).exists()

    def test_until_further_notice_lets_all_that_comes_fall_out(self, house: House) -> None:
        soon, later = house.task.shifts.get(), make_shift(house.task, utc_now() + timedelta(days=300))
        answer = send(house, "POST", f"tasks/{house.task.pk}/closures/", closure(until_on=None))
        assert (answer.status_code, answer.json()["until_on"]) == (201, None)
        assert set(Shift.objects.filter(is_cancelled=True)) == {soon, later}

    def test_one_of_two_dates_of_a_day_falls_out_alone(self, house: House) -> None:
        _first, second = (
            make_shift(house.task, datetime(2099, 7, 6, hour, tzinfo=UTC), minutes=60) for hour in (8, 10)
        )
        path, day = f"tasks/{house.task.pk}/closures/", {"from_on": "2099-07-06", "until_on": "2099-07-06"}
        for wrong in ({"date": 0}, {"date": second.pk + 999}, {"until_on": None}, {"from_on": "2099-07-05"}):
            said = closure(**{**day, "date": second.pk, **wrong})
            assert send(house, "POST", path, said, key=f"falsch-{wrong}"[:60]).status_code == 400
        assert not Closure.objects.exists()
        made = send(house, "POST", path, closure(**day, date=second.pk))
        assert (made.status_code, made.json()["date"]) == (201, second.pk)
        assert list(Shift.objects.filter(is_cancelled=True)) == [second]

    def test_a_closure_taken_back_lets_its_dates_take_place_again(self, house: House) -> None:
        path = f"tasks/{house.task.pk}/closures/"
        shift = house.task.shifts.get()
        made = send(house, "POST", path, closure(until_on=None), key="zu-bis-auf-weiteres").json()
        one = f"{path}{made['id']}/"
        foreign = make_opportunity(provider=house.provider)
        elsewhere = send(house, "DELETE", f"tasks/{foreign.pk}/closures/{made['id']}/")
        assert (elsewhere.status_code, Closure.objects.count()) == (404, 1)
        first, again = (send(house, "DELETE", one, key="doch-wieder-auf") for _try in range(2))
        assert (first.status_code, first.json(), again.json()) == (200, {"dates": 1}, {"dates": 1})
        assert again["Idempotent-Replayed"] == "true"
        shift.refresh_from_db()
        assert (shift.is_cancelled, Closure.objects.count()) == (False, 0)
        assert send(house, "DELETE", one, key="noch-ein-versuch").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_same_write_at_the_same_moment_happens_once() -> None:
    house, body = make_house(), said_of_a_task()
    path = f"tasks/{house.task.pk}/closures/"

    def sent(number: int) -> Any:
        try:
            return send(
                house,
                "POST",
                path if number % 2 else "tasks/",
                closure() if number % 2 else body,
                key=f"zugleich-{number % 2}",
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(sent, range(6)))
    for kind in (answers[0::2], answers[1::2]):
        assert [each.status_code for each in kind] == [201] * 3
        assert [each.json() for each in kind] == [kind[0].json()] * 3
        assert sum("Idempotent-Replayed" in each for each in kind) == 2
    assert (Opportunity.objects.count(), Closure.objects.count(), ApiAnswer.objects.count()) == (2, 1, 2)
