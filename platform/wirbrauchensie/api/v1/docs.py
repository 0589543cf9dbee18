"""The description of the interface, for programs as OpenAPI and for people as a page made of the same."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.settings import patched_settings
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

DESCRIBED = "wirbrauchensie.api.v1.described"
SETTINGS: dict[str, Any] = {
    "OAS_VERSION": "3.1.1",
    "VERSION": "1",
    "DESCRIPTION": "What is public: needs, dates, programmes, purposes and participation.",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "wirbrauchensie.api.v1.docs.with_nulls",
    ],
}


def with_nulls(result: Any, generator: Any, request: Any, public: bool) -> Any:
    """Say of pages what 3.1 says of what may be null: the library still says `nullable` there, as 3.0 did."""
    if isinstance(result, dict):
        told = {key: with_nulls(value, generator, request, public) for key, value in result.items()}
        if told.pop("nullable", False):
            told["type"] = [told["type"], "null"]
        return told
    return (
        [with_nulls(each, generator, request, public) for each in result]
        if isinstance(result, list)
        else result
    )


class Described(SpectacularAPIView):
    """A description for programs; there is one version of it, whatever is asked for.

    The library would write what was asked for into a header, line breaks and all.
    """

    permission_classes = [AllowAny]
    authentication_classes = []

    def _get_version_parameter(self, request: Request) -> None:
        return None


class OpenAPI(Described):
    """The description of this version."""

    urlconf = DESCRIBED
    custom_settings = SETTINGS
    renderer_classes = [OpenApiJsonRenderer]


@dataclass(frozen=True)
class Operation:
    """One address, as a template in `path`; parameters and fields are (name, type in words)."""

    path: str
    text: str
    parameters: list[tuple[str, str]]
    fields: list[tuple[str, str]]

    @property
    def example(self) -> str:
        """What can be opened of it as it stands, or ""."""
        return "" if "{" in self.path else self.path


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """Show every address with its parameters and fields."""
    return render(request, "pages/api.html", {"operations": operations()})


@lru_cache(maxsize=1)
def operations() -> list[Operation]:
    """Return what the description says, address by address."""
    with patched_settings(SETTINGS):
        schema = SchemaGenerator(urlconf=DESCRIBED).get_schema(request=None, public=True)
    parts = schema["components"]["schemas"]
    return [_operation(path, each["get"], parts) for path, each in schema["paths"].items()]


def _operation(path: str, told: dict[str, Any], parts: dict[str, Any]) -> Operation:
    answer = told["responses"]["200"]["content"]["application/json"]["schema"]
    part = _named(answer, parts)
    if "results" in part["properties"]:
        part = _named(part["properties"]["results"]["items"], parts)
    return Operation(
        path,
        told.get("description", ""),
        [(each["name"], _kind(each["schema"], parts)) for each in told.get("parameters", [])],
        [(name, _kind(each, parts)) for name, each in part["properties"].items()],
    )


def _named(schema: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = parts[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return found


def _kind(schema: dict[str, Any], parts: dict[str, Any]) -> str:
    """Return the type in words of JSON, with the values it may have."""
    if "items" in schema:
        return f"array of {_kind(schema['items'], parts)}"
    choices = [each for each in _all_of(schema, parts) if "enum" in each]
    if choices:
        return " | ".join(str(value) for each in choices for value in each["enum"] if value not in ("", None))
    named = _named(schema, parts)
    if "properties" in named:
        return f"{{{', '.join(named['properties'])}}}"
    kind = named.get("type", "any")
    return " | ".join(kind) if isinstance(kind, list) else str(kind)


def _all_of(schema: dict[str, Any], parts: dict[str, Any]) -> list[dict[str, Any]]:
    inner = [*schema.get("allOf", []), *schema.get("oneOf", [])] or [schema]
    return [_named(each, parts) for each in inner]
