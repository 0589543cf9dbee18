"""Loading a city's data into editable rows, as often as wanted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from programs.gateways.city_files import (
    ACTIVITIES,
    DECLARATIONS,
    SCHOOL_HOLIDAYS,
    TELEPHONES,
    CityDataError,
    CityFolder,
    Row,
)
from programs.models import (
    City,
    District,
    DistrictFigure,
    Fund,
    HelpTelephone,
    Program,
    Provider,
    SchoolHoliday,
)
from programs.services.city import known_phones, unconfirm_changed_phones
from programs.services.funds import count_versions, texts_by_id
from programs.services.loaded_activities import bring_in_activities
from programs.services.loaded_declarations import bring_in_declarations
from programs.services.loaded_rows import Planned, Tally, bring_in
from programs.services.providers import PROTECTION, prepare_verification, tell_of_verification
from programs.services.school_holidays import school_holidays_changed


@transaction.atomic
def load_city(folder: CityFolder, *, now: datetime) -> list[Tally]:
    """Bring the city in; values that people have changed stay. Raises CityDataError, then nothing changes."""
    other = City.objects.exclude(source_key=folder.slug).first()
    if other is not None:
        raise CityDataError(
            _("Diese Installation gehört schon zu »%(other)s«; jede Stadt hat ihre eigene.")
            % {"other": other.name}
        )
    phones_before = known_phones()
    _city, city_tally = bring_in(City, {folder.slug: folder.city}, "city.json")
    unconfirm_changed_phones(phones_before)
    districts, district_tally = bring_in(
        District,
        {key: _with_slug(key, _without(row, "figures")) for key, row in folder.districts.items()},
        "districts.geojson",
    )
    _figures, figure_tally = bring_in(DistrictFigure, _figures_of(folder, districts), "districts.geojson")
    providers, provider_tally = _bring_in_providers(folder.providers, now)
    programs, program_tally = bring_in(Program, _programs(folder, providers, districts), "programmes.json")
    _join_parts(folder, programs)
    texts_before = texts_by_id()
    _funds, fund_tally = bring_in(Fund, _fund_rows(folder, providers, programs, districts), "funds.json")
    count_versions(texts_before)
    _phones, phone_tally = bring_in(HelpTelephone, folder.telephones, TELEPHONES)
    activity_tally = bring_in_activities(folder.activities, ACTIVITIES, now)
    declaration_tally = bring_in_declarations(folder.declarations, DECLARATIONS, now)
    _free, holiday_tally = bring_in(SchoolHoliday, folder.school_holidays, SCHOOL_HOLIDAYS)
    if holiday_tally.created or holiday_tally.updated:
        school_holidays_changed(now)
    return [
        city_tally,
        district_tally,
        figure_tally,
        provider_tally,
        program_tally,
        fund_tally,
        phone_tally,
        activity_tally,
        declaration_tally,
        holiday_tally,
    ]


def _bring_in_providers(entries: Mapping[str, Row], now: datetime) -> tuple[dict[str, Provider], Tally]:
    """Bring them in; who loses concept or contact is not verified any more, as in the administration."""
    moved: list[Provider] = []

    def keep_protected(planned: list[Planned]) -> None:
        for each in planned:
            if each.row.is_verified and not _is_protected(each.row, each.changes):
                each.changes["is_verified"] = False
            if "is_verified" in each.changes:
                moved.append(each.row)
        prepare_verification(*moved)

    known = set(Provider.objects.exclude(source_key=None).values_list("source_key", flat=True))
    for key, row in entries.items():
        if key not in known and row.get("is_verified") and not all(row.get(name) for name in PROTECTION):
            raise CityDataError(
                _(
                    "providers.json, »%(key)s«: Geprüft ist nur, wer ein Schutzkonzept und eine "
                    "Ansprechperson für Kinderschutz hat."
                )
                % {"key": key}
            )
    found = bring_in(
        Provider,
        {key: _with_slug(key, row) for key, row in entries.items()},
        "providers.json",
        keep_protected,
    )
    for provider in moved:
        tell_of_verification(provider, now=now)
    return found


def _is_protected(row: Provider, changes: Row) -> bool:
    return all(changes.get(name, getattr(row, name)) for name in PROTECTION)


def _with_slug(key: str, row: Row) -> Row:
    return {"slug": key, **row}


def _without(row: Row, name: str) -> Row:
    return {key: value for key, value in row.items() if key != name}


def _figures_of(folder: CityFolder, districts: Mapping[str, District]) -> dict[str, Row]:
    return {
        f"{key}-{figure['kind']}-{figure['year'] or 'undated'}": {**figure, "district": districts[key]}
        for key, row in folder.districts.items()
        for figure in row["figures"]
    }


def _programs(
    folder: CityFolder, providers: Mapping[str, Provider], districts: Mapping[str, District]
) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for key, row in folder.programs.items():
        where = f"programmes.json, »{key}«"
        rows[key] = {
            **_with_slug(key, _without(row, "part_of")),
            "provider": _found(providers, row.get("provider"), where),
            "districts": [_found(districts, each, where) for each in row.get("districts", [])],
        }
    return rows


def _join_parts(folder: CityFolder, programs: Mapping[str, Program]) -> None:
    """Let each Angebot know what it is part of, unless somebody has said so already."""
    for key, row in folder.programs.items():
        whole = _found(programs, row.get("part_of"), f"programmes.json, »{key}«")
        if whole is not None:
            Program.objects.filter(pk=programs[key].pk, part_of=None).update(part_of=whole)


def _fund_rows(
    folder: CityFolder,
    providers: Mapping[str, Provider],
    programs: Mapping[str, Program],
    districts: Mapping[str, District],
) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for key, row in folder.funds.items():
        where = f"funds.json, »{key}«"
        rows[key] = {
            **_with_slug(key, row),
            "provider": _found(providers, row["provider"], where),
            "program": _found(programs, row.get("program"), where),
            "district": _found(districts, row.get("district"), where),
        }
    return rows


def _found(rows: Mapping[str, Any], key: str | None, where: str) -> Any:
    if key is None:
        return None
    if key not in rows:
        raise CityDataError(
            _("%(where)s: den Schlüssel »%(key)s« gibt es nicht.") % {"where": where, "key": key}
        )
    return rows[key]
