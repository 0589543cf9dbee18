"""What pages, reports and the API read: the finished figures of last night, one row for each choice."""

import json

from django.conf import settings
from django.db.models import QuerySet

from figures.domain import sheets
from figures.domain.sheets import Sheet
from figures.models import FinishedSheet
from figures.selectors import published
from foundation import prepared


def public_sheet(period: str) -> Sheet:
    """Return what everybody may read of the whole city."""
    return _alone(_contents(True, period, None, ""))


def staff_sheet(period: str, *, provider_id: int | None, field: str) -> Sheet:
    """Return what staff may read of one provider or, None, of the whole city."""
    return _alone(_contents(False, period, provider_id, field))


def are_there() -> bool:
    """True if a night has written them, by the thresholds that hold now."""
    return FinishedSheet.objects.filter(
        persons_shown_from=settings.PERSONS_SHOWN_FROM, givers_shown_from=settings.GIVERS_SHOWN_FROM
    ).exists()


def row_of(
    *, is_public: bool, period: str, provider_id: int | None = None, field: str = ""
) -> QuerySet[FinishedSheet]:
    """Return the one row of a choice, for pages that ask for more in the same question; or none."""
    return FinishedSheet.objects.filter(is_public=is_public, period=period, provider=provider_id, field=field)


def finished(content: object) -> Sheet:
    """Return the sheet that a row keeps; an empty one where the night found nothing to write (None)."""
    if content is None:
        return Sheet(published.counted_on())
    return sheets.read(json.loads(content) if isinstance(content, str) else content)  # type: ignore[arg-type]


def _alone(statement: prepared.Statement) -> Sheet:
    [(content,)] = prepared.rows(statement) or [(None,)]
    return finished(content)


@prepared.statement_of
def _contents(
    is_public: bool, period: str, provider_id: int | None, field: str
) -> QuerySet[FinishedSheet, tuple[object]]:
    row = row_of(is_public=is_public, period=period, provider_id=provider_id, field=field)
    return row.values_list("content")
