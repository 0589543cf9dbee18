"""§ 72a SGB VIII to the day: which certificate may be inspected, how long it counts, when its row must go."""

from datetime import date

import pytest

from volunteers.domain.clearance_rules import ClearanceRules, InspectedUse

RULES = ClearanceRules(certificate_months=3, renewal_years=5, kept_months=3)
TODAY = date(2026, 5, 31)


@pytest.mark.parametrize(
    ("certificate_on", "why"),
    [
        (date(2026, 6, 1), "in_future"),
        (date(2026, 5, 31), None),
        (date(2026, 2, 28), None),
        (date(2026, 2, 27), "too_old"),
    ],
)
def test_a_certificate_is_at_most_three_months_old(certificate_on: date, why: str | None) -> None:
    assert RULES.refusal(certificate_on, TODAY) == why


@pytest.mark.parametrize(
    ("recorded_on", "certificate_on", "why"),
    [
        (date(2026, 3, 10), date(2026, 6, 1), "in_future"),
        (date(2026, 3, 10), date(2026, 5, 31), None),
        (date(2026, 1, 10), date(2026, 4, 10), None),
        (date(2026, 1, 10), date(2026, 4, 11), "other_certificate"),
        (date(2026, 3, 10), date(2025, 12, 10), None),
        (date(2026, 3, 10), date(2025, 12, 9), "other_certificate"),
    ],
)
def test_a_typing_error_stays_within_the_same_months(
    recorded_on: date, certificate_on: date, why: str | None
) -> None:
    assert RULES.correction_refusal(recorded_on, certificate_on, TODAY) == why


def test_an_inspection_counts_for_five_years() -> None:
    assert RULES.due_on(date(2024, 2, 29)) == date(2029, 2, 28)
    assert RULES.counts(date(2021, 6, 1), TODAY)
    assert not RULES.counts(date(2021, 5, 31), TODAY)


@pytest.mark.parametrize(
    ("certificate_on", "days"),
    [
        (date(2021, 8, 30), None),
        (date(2021, 8, 29), 90),
        (date(2021, 7, 1), 90),
        (date(2021, 6, 30), 30),
        (date(2021, 6, 1), 30),
        (date(2021, 5, 31), None),
    ],
)
def test_people_are_reminded_ninety_and_thirty_days_before(certificate_on: date, days: int | None) -> None:
    assert RULES.reminder(certificate_on, TODAY) == days
    first, last = RULES.days_to_remind_of(TODAY)
    assert (first, last) == (date(2021, 5, 30), date(2021, 8, 30))
    assert days is None or first <= certificate_on <= last


@pytest.mark.parametrize(
    ("certificate_on", "last_on", "stands_since_on", "over"),
    [
        (date(2026, 1, 1), None, None, True),
        (date(2026, 1, 1), date(2026, 3, 1), None, False),
        (date(2026, 1, 1), date(2026, 2, 28), None, True),
        (date(2026, 1, 1), None, date(2025, 12, 1), False),
        (date(2026, 1, 1), None, date(2025, 11, 30), True),
        (date(2025, 1, 1), date(2025, 12, 1), date(2025, 2, 1), False),
        (date(2025, 1, 1), date(2025, 11, 30), date(2025, 2, 1), True),
        (date(2025, 12, 15), date(2025, 11, 30), date(2025, 12, 20), False),
        (date(2025, 11, 30), date(2025, 11, 30), date(2025, 12, 20), True),
        (date(2025, 1, 1), date(2025, 5, 30), date(2025, 11, 29), True),
        (date(2025, 1, 1), date(2025, 5, 30), date(2025, 12, 1), False),
        (date(2025, 1, 1), date(2025, 6, 1), date(2025, 12, 1), False),
        (date(2025, 1, 1), date(2025, 6, 2), date(2025, 12, 1), True),
    ],
)
def test_a_row_goes_when_the_law_says(
    certificate_on: date, last_on: date | None, stands_since_on: date | None, over: bool
) -> None:
    assert RULES.is_over(InspectedUse(certificate_on, last_on, stands_since_on), TODAY) is over
