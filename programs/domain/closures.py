"""Why dates do not take place, and which days that covers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from foundation.choices import TextChoices
from foundation.choices import noop as _


class ClosureReason(TextChoices):
    """What the people concerned are told."""

    ILLNESS = "illness", _("Krankheit beim Träger")
    CLOSED = "closed", _("Das Haus ist geschlossen")
    HOLIDAYS = "holidays", _("Ferien oder Feiertag")
    NOT_NEEDED = "not_needed", _("Die Hilfe wird an diesem Tag nicht gebraucht")
    OTHER = "other", _("Anderer Grund")


@dataclass(frozen=True)
class ClosedDays:
    """Days without dates, both ends included; no last day means until further notice.

    With `only`, the key of a date, it is about that date alone, wherever it is moved.
    """

    key: int
    from_on: date
    until_on: date | None
    only: int | None = None

    def covers(self, day: date, shift: int | None = None) -> bool:
        """Whether the date `shift`, on that day, does not take place; without one any date of that day."""
        if self.only is not None:
            return self.only == shift
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)


def closure_of(day: date, closed: Iterable[ClosedDays], shift: int | None = None) -> int | None:
    """Return the key of the first closure that covers the date `shift` on `day`, or None."""
    return next((each.key for each in closed if each.covers(day, shift)), None)
