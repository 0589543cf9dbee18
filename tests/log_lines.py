"""What the product has told its log, as operators read it."""

from typing import Any

import pytest


def lines(log: pytest.LogCaptureFixture, module: str, *facts: str) -> list[tuple[Any, ...]]:
    """Return event, level and these facts of every line of this module."""
    told: list[Any] = [each.msg for each in log.records if each.name == module]
    return [tuple(each.get(name) for name in ("event", "level", *facts)) for each in told]
