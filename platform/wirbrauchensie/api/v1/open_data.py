"""What all addresses of this version have in common: open, for reading, kept fresh, refused in one shape."""

from collections.abc import Callable, Iterator
from typing import Any, Literal

from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page
from drf_spectacular.openapi import AutoSchema
from rest_framework import exceptions, serializers
from rest_framework.pagination import BasePagination
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView, exception_handler

from foundation.client import client_address
from foundation.clock import utc_now
from foundation.limit_values import API_READS_PER_CLIENT
from foundation.limits import LimitReached, take_from_networks
from wirbrauchensie.api.pagination import ExactPages
from wirbrauchensie.problems import PROBLEM, problem_body

FRESH_SECONDS = 60


class Pace(BaseThrottle):
    """Who has had enough is told when to come back."""

    retry_after = 0

    def count(self, request: Request) -> None:
        """Count a request. Raises LimitReached."""
        raise NotImplementedError

    def allow_request(self, request: Request, view: APIView) -> bool:
        try:
            self.count(request)
        except LimitReached as reached:
            self.retry_after = reached.retry_after
            return False
        return True

    def wait(self) -> int:
        return self.retry_after


class PerNetwork(Pace):
    """So many reads per network."""

    def count(self, request: Request) -> None:
        take_from_networks(API_READS_PER_CLIENT, client_address(request._request), now=utc_now())


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return a refusal as RFC 9457 says; what is wrong with which parameter stands in `errors`."""
    response = exception_handler(error, context)
    if response is None:
        return None
    body = problem_body(response.status_code)
    if isinstance(error, exceptions.ValidationError):
        body["errors"] = dict(_flat(response.data))
    else:
        body["detail"] = str(response.data["detail"])
    response.data, response.content_type = body, PROBLEM
    return response


def _flat(reasons: Any, at: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield each reason with where it stands: `weekly.0.from` for what is inside of something."""
    if isinstance(reasons, dict):
        for name, inner in reasons.items():
            yield from _flat(inner, f"{at}.{name}" if at else str(name))
    elif isinstance(reasons, list) and any(isinstance(each, dict) for each in reasons):
        for number, inner in enumerate(reasons):
            yield from _flat(inner, f"{at}.{number}" if at else str(number))
    elif reasons:
        yield at or "body", [str(each) for each in reasons]


class ProblemSerializer(serializers.Serializer[Any]):
    """Why something is refused (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(required=False)
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()), required=False
    )


class OpenSchema(AutoSchema):
    """Describes the refusals of every address beside its answer."""

    def _get_parameters(self) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = super()._get_parameters()
        for each in told:
            if each["in"] == "query" and each["name"] not in ExactPages.bounds:
                each["allowEmptyValue"] = True
        return told

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        for status, text in self._refusals():
            bodies[status] = {
                **self._get_response_for_code(ProblemSerializer, status, media_types=[PROBLEM]),
                "description": text,
            }
        if self.method == "GET":
            unchanged = "Unchanged since the answer whose ETag was sent as If-None-Match."
            bodies["304"] = {"description": unchanged}
        return bodies

    def _refusals(self) -> list[tuple[str, str]]:
        found = [
            ("400", "A parameter, a header or the body makes no sense."),
            ("403", "Only https is spoken here."),
            ("406", "Only JSON is spoken here."),
            ("413", "A body of more than a million bytes is not read."),
            ("415", "Only JSON in UTF-8 is understood here."),
            ("429", "Too many calls; Retry-After says for how long."),
            ("503", "Out of reach for a while; Retry-After says for how long."),
        ]
        return [*found, ("404", "Not there, or not public.")] if "{" in self.path else found


@method_decorator(cache_control(public=True, max_age=FRESH_SECONDS), name="dispatch")
@method_decorator(conditional_page, name="dispatch")
class OpenView(APIView):
    """Open to everybody, without cookies; an unchanged answer is 304."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    throttle_classes = (PerNetwork,)
    pagination_class: type[BasePagination] | None = ExactPages
    schema = OpenSchema()

    def get_exception_handler(self) -> Callable[..., Response | None]:
        return problem
