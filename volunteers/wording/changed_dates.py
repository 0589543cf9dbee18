"""What has become of a date, in one sentence."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from foundation.formats import date_long, time_range
from programs.domain.changed_dates import ChangedDate
from programs.models import Shift

MOST_TOLD = 12


@dataclass(frozen=True)
class ToldDate:
    """A changed date in words, with the moment it is about."""

    text: str
    at: datetime


def told_dates(changes: Iterable[tuple[ChangedDate, Shift]]) -> list[ToldDate]:
    """Return what has changed from what people last knew to the dates as they are; at most twelve lines."""
    told = [ToldDate(text, before.starts_at) for before, shift in changes if (text := _text(before, shift))]
    if len(told) <= MOST_TOLD:
        return told
    rest = _("und %(count)d weitere Termine, siehe „Meine Seite“") % {"count": len(told) - MOST_TOLD}
    return [*told[:MOST_TOLD], ToldDate(rest, told[MOST_TOLD].at)]


def _text(before: ChangedDate, shift: Shift) -> str:
    is_same = (shift.starts_at, shift.ends_at) == (before.starts_at, before.ends_at)
    was, becomes = _when(before.starts_at, before.ends_at), _when(shift.starts_at, shift.ends_at)
    if shift.is_cancelled:
        return "" if before.was_cancelled else _cancelled(was, shift)
    if before.was_cancelled:
        return _("%(when)s: findet doch statt") % {"when": becomes}
    return "" if is_same else _("statt %(was)s: %(becomes)s") % {"was": was, "becomes": becomes}


def _cancelled(was: str, shift: Shift) -> str:
    if shift.closure is None:
        return _("%(when)s: fällt aus") % {"when": was}
    return _("%(when)s: fällt aus (%(reason)s)") % {"when": was, "reason": shift.closure.reason_text}


def _when(starts_at: datetime, ends_at: datetime) -> str:
    return f"{date_long(starts_at)}, {time_range(starts_at, ends_at)}"
