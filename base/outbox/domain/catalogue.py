"""What a mail of the product is, before anybody writes one: each app lists its own in a catalogue."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any


@dataclass(frozen=True)
class MailKind:
    """A kind of optional mail; `label` is what the settings call it."""

    name: str
    label: Any


@dataclass(frozen=True)
class Mail:
    """One mail: its folder under `templates/emails/`, its keys, and how it may reach somebody.

    `key` is the pattern of the keys that name its business events, `*` for what tells one from another.
    Without `optional` it is necessary: nobody can decline the answer to their own act. `as_letter`: it says
    all it has to say on paper too, for people without an address.
    """

    template: str
    key: str
    optional: MailKind | None = None
    as_letter: bool = False

    def names(self, key: str) -> bool:
        """Whether `key` is one of this mail."""
        return fnmatchcase(key, self.key)
