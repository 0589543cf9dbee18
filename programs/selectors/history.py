"""What happened to an Engagementangebot, in words: who changed what, from what, to what."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Field, ForeignKey, Model
from django.utils.formats import date_format
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.actors import ActorKind
from foundation.history import lines_of
from foundation.models import Event
from programs.domain.closures import ClosureReason
from programs.domain.roles import WiderRole
from programs.models import Membership, Opportunity, Role, ShiftSeries, WeeklySlot

LINES = 30
SHOWN_LETTERS = 140


@dataclass(frozen=True)
class Entry:
    """One item of the timeline."""

    title: str
    text: str
    date: datetime
    lines: list[str] = field(default_factory=list)
    state: str = "done"


def history_of(opportunity: Opportunity) -> list[Entry]:
    """Return what happened to it, the latest first."""
    events = list(lines_of(opportunity).order_by("-at", "-id")[:LINES])
    people = User.objects.in_bulk({event.actor_user for event in events if event.actor_user is not None})
    names = _names_of_rows(events)
    return [
        Entry(_title(event), _who(event, people), event.at, _changes(event.changes or {}, names))
        for event in events
    ]


def _title(event: Event) -> str:
    if event.kind == Event.Kind.TRANSITION:
        return str(Opportunity.Status(event.to_status).label)
    return {Event.Kind.CREATED.value: _("Angelegt"), Event.Kind.CHANGED.value: _("Geändert")}[event.kind]


def _who(event: Event, people: dict[int, User]) -> str:
    if event.actor_kind != ActorKind.USER:
        return _("automatisch")
    labels = dict([*Membership.Role.choices, *WiderRole.choices])
    person = people.get(event.actor_user or 0)
    roles = ", ".join(str(labels.get(role, role)) for role in event.actor_role.split(", ") if role)
    name = str(person) if person else _("gelöschtes Konto")
    return f"{name} ({roles})" if roles else name


def _changes(changes: dict[str, list[Any]], names: dict[tuple[type[Model], int], str]) -> list[str]:
    fields = {each.column: each for each in Opportunity._meta.concrete_fields} | _facts_of_roles()
    lines = []
    for column, (before, after) in sorted(changes.items()):
        if column == "weekly_slot":
            lines.append(f"{_('Wöchentliche Zeit')}: {_slot(before)} → {_slot(after)}")
        elif column == "series":
            lines.append(f"{_('Zeiten')}: {_rhythm(before)} → {_rhythm(after)}")
        elif column == "closure":
            lines.append(f"{_('Termine fallen aus')}: {_closed(before)} → {_closed(after)}")
        elif column == "role":
            lines += _role_lines(before, after, names)
        elif column == "role_name":
            lines.append(f"{_('Aufgabe')}: {_named(before)} → {_named(after)}")
        elif column in fields:
            shown = fields[column]
            words = [_words(shown, value, names) for value in (before, after)]
            lines.append(f"{capfirst(str(shown.verbose_name))}: {words[0]} → {words[1]}")
    return lines


def _role_lines(
    before: dict[str, Any], after: dict[str, Any], names: dict[tuple[type[Model], int], str]
) -> list[str]:
    """Return a line for each fact of a role that changed, with its name; that has a line of its own."""
    lines = []
    for column, shown in _facts_of_roles().items():
        if before[column] != after[column]:
            words = [_words(shown, each[column], names) for each in (before, after)]
            label = f"{after['name'] or before['name']}: {capfirst(str(shown.verbose_name))}"
            lines.append(f"{label}: {words[0]} → {words[1]}")
    return lines


def _facts_of_roles() -> "dict[str, Field[Any, Any]]":
    """What the history follows of a role: programs.0018 counts neither places nor prices."""
    names = (
        "places",
        "skills",
        "languages",
        "minimum_age",
        "activity",
        "contact_with_minors",
        "clearance_required",
    )
    found = [Role._meta.get_field(name) for name in names]
    return {str(each.column): each for each in found if isinstance(each, Field)}


def _named(values: dict[str, str | None] | None) -> str:
    return (values or {}).get("name") or "–"


def _words(shown: "Field[Any, Any]", value: Any, names: dict[tuple[type[Model], int], str]) -> str:
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    if isinstance(shown, ForeignKey):
        return names.get((shown.related_model, value), f"#{value}")
    if isinstance(shown, ArrayField):
        labels = dict(shown.base_field.choices or ())
        return ", ".join(str(labels.get(each, each)) for each in value)
    if shown.get_internal_type() == "DateField":
        return date_format(date.fromisoformat(value), "j. F Y")
    labels = dict(shown.flatchoices)
    return Truncator(str(labels.get(value, value))).chars(SHOWN_LETTERS)


def _slot(values: dict[str, int] | None) -> str:
    if values is None:
        return "–"
    slot = WeeklySlot(**values)
    return f"{slot}–{slot.end_minute // 60:02}:{slot.end_minute % 60:02}"


def _rhythm(values: dict[str, Any] | None) -> str:
    if values is None:
        return "–"
    days = {name: [date.fromisoformat(day) for day in values[name]] for name in ("rdates", "exdates")}
    return ShiftSeries(**{**values, **days}).rhythm_text


def _closed(values: dict[str, Any] | None) -> str:
    if values is None:
        return "–"
    days = [
        date_format(date.fromisoformat(day), "j. F Y")
        for day in (values["from_on"], values["until_on"])
        if day
    ]
    reason = ClosureReason(values["reason"]).label
    when = "–".join(dict.fromkeys(days))
    if values.get("only_id"):
        when = _("ein Termin am %(day)s") % {"day": when}
    return f"{when} ({reason})"


def _values_of(event: Event, column: str) -> list[Any]:
    """Return what the column was before and after, of the task or of a role."""
    changes = event.changes or {}
    return [*changes.get(column, ()), *(each.get(column) for each in changes.get("role", ()))]


def _names_of_rows(events: Iterable[Event]) -> dict[tuple[type[Model], int], str]:
    """Return what the rows are called that an old or new value points to; a deleted one is missing."""
    wanted: dict[type[Model], set[int]] = {}
    for key in (*Opportunity._meta.concrete_fields, *_facts_of_roles().values()):
        if isinstance(key, ForeignKey):
            found = [each for event in events for each in _values_of(event, key.column) if each]
            wanted.setdefault(key.related_model, set()).update(found)
    return {
        (model, row.pk): str(row)
        for model, pks in wanted.items()
        if pks
        for row in model._base_manager.filter(pk__in=pks)
    }
