"""The first versions of what people sign: brought in once, then the youth office's own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from programs.domain.activities import VersionStatus
from programs.domain.declarations import DeclarationKind
from programs.gateways.city_files import CityDataError
from programs.models import Declaration
from programs.services.loaded_rows import Tally


def bring_in_declarations(entries: Mapping[str, Mapping[str, Any]], where: str, now: datetime) -> Tally:
    """Add the first version of each kind that has none; it holds, and counts as not confirmed.

    Raises CityDataError naming `where` and the entry.
    """
    there = set(Declaration.objects.values_list("kind", flat=True))
    tally = Tally(str(Declaration._meta.verbose_name_plural), unchanged=len(there & entries.keys()))
    for kind, facts in entries.items():
        if kind not in there:
            version = Declaration(
                kind=kind, number=1, status=VersionStatus.IN_FORCE, status_changed_at=now, **facts
            )
            _check(version, f"{where}, »{kind}«")
            version.save()
            tally.created += 1
    return tally


def _check(version: Declaration, where: str) -> None:
    if version.kind not in DeclarationKind.values:
        raise CityDataError(f"{where}: {', '.join(DeclarationKind.values)}")
    try:
        version.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise CityDataError(f"{where}: {' '.join(error.messages)}") from error
