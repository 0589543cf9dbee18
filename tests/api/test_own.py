"""A provider's program with its key: its own rows, its rights, every write once, and never past people."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from jsonschema import Draft202012Validator

from accounts.models import User
from foundation.clock import local_day, utc_now
from foundation.history import lines_of
from foundation.limit_values import API_CALLS_PER_TOKEN
from foundation.limits import take
from foundation.sweeps import run
from programs.models import ApiAnswer, ApiToken, Membership, Opportunity, Provider
from programs.services.api_tokens import make_token, revoke_token
from tests.api.scenes import ALL_SCOPES, said_of_a_task
from tests.factories import (
    make_coordinator,
    make_opportunity,
    make_provider,
    make_shift,
    make_user,
)
from tests.log_lines import lines

pytestmark = pytest.mark.django_db
OWN = "/api/v1/own/"
NESTED = "[" * 20 + "1" + "]" * 20


class Program:
    """What a provider's program has: its key, and the description that it was written by."""

    def __init__(self, text: str) -> None:
        self._client = Client(raise_request_exception=False)
        self._text = text
        self._schema = json.loads(self._client.get(f"{OWN}openapi.json").content)

    def send(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, raw: str | None = None
    ) -> HttpResponse:
        """Send JSON; the answer must be one that the description tells of."""
        headers = {"Authorization": f"Bearer {self._text}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        data = raw if raw is not None else json.dumps(body)
        answer = self._client.generic(method, f"{OWN}{path}", data, "application/json", headers=headers)
        assert self._faults(method, path, answer) == []
        return answer

    def _faults(self, method: str, path: str, answer: HttpResponse) -> list[str]:
        parts = ["{id}" if part.isdecimal() else part for part in path.partition("?")[0].split("/")]
        described = self._schema["paths"][OWN + "/".join(parts)][method.lower()]["responses"]
        content = described[str(answer.status_code)]["content"][answer["Content-Type"]]
        whole = {**content["schema"], "components": self._schema["components"]}
        return [error.message for error in Draft202012Validator(whole).iter_errors(answer.json())]


@pytest.fixture
def house() -> Provider:
    return make_provider("Haus am Markt")


@pytest.fixture
def owner(house: Provider) -> User:
    return make_user(Membership.Role.OWNER, house)


@pytest.fixture
def program(house: Provider, owner: User) -> Program:
    return Program(make_token(house, "Dienstplan", ALL_SCOPES, by=owner, now=utc_now())[1])


@pytest.fixture
def said() -> dict[str, Any]:
    """What the program says of a task."""
    return said_of_a_task()


class TestWriting:
    def test_a_new_task_is_a_draft_that_people_release(
        self, program: Program, said: dict[str, Any], house: Provider, owner: User
    ) -> None:
        answer = program.send("POST", "tasks/", said, key="erster-versuch")
        task = Opportunity.objects.get()
        assert (answer.status_code, answer.json()["id"], answer.json()["status"]) == (201, task.pk, "draft")
        assert (task.provider, task.created_by, task.status) == (house, owner, "draft")
        assert [(each.weekday, each.start_minute) for each in task.slots.all()] == [(1, 900)]
        assert task.roles.get().places == 3
        assert Client().get("/api/v1/tasks/").json()["count"] == 0
        assert {line.actor_user for line in lines_of(task)} == {owner.pk}

    def test_the_same_key_gets_the_same_answer_and_nothing_happens_twice(
        self, program: Program, said: dict[str, Any]
    ) -> None:
        first, again = (program.send("POST", "tasks/", said, key="erster-versuch") for _try in range(2))
        assert (again.status_code, again.json()) == (201, first.json())
        assert ("Idempotent-Replayed" in first, again["Idempotent-Replayed"]) == (False, "true")
        assert Opportunity.objects.count() == 1

    def test_the_same_key_for_something_else_is_refused(self, program: Program, said: dict[str, Any]) -> None:
        program.send("POST", "tasks/", said, key="erster-versuch")
        other = program.send("POST", "tasks/", {**said, "places": 4}, key="erster-versuch")
        assert (other.status_code, other["Content-Type"]) == (422, "application/problem+json")
        assert Opportunity.objects.count() == 1

    def test_what_was_refused_may_be_tried_again_with_its_key(
        self, program: Program, said: dict[str, Any]
    ) -> None:
        assert program.send("POST", "tasks/", {**said, "places": 0}, key="erster-versuch").status_code == 400
        assert not ApiAnswer.objects.exists()
        assert program.send("POST", "tasks/", said, key="erster-versuch").status_code == 201

    @pytest.mark.parametrize("key", [None, "", "kurz", "x" * 101, "mit Blank dazwischen"])
    def test_without_a_key_for_it_nothing_is_written(
        self, program: Program, said: dict[str, Any], key: str | None
    ) -> None:
        answer = program.send("POST", "tasks/", said, key=key)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["Idempotency-Key"])
        assert not Opportunity.objects.exists()

    @pytest.mark.parametrize(
        ("change", "where"),
        [
            ({"title": "Vorlesen für Emma, geboren am 3.4.2018"}, "title"),
            ({"task": "Hilfe für Emma Schmidt, geboren am 3.4.2018"}, "task"),
            ({"title": "\x00"}, "title"),
            ({"district": "atlantis"}, "district"),
            ({"activity": "zaubern"}, "activity"),
            ({"program": "gibt-es-nicht"}, "program"),
            ({"weekly": [{"weekday": 7, "from": "15:00", "to": "16:00"}]}, "weekly.0.weekday"),
            ({"weekly": [{"weekday": 1, "from": "15:07", "to": "16:00"}]}, "weekly.0.from"),
            ({"weekly": [{"weekday": 1, "from": "15:00", "to": "15:00"}] * 2}, "weekly.1"),
            ({"starts_on": "2026-12-31", "ends_on": "2026-01-01"}, "ends_on"),
            ({"starts_on": "9999-12-31"}, "starts_on"),
            ({"places": 10**30}, "places"),
            ({"field": None}, "field"),
            ({"skills": ["fliegen"]}, "skills.0"),
        ],
    )
    def test_what_people_may_not_write_a_program_may_not_either(
        self, program: Program, said: dict[str, Any], change: dict[str, Any], where: str
    ) -> None:
        answer = program.send("POST", "tasks/", {**said, **change}, key="erster-versuch")
        assert answer.status_code == 400
        assert where in answer.json()["errors"]
        assert not Opportunity.objects.exists()

    @pytest.mark.parametrize("raw", ["", "[]", "null", "7", '"x"', "{", NESTED, '{"places": 1e999}', "\xff"])
    def test_what_is_no_task_at_all_is_refused(self, program: Program, raw: str) -> None:
        assert program.send("POST", "tasks/", raw=raw, key="erster-versuch").status_code == 400

    def test_a_change_of_released_words_has_to_be_released_again(
        self, program: Program, said: dict[str, Any], house: Provider
    ) -> None:
        task = make_opportunity("Alt", provider=house, slots=[])
        answer = program.send("PUT", f"tasks/{task.pk}/", said, key="neue-worte")
        assert (answer.status_code, answer.json()["status"]) == (200, "in_review")
        assert answer.json()["title"] == "Vorlesen"
        ended = make_opportunity("Aus", provider=house, status="closed")
        refused = program.send("PUT", f"tasks/{ended.pk}/", said, key="zu-spaet-dafuer")
        assert (refused.status_code, "beendetes" in refused.json()["detail"]) == (409, True)

    def test_dates_fall_out(self, program: Program, house: Provider) -> None:
        task = make_opportunity("Vorlesen", provider=house, slots=[])
        soon, later = (make_shift(task, utc_now() + timedelta(days=days)) for days in (3, 20))
        assert program.send("GET", f"tasks/{task.pk}/dates/").json()["count"] == 2
        day = str(local_day(soon.starts_at))
        closure = {"from_on": day, "until_on": day, "reason": "illness"}
        answer = program.send("POST", f"tasks/{task.pk}/closures/", closure, key="heute-krank")
        assert (answer.status_code, answer.json()["until_on"]) == (201, day)
        assert list(task.shifts.filter(is_cancelled=True)) == [soon]
        assert program.send("GET", f"tasks/{task.pk}/closures/").json()["count"] == 1
        past = {**closure, "from_on": "2020-01-01", "until_on": None}
        refused = program.send("POST", f"tasks/{task.pk}/closures/", past, key="viel-zu-spaet")
        assert refused.status_code == 400
        assert not type(later).objects.get(pk=later.pk).is_cancelled


