"""How long the history is kept: three years, where money is concerned ten from the end of the year."""

from datetime import UTC, datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta

from foundation.models import Event
from foundation.sweeps import run

pytestmark = pytest.mark.django_db
SWEEP = "foundation.purge_history"


def lines(app_label: str, model: str, *moments: datetime) -> None:
    Event.objects.bulk_create(
        Event(
            at=at,
            kind="transition",
            app_label=app_label,
            model=model,
            object_id=1,
            to_status="open",
            actor_kind="system",
        )
        for at in moments
    )


def left() -> list[datetime]:
    return list(Event.objects.order_by("at").values_list("at", flat=True))


def test_lines_go_after_three_years(now: datetime) -> None:
    term = now - relativedelta(years=3)
    young = [term, term + timedelta(seconds=1), now]
    lines("volunteers", "offer", term - timedelta(microseconds=1), term - timedelta(days=900), *young)
    assert run(SWEEP, now) == 2
    assert left() == young
    assert run(SWEEP, now) == 0


def test_lines_about_money_go_ten_years_after_the_end_of_their_year() -> None:
    new_year = datetime(2016, 12, 31, 23, 0, tzinfo=UTC)  # midnight in Düren
    lines("donations", "donation", new_year - timedelta(seconds=1), new_year)
    assert run(SWEEP, datetime(2026, 12, 31, 22, 59, tzinfo=UTC)) == 0
    assert run(SWEEP, datetime(2026, 12, 31, 23, 0, tzinfo=UTC)) == 1
    assert left() == [new_year]


def test_a_great_many_go_in_one_run(now: datetime) -> None:
    old = now - timedelta(days=4000)
    lines("programs", "opportunity", *[old + timedelta(seconds=number) for number in range(5_001)], now)
    assert run(SWEEP, now) == 5_001
    assert left() == [now]
