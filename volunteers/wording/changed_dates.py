"""What has become of a date, in one sentence."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.formats import date_long, time_range
from programs.domain.changed_dates import ChangedDate
from programs.models import Shift
from volunteers.domain.seats import ReleaseReason

MOST_TOLD = 12


@dataclass(frozen=True)
class ToldDate:
    """A changed date in words, the moment it is about, and whether the person is to come at a new time."""

    text: str
    at: datetime
    is_to_come: bool


@dataclass(frozen=True)
class Change:
    """A date of somebody: as they last knew it, as it is; `released_for` says why they are not expected."""

    before: ChangedDate
    shift: Shift
    was_released: bool
    released_for: str


def told_dates(changes: Iterable[Change]) -> list[ToldDate]:
    """Return what has changed from what people last knew to the dates as they are; at most twelve lines."""
    told = [
        ToldDate(text, each.before.starts_at, _is_to_come(each)) for each in changes if (text := _text(each))
    ]
    if len(told) <= MOST_TOLD:
        return told
    more = len(told) - MOST_TOLD
    rest = ngettext(
        "und %(count)d weiterer Termin, siehe „Meine Seite“",
        "und %(count)d weitere Termine, siehe „Meine Seite“",
        more,
    ) % {"count": more}
    is_to_come = any(each.is_to_come for each in told[MOST_TOLD:])
    return [*told[:MOST_TOLD], ToldDate(rest, told[MOST_TOLD].at, is_to_come)]


def _is_to_come(change: Change) -> bool:
    return not change.shift.is_cancelled and not change.released_for


def _text(change: Change) -> str:
    before, shift = change.before, change.shift
    if change.released_for and not shift.is_cancelled:
        return "" if change.was_released else _released(change)
    if change.was_released and not shift.is_cancelled:
        return _("%(when)s: Sie sind jetzt doch eingeteilt") % {"when": _when(shift.starts_at, shift.ends_at)}
    is_same = (shift.starts_at, shift.ends_at) == (before.starts_at, before.ends_at)
    was, becomes = _when(before.starts_at, before.ends_at), _when(shift.starts_at, shift.ends_at)
    if shift.is_cancelled:
        return "" if before.was_cancelled else _cancelled(was, shift)
    if before.was_cancelled:
        return _("%(when)s: findet doch statt") % {"when": becomes}
    return "" if is_same else _("statt %(was)s: %(becomes)s") % {"was": was, "becomes": becomes}


def _released(change: Change) -> str:
    when = _when(change.shift.starts_at, change.shift.ends_at)
    if change.released_for == ReleaseReason.FULL:
        return _("%(when)s: hier kommen Sie nicht, die Plätze sind an diesem Tag schon vergeben") % {
            "when": when
        }
    if change.released_for == ReleaseReason.AGE:
        return _("%(when)s: hier kommen Sie nicht, so spät ist es nichts für Freiwillige unter 18") % {
            "when": when
        }
    if change.released_for == ReleaseReason.MINOR:
        return _("%(when)s: hier kommen Sie nicht, eine Vertretung muss mindestens 18 sein") % {"when": when}
    if change.released_for == ReleaseReason.LACKING:
        return _("%(when)s: hier kommen Sie nicht, für diesen Tag fehlt, was die Aufgabe verlangt") % {
            "when": when
        }
    return _("%(when)s: hier kommen Sie nicht, Sie sind dann schon in einer anderen Aufgabe eingeteilt") % {
        "when": when
    }


def _cancelled(was: str, shift: Shift) -> str:
    if shift.closure is None:
        return _("%(when)s: fällt aus") % {"when": was}
    return _("%(when)s: fällt aus (%(reason)s)") % {"when": was, "reason": shift.closure.reason_text}


def _when(starts_at: datetime, ends_at: datetime) -> str:
    return f"{date_long(starts_at)}, {time_range(starts_at, ends_at)}"