class TestWhoComes:
    def test_only_what_is_the_provider_s_own_exists(self, program: Program, said: dict[str, Any]) -> None:
        foreign = make_opportunity("Fremd")
        assert program.send("GET", "tasks/").json()["results"] == []
        for method, rest in (("GET", ""), ("PUT", ""), ("GET", "dates/"), ("POST", "closures/")):
            body = said if method == "PUT" else {"from_on": "2030-01-01", "until_on": None, "reason": "other"}
            answer = program.send(method, f"tasks/{foreign.pk}/{rest}", body, key="fremdes-haus")
            assert answer.status_code == 404
        assert program.send("GET", f"tasks/{10**30}/").status_code == 404
        foreign.refresh_from_db()
        assert foreign.title == "Fremd"

    @pytest.mark.parametrize("scope", ALL_SCOPES)
    def test_a_right_that_was_not_given_is_not_there(
        self, house: Provider, owner: User, said: dict[str, Any], scope: str
    ) -> None:
        task = make_opportunity("Vorlesen", provider=house)
        program = Program(make_token(house, "Eng", [scope], by=owner, now=utc_now())[1])
        tried = {
            "tasks:read": program.send("GET", "tasks/").status_code,
            "tasks:write": program.send("POST", "tasks/", said, key="erster-versuch").status_code,
            "dates:write": program.send("POST", f"tasks/{task.pk}/closures/", {}, key="x" * 8).status_code,
        }
        assert {name for name, status in tried.items() if status != 403} == {scope}

    def test_a_key_ends_with_who_answers_for_it(self, program: Program, owner: User) -> None:
        assert program.send("GET", "tasks/").status_code == 200
        Provider.objects.update(is_verified=False)
        assert program.send("GET", "tasks/").status_code == 401
        Provider.objects.update(is_verified=True)
        User.objects.filter(pk=owner.pk).update(is_active=False)
        answer = program.send("GET", "tasks/")
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")

    def test_a_key_that_was_taken_back_opens_nothing(self, program: Program, owner: User) -> None:
        token = ApiToken.objects.get()
        assert (revoke_token(token, by=owner, now=utc_now()), program.send("GET", "tasks/").status_code) == (
            True,
            401,
        )
        assert not revoke_token(token, by=owner, now=utc_now())

    @pytest.mark.parametrize("header", ["", "Bearer", "Bearer wbs_falsch", "Basic eDp5", "Bearer \xe4"])
    def test_nobody_else_comes_in(self, header: str) -> None:
        assert Client().get(f"{OWN}tasks/", headers={"Authorization": header}).status_code == 401

    def test_the_log_says_which_key_came_and_that_one_was_refused(
        self, program: Program, house: Provider, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert program.send("GET", "tasks/").status_code == 200
        answered = lines(caplog, "django_structlog.middlewares.request", "code", "api_key")
        assert answered[-1] == ("request_finished", "info", 200, ApiToken.objects.get(provider=house).pk)
        caplog.clear()
        headers = {"Authorization": "Bearer wbs_kanarienvogel"}
        assert Client().get(f"{OWN}tasks/", headers=headers).status_code == 401
        assert lines(caplog, "wirbrauchensie.api.v1.own.guard") == [("api_key_refused", "warning")]
        assert "kanarienvogel" not in str([each.msg for each in caplog.records])

    def test_somebody_signed_in_is_nobody_here(self, owner: User) -> None:
        client = Client()
        client.force_login(owner)
        assert client.get(f"{OWN}tasks/").status_code == 401

    def test_a_key_has_its_own_pace(self, program: Program, house: Provider, owner: User) -> None:
        token, ahead = ApiToken.objects.get(), utc_now() + timedelta(minutes=10)
        for _each in range(API_CALLS_PER_TOKEN.capacity):
            take(API_CALLS_PER_TOKEN, str(token.pk), now=ahead)
        answer = program.send("GET", "tasks/")
        assert (answer.status_code, int(answer["Retry-After"]) >= 1) == (429, True)
        other = Program(make_token(house, "Anderer", ALL_SCOPES, by=owner, now=utc_now())[1])
        assert other.send("GET", "tasks/").status_code == 200


class TestKeys:
    def test_are_shown_once_kept_as_a_digest_and_say_when_they_were_used(
        self, owner: User, house: Provider
    ) -> None:
        client, address = Client(), "/koordination/zugaenge/schluessel/"
        client.force_login(owner)
        answers = {"provider": house.pk, "label": "Wochenplaner", "scopes": ["tasks:read"]}
        page = client.post(address, answers).content.decode()
        text = page.partition("<code>")[2].partition("</code>")[0]
        assert text.startswith("wbs_")
        listed = client.get(address).content.decode()
        assert text not in listed
        assert "noch nie" in listed
        token = ApiToken.objects.get()
        assert text not in str(ApiToken.objects.values_list())
        Program(text).send("GET", "tasks/")
        token.refresh_from_db()
        assert token.last_used_at is not None
        assert "noch nie" not in client.get(address).content.decode()
        assert client.post(f"{address}{token.pk}/zuruecknehmen/").status_code == 303
        assert "Wochenplaner" not in client.get(address).content.decode()
        made = lines_of(owner).filter(reason__startswith="api_token").order_by("pk")
        assert [line.reason for line in made] == ["api_token_made", "api_token_revoked"]

    def test_of_another_house_are_out_of_reach(self, owner: User, house: Provider) -> None:
        foreign = make_provider()
        other = make_user(Membership.Role.OWNER, foreign)
        token, _text = make_token(foreign, "Fremd", ALL_SCOPES, by=other, now=utc_now())
        client = Client()
        client.force_login(owner)
        address = "/koordination/zugaenge/schluessel/"
        assert client.post(f"{address}{token.pk}/zuruecknehmen/").status_code == 404
        answers = {"provider": foreign.pk, "label": "Meins", "scopes": ALL_SCOPES}
        assert client.post(address, answers).status_code == 422
        assert ApiToken.objects.count() == 1
        client.force_login(make_coordinator(house))
        assert client.get(address).status_code == 403


def test_answers_are_forgotten_after_a_week(program: Program, said: dict[str, Any]) -> None:
    program.send("POST", "tasks/", said, key="erster-versuch")
    at = ApiAnswer.objects.get().at
    assert run("programs.purge_api_answers", at + timedelta(days=7) - timedelta(seconds=1)) == 0
    assert run("programs.purge_api_answers", at + timedelta(days=7)) == 1
