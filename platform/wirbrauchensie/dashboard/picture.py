"""The one picture: help beside need by district, the largest gap first, and its finding in a sentence."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.formats import whole_number
from programs.models import District
from wirbrauchensie.dashboard.selectors import Line, Report

Address = Callable[[District], str]


@dataclass(frozen=True)
class Gap:
    """A district's bar: how much of it is help and how much is missing, in percent of the longest one."""

    name: str
    href: str
    help_width: float
    gap_width: float
    missing: str
    places: str


@dataclass(frozen=True)
class Picture:
    """The finding, the bars, and the districts without tasks."""

    finding: str
    gaps: list[Gap]
    without_tasks: str


def picture(report: Report, address: Address) -> Picture:
    """Draw `report`; `address` says where something can be done for a district."""
    lines = [line for line in report.lines if line.district]
    with_tasks = sorted((line for line in lines if line.places), key=lambda line: -line.gap)
    longest = max((line.places for line in with_tasks), default=1)
    return Picture(
        _of_task(report) if report.task else _finding(with_tasks, is_exact=report.is_exact),
        [_gap(line, longest, address, is_exact=report.is_exact) for line in with_tasks],
        ", ".join(line.district.name for line in lines if line.district and not line.places),
    )


def _of_task(report: Report) -> str:
    gap = sum(line.gap for line in report.lines)
    if not gap:
        return _("Bei „%(task)s“ sind alle Plätze besetzt") % {"task": report.task}
    words = ngettext("Bei „%(task)s“ fehlt %(gap)s Mensch", "Bei „%(task)s“ fehlen %(gap)s Menschen", gap)
    return words % {"task": report.task, "gap": whole_number(gap)}


def _finding(lines: list[Line], *, is_exact: bool) -> str:
    if not lines or lines[0].district is None:
        return _("Zurzeit sucht niemand Menschen, die helfen")
    where, gap = lines[0].district.name, lines[0].gap
    if not gap:
        return _("In jedem Stadtteil sind alle Plätze besetzt")
    if is_exact:
        words = ngettext("In %(where)s fehlt %(gap)s Mensch", "In %(where)s fehlen %(gap)s Menschen", gap)
    else:
        words = ngettext(
            "In %(where)s fehlt höchstens %(gap)s Mensch",
            "In %(where)s fehlen bis zu %(gap)s Menschen",
            gap,
        )
    return words % {"where": where, "gap": whole_number(gap)}


def _gap(line: Line, longest: int, address: Address, *, is_exact: bool) -> Gap:
    assert line.district is not None
    return Gap(
        line.district.name,
        address(line.district),
        round(100 * line.taken / longest, 1),
        round(100 * line.gap / longest, 1),
        _missing(line.gap, is_exact=is_exact),
        _places(line, is_exact=is_exact),
    )


def _missing(gap: int, *, is_exact: bool) -> str:
    if is_exact or not gap:
        return ngettext("%(gap)s fehlt", "%(gap)s fehlen", gap) % {"gap": whole_number(gap)}
    return _("bis zu %(gap)s fehlen") % {"gap": whole_number(gap)}


def _places(line: Line, *, is_exact: bool) -> str:
    places = ngettext("%(places)s Platz", "%(places)s Plätze", line.places) % {
        "places": whole_number(line.places)
    }
    if not line.taken and not is_exact:
        return places
    words = _("%(places)s, %(taken)s besetzt") if is_exact else _("%(places)s, mindestens %(taken)s besetzt")
    return words % {"places": places, "taken": whole_number(line.taken)}
