"""Schemathesis walks both descriptions: every answer is described, nothing breaks, no nonsense is taken.

Each parameter, header and part of a body comes at its bounds, beyond them and as something else, beside
values of the town that hold; then a few drawn at random. They are the same every time; each is taken back.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.test import Client
from django.test.utils import override_settings
from hypothesis import Phase, given, settings
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import GenerationConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.generation.meta import TestPhase

from foundation.clock import local_day, utc_now
from programs.models import Closure
from tests.api.scenes import make_house, make_town, said_of_a_task

pytestmark = pytest.mark.django_db
load_all_checks()
BOTH = list(GenerationMode)
OWN = "/api/v1/own/"
KNOWN = {
    "district": "nord",
    "provider": "haus",
    "task": "vorlesen",
    "/api/v1/tasks/{slug}/": "vorlesen",
    "/api/v1/programmes/{slug}/": "treff",
    "/api/v1/providers/{slug}/": "haus",
    "/api/v1/purposes/{slug}/": "ranzen",
    "/api/v1/districts/{slug}/": "nord",
}
# What asks the same as another address: pages as the tasks have them, a change with the body of a new task.
THINNED = {
    "GET /api/v1/districts/": 4,
    "GET /api/v1/providers/": 4,
    "GET /api/v1/purposes/": 4,
    f"GET {OWN}tasks/{{id}}/closures/": 4,
    f"GET {OWN}tasks/{{id}}/dates/": 4,
    f"PUT {OWN}tasks/{{id}}/": 6,
}

Told = dict[str, Any]


@contextmanager
def on_one_connection() -> Iterator[None]:
    """A request closes no connection, as one of Django's own test client does not; the test lies in it."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


class Walk:
    """Sends what schemathesis thinks of, and keeps what came back and what was wrong with it."""

    def __init__(self, told: Told, key: str = "") -> None:
        self._schema = schemathesis.openapi.from_dict(told)
        self._schema.app = WSGIHandler()
        self._headers = {"Accept-Encoding": "identity"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"
        self.statuses: dict[str, set[int]] = defaultdict(set)
        self.faults: dict[str, list[str]] = defaultdict(list)

    @on_one_connection()
    @override_settings(RATE_LIMITS_ON=False)
    def everything(self) -> None:
        for found in self._schema.get_all_operations():
            operation = found.ok()
            for case in self._at_the_bounds(operation):
                self._try(case)
            self._at_random(operation)

    def _at_the_bounds(self, operation: Any) -> list[Any]:
        cases = self._schema.iter_coverage_cases(
            operation, generation_modes=BOTH, generation_config=GenerationConfig()
        )
        return list(cases)[:: THINNED.get(operation.label, 1)]

    def _at_random(self, operation: Any) -> None:
        """What is read knows no wrong slug: there only what may be asked is drawn."""
        mode = GenerationMode.POSITIVE if operation.method == "get" else GenerationMode.NEGATIVE
        tries = settings(max_examples=8, derandomize=True, database=None, phases=[Phase.generate])
        tries(given(case=operation.as_strategy(generation_mode=mode))(self._try))()

    def _try(self, case: Any) -> None:
        """That a slug is one of the town and no child is named is known to the town, not to a description."""
        is_known = case.method == "GET" and case.meta.phase.name is TestPhase.COVERAGE
        excluded = [] if is_known else [CHECKS.get_one("positive_data_acceptance")]
        try:
            with transaction.atomic():
                answer = case.call(headers=self._headers)
                self.statuses[case.operation.label].add(answer.status_code)
                case.validate_response(answer, headers=self._headers, excluded_checks=excluded)
                transaction.set_rollback(True)
        except FailureGroup as group:
            self.faults[case.operation.label] += [str(each) for each in group.exceptions]


def described(address: str, known: dict[str, Any], bodies: dict[str, Any]) -> Told:
    """Return the description, with values that hold as its examples."""
    told: Told = Client().get(address).json()
    for path, operations in told["paths"].items():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                name = path if parameter["in"] == "path" else parameter["name"]
                name = "closure" if parameter["name"] == "closure" else name
                if name in known:
                    parameter["example"] = known[name]
            if "requestBody" in operation:
                operation["requestBody"]["content"]["application/json"]["example"] = bodies[path]
    return told


def test_what_is_open_answers_as_it_is_described() -> None:
    make_town()
    walk = Walk(described("/api/v1/openapi.json", KNOWN, {}))
    walk.everything()
    assert dict(walk.faults) == {}
    assert len(walk.statuses) == 12
    for operation, statuses in walk.statuses.items():
        assert {200, 405} <= statuses, operation


def test_what_asks_for_a_key_answers_as_it_is_described() -> None:
    house = make_house()
    day = str(local_day(utc_now()) + timedelta(days=7))
    one, said = f"{OWN}tasks/{{id}}/", said_of_a_task()
    closed = Closure.objects.create(
        opportunity=house.task, from_on=day, until_on=day, reason="illness", created_at=utc_now()
    )
    ways = (one, f"{one}closures/", f"{one}dates/", f"{one}closures/{{closure}}/")
    known = {**dict.fromkeys(ways, house.task.pk), "closure": closed.pk}
    known["Idempotency-Key"] = "erster-versuch"
    bodies = {
        f"{OWN}tasks/": said,
        one: said,
        f"{one}closures/": {"from_on": day, "until_on": day, "reason": "illness"},
    }
    walk = Walk(described(f"{OWN}openapi.json", known, bodies), house.key)
    walk.everything()
    assert dict(walk.faults) == {}
    done = {operation: min(statuses) for operation, statuses in walk.statuses.items()}
    assert done == {
        f"GET {OWN}activities/": 200,
        f"GET {OWN}tasks/": 200,
        f"POST {OWN}tasks/": 201,
        f"GET {one}": 200,
        f"PUT {one}": 200,
        f"GET {one}closures/": 200,
        f"POST {one}closures/": 201,
        f"GET {one}dates/": 200,
        f"DELETE {one}closures/{{closure}}/": 200,
    }
    whole = [statuses for operation, statuses in walk.statuses.items() if operation not in THINNED]
    assert all(401 in statuses for statuses in whole)
    assert {400, 415} <= walk.statuses[f"POST {OWN}tasks/"]
    assert {404, 405} <= walk.statuses[f"GET {one}"]
