"""The night leaves finished sheets: one row for each choice of period, provider and field."""

from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.db import connection

from figures.domain.measures import PERIODS
from figures.domain.sheets import Sheet, written
from figures.models import FinishedSheet
from figures.selectors import counted, published


def refill(counted_on: date) -> None:
    """Make all sheets anew from rollups and steps."""
    FinishedSheet.objects.all().delete()
    FinishedSheet.objects.bulk_create([*_public(counted_on), *_staff(counted_on)], batch_size=500)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE figures_finishedsheet")


def _public(counted_on: date) -> Iterator[FinishedSheet]:
    places = published.places()
    for period in (*PERIODS, *map(str, published.years())):
        columns = published.columns(period, counted_on)
        columns["gifts"] = published.amounts(published.amounts_read(period, counted_on))
        yield _row(Sheet(counted_on, columns, places=places), period, is_public=True)


def _staff(counted_on: date) -> Iterator[FinishedSheet]:
    amounts = {period: published.amounts_read(period, counted_on) for period in PERIODS}
    for (provider_id, field), figures in counted.by_choice().items():
        for period in PERIODS:
            own = published.of_choice(amounts[period], provider_id=provider_id, field=field)
            columns, totals = counted.columns_and_totals(figures, period)
            sheet = Sheet(
                counted_on,
                {**columns, "gifts": published.amounts(own)},
                totals,
                counted.places(figures),
                counted.waiting(figures, period) if provider_id is None else None,
                counted.waits(figures, period) if provider_id is None else {},
            )
            yield _row(sheet, period, provider_id=provider_id, field=field)


def _row(
    sheet: Sheet, period: str, *, is_public: bool = False, provider_id: int | None = None, field: str = ""
) -> FinishedSheet:
    return FinishedSheet(
        is_public=is_public,
        period=period,
        provider_id=provider_id,
        field=field,
        content=written(sheet),
        persons_shown_from=settings.PERSONS_SHOWN_FROM,
        givers_shown_from=settings.GIVERS_SHOWN_FROM,
    )
