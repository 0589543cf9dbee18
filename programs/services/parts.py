"""What the apps above add to the page of an Engagementangebot for those who run it.

They register, so that this app need not know them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from programs.models import Opportunity


@dataclass(frozen=True)
class Section:
    """One app's share of the page: a template and what it shows."""

    template: str
    context: Mapping[str, Any]


Asked = Callable[[], bool]
MakeSection = Callable[[Opportunity, Asked, datetime], Section | None]
_sections: list[MakeSection] = []


def register(make: MakeSection) -> None:
    """Add a section; `make` is given the task, a way to ask if its reader sees all, and the moment."""
    _sections.append(make)


def sections_of(opportunity: Opportunity, *, sees_all: Asked, now: datetime) -> list[Section]:
    """Return what there is to show."""
    made = [make(opportunity, sees_all, now) for make in _sections]
    return [section for section in made if section is not None]
