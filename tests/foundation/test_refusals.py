"""A refusal that nobody catches says in the log why, as all do: by the word or the number it carries."""

from collections.abc import Iterator
from datetime import UTC, datetime
from enum import Enum
from importlib import import_module
from inspect import isclass, signature
from pkgutil import walk_packages
from typing import Any

import pytest
from django.apps import apps

from foundation.limit_values import GIFTS_PER_CLIENT
from foundation.limits import Limit
from tests.processes import ROOT

SAMPLES = {
    str: "why",
    int: 4200,
    bool: True,
    datetime: datetime(2026, 3, 2, tzinfo=UTC),
    Limit: GIFTS_PER_CLIENT,
}


def refusals() -> Iterator[type[Exception]]:
    """Every exception of the product that is made of one fact."""
    for config in apps.get_app_configs():
        if ".venv" in config.path or not config.path.startswith(str(ROOT)):
            continue
        for found in walk_packages(config.module.__path__, f"{config.name}."):  # type: ignore[union-attr]
            if ".migrations" in found.name or ".management" in found.name:
                continue
            yield from (
                each
                for each in vars(import_module(found.name)).values()
                if isclass(each) and issubclass(each, Exception) and each.__module__ == found.name
                if "__init__" in vars(each) and len(signature(each).parameters) == 1
            )


def sample(refusal: type[Exception]) -> dict[str, Any]:
    (fact,) = signature(refusal, eval_str=True).parameters.values()
    kind = getattr(fact.annotation, "__supertype__", fact.annotation)
    return {fact.name: list(kind)[-1] if issubclass(kind, Enum) else SAMPLES[kind]}


REFUSALS = {f"{each.__module__}.{each.__qualname__}": each for each in refusals()}


@pytest.mark.parametrize("name", REFUSALS)
def test_it_says_what_it_carries(name: str) -> None:
    facts = sample(REFUSALS[name])
    (fact,) = facts.values()
    said = fact.name if isinstance(fact, Limit) else getattr(fact, "value", fact)
    assert str(REFUSALS[name](**facts)) == str(said)


def test_none_is_overlooked() -> None:
    assert len(REFUSALS) >= 12
    assert "volunteers.services.clearances.CertificateRefused" in REFUSALS
