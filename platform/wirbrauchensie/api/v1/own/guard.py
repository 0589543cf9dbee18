"""Who comes with a key: recognised, held to its rights and its pace, and every write done once."""

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any, ClassVar

import structlog
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from foundation.actors import staff
from foundation.clock import utc_now
from foundation.history import acting
from foundation.limit_values import API_CALLS_PER_TOKEN
from foundation.limits import LimitReached, take
from programs.domain.tokens import Scope
from programs.models import ApiToken
from programs.services.api_answers import Answer, OtherBody, answer_once
from programs.services.api_tokens import token_of
from wirbrauchensie.api.v1.open_data import OpenSchema, Pace, PerNetwork, problem

log = structlog.get_logger(__name__)
_KEY = re.compile(r"[\x21-\x7e]{8,100}")
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 8, "maxLength": 100, "pattern": "^[!-~]*$"},
    OpenApiParameter.HEADER,
    required=True,
    description="8 to 100 visible characters, one for each write; the same one gets the same answer.",
)


class Conflict(exceptions.APIException):
    """What is asked for cannot be done as things stand."""

    status_code = 409


class KeyUsedOtherwise(exceptions.APIException):
    """The idempotency key came before with something else."""

    status_code = 422
    default_detail = "This Idempotency-Key was used for another request."


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer wbs_…`; without one nobody is anybody here."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _blank, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not text:
            return None
        token = token_of(text.strip(), now=utc_now())
        if token is None:
            log.warning("api_key_refused")
            _count_as_read(request)
            raise exceptions.AuthenticationFailed("This key opens nothing.")
        structlog.contextvars.bind_contextvars(api_key=token.pk)
        return token.created_by, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def key_of(request: Request) -> ApiToken:
    """Return the key that a request came with."""
    token: Any = request.auth
    assert isinstance(token, ApiToken)
    return token


def _count_as_read(request: Request) -> None:
    """Count a wrong key as a read of its network. Raises Throttled."""
    try:
        PerNetwork().count(request)
    except LimitReached as reached:
        raise exceptions.Throttled(reached.retry_after) from reached


class BearerTokenScheme(OpenApiAuthenticationExtension):
    """How the description names it."""

    target_class = "wirbrauchensie.api.v1.own.guard.BearerToken"
    name = "providerKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class WithinScope(BasePermission):
    """The key has the right that the method asks for; a method that is not there asks for none."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        assert isinstance(view, OwnView)
        if request.auth is None:
            return False
        wanted = view.scopes.get(request.method or "")
        return wanted is None or wanted in key_of(request).scopes


class PerToken(Pace):
    """So many calls per key, from wherever they come."""

    def count(self, request: Request) -> None:
        take(API_CALLS_PER_TOKEN, str(key_of(request).pk), now=utc_now())


class OwnSchema(OpenSchema):
    """Describes what a key can be refused beside what anybody can."""

    def _refusals(self) -> list[tuple[str, str]]:
        found = [
            *super()._refusals(),
            ("401", "No key, or one that opens nothing."),
            ("403", "The key has no right to this; or only https is spoken here."),
        ]
        writing = [
            ("409", "It cannot be done as things stand."),
            ("422", "The Idempotency-Key was used for another request."),
        ]
        return found if self.method == "GET" else [*found, *writing]


@method_decorator(cache_control(private=True, no_cache=True), name="dispatch")
@method_decorator(conditional_page, name="dispatch")
class OwnView(APIView):
    """Open to keys alone; `scopes` has the right that each method asks for."""

    authentication_classes = (BearerToken,)
    permission_classes = (WithinScope,)
    throttle_classes = (PerToken,)
    schema = OwnSchema()
    scopes: ClassVar[dict[str, Scope]] = {}

    def get_exception_handler(self) -> Callable[..., Response | None]:
        return problem

    def once(self, request: Request, act: Callable[[User], Answer]) -> Response:
        """Do `act` for whoever answers for the key, once for each idempotency key."""
        token = key_of(request)
        key = request.headers.get("Idempotency-Key", "")
        if not _KEY.fullmatch(key):
            raise exceptions.ValidationError({"Idempotency-Key": ["8 to 100 visible characters."]})
        said = json.dumps([request.method, request.path, request.data], sort_keys=True)
        fingerprint = hashlib.sha256(said.encode()).hexdigest()
        author = token.created_by
        try:
            with acting(staff(author.pk, "api"), "api-v1-own"):
                answer = answer_once(token, key, fingerprint, lambda: act(author), now=utc_now())
        except OtherBody as error:
            raise KeyUsedOtherwise from error
        headers = {"Idempotent-Replayed": "true"} if answer.is_again else {}
        return Response(answer.body, status=answer.status, headers=headers)
