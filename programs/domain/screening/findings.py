"""What screening can find, and what follows from it."""

from collections.abc import Iterable
from dataclasses import dataclass

from foundation.choices import TextChoices
from foundation.choices import noop as _


class Kind(TextChoices):
    """What was found."""

    FAMILY = "family", _("Name einer Familie")
    CHILD = "child", _("Name oder Alter eines einzelnen Kindes")
    BIRTH_DATE = "birth_date", _("Geburtsdatum")
    HOME = "home", _("Anschrift einer Wohnung")
    HEALTH = "health", _("Gesundheit eines einzelnen Kindes")
    LIFE = "life", _("Lage einer einzelnen Person oder Familie")
    RELATION = "relation", _("Verwandtschaft einer einzelnen Person")
    DISGUISED = "disguised", _("Wort mit täuschenden oder unsichtbaren Zeichen")
    SINGLE = "single", _("Angabe, die zu einer einzelnen Person führen kann")
    INITIALS = "initials", _("Anfangsbuchstaben eines Namens")
    PERSON = "person", _("Name einer Person")
    DATE = "date", _("Datum, das ein Geburtstag sein kann")
    ADDRESS = "address", _("Straße und Hausnummer")
    PHONE = "phone", _("Telefonnummer")
    EMAIL = "email", _("E-Mail-Adresse")
    UNKNOWN = "unknown", _("Unbekanntes Wort, das ein Name sein kann")


HARD = frozenset({Kind.FAMILY, Kind.CHILD, Kind.BIRTH_DATE, Kind.HOME, Kind.HEALTH, Kind.LIFE, Kind.RELATION})


class Verdict(TextChoices):
    """What becomes of a text."""

    PASS = "pass", _("unbedenklich")
    ASK = "ask", _("von einer zweiten Person zu prüfen")
    REFUSE = "refuse", _("abgelehnt")


class Policy(TextChoices):
    """Where a text goes: to everybody, to the staff alone, or in from outside."""

    PUBLISHED = "published", _("öffentlich")
    KEPT = "kept", _("nur aufbewahrt")
    FOREIGN = "foreign", _("von außen")


@dataclass(frozen=True)
class Spot:
    """A place [start, end) in one text and what was found there."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True)
class Finding:
    """A place [start, end) in a text; `part` is the key of the text, `excerpt` the words found."""

    part: str
    kind: Kind
    excerpt: str
    start: int = 0
    end: int = 0

    @property
    def label(self) -> str:
        """What was found, in words."""
        return str(self.kind.label)

    @property
    def is_hard(self) -> bool:
        """True if the text must not be published with it."""
        return self.kind in HARD


def verdict(findings: Iterable[Finding], policy: Policy) -> Verdict:
    """Return what becomes of a text with these findings under `policy`."""
    found = list(findings)
    if any(finding.is_hard for finding in found):
        return Verdict.REFUSE
    return Verdict.ASK if found and policy == Policy.PUBLISHED else Verdict.PASS
