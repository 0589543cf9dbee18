"""Borders of districts that came in a file, and taking them back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.models import User
from programs.domain.imports import RowFate, WhyItStays
from programs.models import DataImport, District, ImportedRow
from programs.services.imports.running import Written


def write_border(run: DataImport, values: Mapping[str, Any], by: User, now: datetime) -> Written:
    """Give a district its new outline, with its source."""
    district = District.objects.select_for_update().filter(pk=values["district"]).first()
    if district is None:
        return Written(RowFate.FAULTY, why=WhyItStays.IS_GONE)
    told = {"geometry": values["geometry"], "geometry_note": values["note"]}
    District._meta.get_field("geometry_note").run_validators(told["geometry_note"])
    before = outline_facts(district)
    if before == told:
        return Written(RowFate.SAME, district.pk)
    _put(district, told)
    return Written(RowFate.CHANGED, district.pk, before, told)


def take_back_border(row: ImportedRow, by: User, now: datetime) -> tuple[RowFate, str]:
    """Give a district the outline it had before; one that was changed since stays."""
    district = District.objects.select_for_update().filter(pk=row.object_id or 0).first()
    if district is None:
        return RowFate.STAYS, WhyItStays.IS_GONE
    if outline_facts(district) != row.after:
        return RowFate.STAYS, WhyItStays.CHANGED_SINCE
    assert row.before is not None
    _put(district, row.before)
    return RowFate.TAKEN_BACK, ""


def outline_facts(district: District) -> dict[str, Any]:
    """Return what is remembered of a district's outline."""
    return {"geometry": district.geometry, "geometry_note": district.geometry_note}


def _put(district: District, told: Mapping[str, Any]) -> None:
    district.geometry, district.geometry_note = told["geometry"], told["geometry_note"]
    district.save(update_fields=["geometry", "geometry_note"])
