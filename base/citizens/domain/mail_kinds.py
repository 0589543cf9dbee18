"""Mails that are a service and no duty: they can be declined, one kind at a time."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class MailKind:
    """A kind of optional mail; `label` is what the settings call it."""

    name: str
    label: Any
