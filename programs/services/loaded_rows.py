"""Bringing loaded values into rows that people may edit.

A field follows the data as long as it still holds what was loaded last (`loaded_values`). What a person has
changed stays changed; setting it back to the loaded value makes it follow again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.utils.translation import gettext as _

from programs.gateways.city_files import CityDataError
from programs.models.loaded import LoadedRow

Loaded = TypeVar("Loaded", bound=LoadedRow)
Values = Mapping[str, Any]


@dataclass
class Tally:
    """What a load did to one kind of row; `kept` counts fields that people had changed."""

    noun: str
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0
    gone: int = 0


@dataclass
class Planned:
    """What a load is about to write into one row: the columns that change, and what it remembers of all."""

    row: Any
    changes: dict[str, Any]
    remembered: dict[str, Any]


def bring_in(
    model: type[Loaded],
    entries: Mapping[str, Values],
    where: str,
    before_writing: Callable[[list[Planned]], None] = lambda planned: None,
) -> tuple[dict[str, Loaded], Tally]:
    """Create or update one row of `model` per key of `entries`; return the rows by key and the tally.

    Values are JSON values, model instances for foreign keys, lists of instances for many-to-many fields.
    `before_writing` is told what changes in rows that are there, and may add to it.
    Raises CityDataError naming `where` (the file), the entry and the field.
    """
    tally = Tally(str(model._meta.verbose_name_plural))
    links = [field.name for field in model._meta.many_to_many]
    rows = {
        row.source_key: row
        for row in model._default_manager.exclude(source_key=None).prefetch_related(*links)
        if row.source_key is not None
    }
    tally.gone = len(rows.keys() - entries.keys())
    fresh: dict[str, Loaded] = {}
    planned: list[Planned] = []
    for key, values in entries.items():
        cleaned = _cleaned(model, values, f"{where}, »{key}«")
        if key in rows:
            planned.append(_planned(rows[key], cleaned, tally))
        else:
            fresh[key] = model(source_key=key, **{k: v for k, v in cleaned.items() if k not in links})
            fresh[key].loaded_values = {name: _plain(value) for name, value in cleaned.items()}
    before_writing(planned)
    for each in planned:
        if each.changes or each.remembered != each.row.loaded_values:
            _write(each.row, each.changes, each.remembered)
        tally.updated += bool(each.changes)
        tally.unchanged += not each.changes
    _create(model, fresh, entries, links, where)
    tally.created = len(fresh)
    return {**rows, **fresh}, tally


def _cleaned(model: type[LoadedRow], values: Values, where: str) -> dict[str, Any]:
    cleaned: dict[str, Any] = {}
    for name, value in values.items():
        field = model._meta.get_field(name)
        if field.is_relation:
            cleaned[name] = value
            continue
        try:
            typed = str(value) if isinstance(value, float) and _is_decimal(field) else value
            cleaned[name] = field.clean(typed, None)  # type: ignore[union-attr]
        except ValidationError as error:
            raise CityDataError(f"{where}, {name}: {' '.join(error.messages)}") from error
        except (TypeError, ValueError, AttributeError) as error:
            raise CityDataError(f"{where}, {name}: {_('falsche Art von Angabe')} ({value!r})") from error
    return cleaned


def _is_decimal(field: object) -> bool:
    return isinstance(field, models.DecimalField)


def _plain(value: Any) -> Any:
    """Return the JSON form in which a value is remembered and compared."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | models.QuerySet) and all(isinstance(each, models.Model) for each in value):
        return sorted(each.pk for each in value)
    return value


def _current(row: LoadedRow, name: str) -> Any:
    field = row._meta.get_field(name)
    if field.many_to_many:
        return _plain(list(getattr(row, name).all()))
    return _plain(getattr(row, getattr(field, "attname", name)))


def _planned(row: LoadedRow, cleaned: Values, tally: Tally) -> Planned:
    remembered = dict(row.loaded_values)
    changed: list[str] = []
    for name, value in cleaned.items():
        current, wanted = _current(row, name), _plain(value)
        if current == wanted:
            remembered[name] = wanted
        elif name in remembered and remembered[name] != current:
            tally.kept += 1
        elif name in remembered or _is_untouched(row, name):
            remembered[name] = wanted
            changed.append(name)
        else:
            tally.kept += 1
    return Planned(row, {name: cleaned[name] for name in changed}, remembered)


def _is_untouched(row: LoadedRow, name: str) -> bool:
    """True if a field that was never loaded still holds its default."""
    field = row._meta.get_field(name)
    if field.many_to_many:
        return not _current(row, name)
    return bool(getattr(row, name) == field.get_default())  # type: ignore[union-attr]


def _write(row: LoadedRow, changes: Values, remembered: dict[str, Any]) -> None:
    row.loaded_values = remembered
    columns = ["loaded_values"]
    for name, value in changes.items():
        if row._meta.get_field(name).many_to_many:
            getattr(row, name).set(value)
        else:
            setattr(row, name, value)
            columns.append(name)
    _refusing_doubles(lambda: row.save(update_fields=columns), str(row))


def _create(
    model: type[Loaded],
    fresh: Mapping[str, Loaded],
    entries: Mapping[str, Values],
    links: list[str],
    where: str,
) -> None:
    _refusing_doubles(lambda: model._default_manager.bulk_create(fresh.values()), where)
    for key, row in fresh.items():
        for name in links:
            if entries[key].get(name):
                getattr(row, name).set(entries[key][name])


def _refusing_doubles(write: Any, where: str) -> None:
    try:
        write()
    except IntegrityError as error:
        detail = str(error).strip().splitlines()[-1]
        raise CityDataError(
            _("%(where)s: verträgt sich nicht mit vorhandenen Zeilen (%(detail)s).")
            % {"where": where, "detail": detail}
        ) from error
