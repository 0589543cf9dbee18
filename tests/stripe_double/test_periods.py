"""Billing periods keep the day of the month."""

from datetime import UTC, datetime

import pytest

from workshop.stripe_double.periods import period_end


def seconds(*date):
    return int(datetime(*date, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("anchor", "start", "interval", "count", "end"),
    [
        ((2026, 1, 15, 9), (2026, 1, 15, 9), "month", 1, (2026, 2, 15, 9)),
        ((2026, 1, 31), (2026, 1, 31), "month", 1, (2026, 2, 28)),
        ((2026, 1, 31), (2026, 2, 28), "month", 1, (2026, 3, 31)),
        ((2026, 11, 30), (2026, 11, 30), "month", 3, (2027, 2, 28)),
        ((2026, 12, 5), (2026, 12, 5), "month", 1, (2027, 1, 5)),
        ((2024, 2, 29), (2024, 2, 29), "year", 1, (2025, 2, 28)),
        ((2024, 2, 29), (2027, 2, 28), "year", 1, (2028, 2, 29)),
        ((2026, 3, 28, 1), (2026, 3, 28, 1), "day", 2, (2026, 3, 30, 1)),
        ((2026, 3, 2), (2026, 3, 2), "week", 1, (2026, 3, 9)),
    ],
)
def test_a_period_ends_on_the_anchor_day(anchor, start, interval, count, end):
    assert period_end(seconds(*anchor), seconds(*start), interval, count) == seconds(*end)
