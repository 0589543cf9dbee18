"""Figures of districts that came in a file, and taking them back."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from accounts.models import User
from programs.domain.imports import RowFate, WhyItStays
from programs.models import DataImport, District, DistrictFigure, ImportedRow
from programs.services.imports.running import Written


def write_figure(run: DataImport, values: Mapping[str, Any], by: User, now: datetime) -> Written:
    """Write one figure; of the same kind and year there is only one."""
    district = District.objects.filter(pk=values["district"]).first()
    if district is None:
        return Written(RowFate.FAULTY, why=WhyItStays.IS_GONE)
    told = {"value": str(values["value"]), "source": values["source"]}
    DistrictFigure._meta.get_field("source").run_validators(told["source"])
    same = {"district": district, "kind": values["kind"], "year": values["year"]}
    # Known to a later `load_city`, which then leaves it as a person's.
    key = f"{district.source_key}-{values['kind']}-{values['year']}" if district.source_key else None
    figure, is_new = DistrictFigure.objects.select_for_update().get_or_create(
        **same,
        defaults={"value": Decimal(told["value"]), "source": told["source"], "source_key": key},
    )
    if is_new:
        return Written(RowFate.NEW, figure.pk, None, told)
    before = facts_of(figure)
    if Decimal(before["value"]) == Decimal(told["value"]) and before["source"] == told["source"]:
        return Written(RowFate.SAME, figure.pk)
    _put(figure, told)
    return Written(RowFate.CHANGED, figure.pk, before, told)


def take_back_figure(row: ImportedRow, by: User, now: datetime) -> tuple[RowFate, str]:
    """Put back what stood there before; a figure that somebody has changed since stays."""
    figure = DistrictFigure.objects.select_for_update().filter(pk=row.object_id or 0).first()
    if figure is None:
        return RowFate.STAYS, WhyItStays.IS_GONE
    now_there, brought = facts_of(figure), row.after
    assert brought is not None
    if (Decimal(now_there["value"]), now_there["source"]) != (Decimal(brought["value"]), brought["source"]):
        return RowFate.STAYS, WhyItStays.CHANGED_SINCE
    if row.before is None:
        figure.delete()
    else:
        _put(figure, row.before)
    return RowFate.TAKEN_BACK, ""


def facts_of(figure: DistrictFigure) -> dict[str, str]:
    """Return what a figure says, as it is remembered."""
    return {"value": str(figure.value), "source": figure.source}


def _put(figure: DistrictFigure, told: Mapping[str, str]) -> None:
    figure.value, figure.source = Decimal(told["value"]), told["source"]
    figure.save(update_fields=["value", "source"])
