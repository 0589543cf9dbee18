"""Walking an OpenAPI description: every address with every parameter, and what may come back."""

import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.test import Client
from jsonschema import Draft202012Validator

DESCRIPTION = "/api/v1/openapi.json"


def description(client: Client) -> dict[str, Any]:
    answer = client.get(DESCRIPTION)
    assert answer.status_code == 200
    told: dict[str, Any] = json.loads(answer.content)
    return told


def requests(schema: dict[str, Any], known: dict[str, str], values: list[str]) -> Iterator[tuple[str, str]]:
    """Yield (path as described, address) of each path bare, then with one parameter after the other.

    A part of the path is what `known` has for the path, and then each of `values`.
    """
    for path, operations in schema["paths"].items():
        operation = operations["get"]
        inside = [each["name"] for each in operation.get("parameters", []) if each["in"] == "path"]
        good = path.format(**{name: known.get(path, "") for name in inside})
        yield path, good
        for parameter in operation.get("parameters", []):
            choices = [str(each) for each in parameter["schema"].get("enum", [])]
            for value in (*choices, *values):
                if parameter["in"] == "path":
                    yield path, path.format(**{parameter["name"]: value})
                else:
                    yield path, f"{good}?{parameter['name']}={value}"


def faults(schema: dict[str, Any], path: str, answer: HttpResponse) -> list[str]:
    """Return in what an answer is not as it is described."""
    described = schema["paths"][path]["get"]["responses"]
    status = str(answer.status_code)
    if status not in described:
        return [f"status {status} is not described"]
    content = described[status].get("content", {})
    kind = answer.get("Content-Type", "")
    if not content:
        return [] if not answer.content else ["there should be no body"]
    if kind not in content:
        return [f"{kind} is not described"]
    whole = {**content[kind]["schema"], "components": schema["components"]}
    errors = Draft202012Validator(whole).iter_errors(json.loads(answer.content))
    return [f"{error.json_path}: {error.message}"[:200] for error in errors]
