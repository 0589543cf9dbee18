"""What was given is used by the end of the second year after it came; before that Heute warns."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from donations.domain.use_by import last_year_of, use_by, warned_use_by
from donations.selectors.use_by import to_use
from donations.services.treasury.proposals import propose_payout, release
from foundation.clock import local_moment
from foundation.units import MIDNIGHT, Cents
from programs.models import Fund, Membership
from tests.donations.gifts import make_donor
from tests.donations.test_acceptance import came
from tests.factories import make_fund, make_provider, make_user
from wirbrauchensie.today.kinds import reader_of
from wirbrauchensie.today.money import TO_USE

Role = Membership.Role


@pytest.mark.parametrize(
    ("came_on", "last_day"),
    [
        (date(2026, 1, 1), date(2028, 12, 31)),
        (date(2026, 12, 31), date(2028, 12, 31)),
        (date(2027, 1, 1), date(2029, 12, 31)),
    ],
)
def test_it_is_used_by_the_end_of_the_second_year_after(came_on: date, last_day: date) -> None:
    assert use_by(came_on) == last_day


@pytest.mark.parametrize(
    ("today", "last_day", "year"),
    [
        (date(2028, 6, 29), date(2027, 12, 31), 2025),
        (date(2028, 6, 30), date(2028, 12, 31), 2026),
        (date(2028, 12, 31), date(2028, 12, 31), 2026),
        (date(2029, 1, 1), date(2028, 12, 31), 2026),
        (date(2029, 6, 30), date(2029, 12, 31), 2027),
    ],
)
def test_it_warns_from_six_months_before_until_the_next_year_s_turn(
    today: date, last_day: date, year: int
) -> None:
    assert warned_use_by(today) == last_day
    assert last_year_of(last_day) == year


def test_what_came_first_is_used_first_and_the_rest_of_it_is_warned_of(fund: Fund) -> None:
    def at(year: int, month: int, day: int) -> datetime:
        return datetime(year, month, day, 22, 59, tzinfo=UTC)

    def due(*day: int) -> list[tuple[str, int]]:
        found = to_use(Fund.objects.filter(provider=fund.provider), date(*day))
        return [(each.name, each.due_cents) for each in found]  # type: ignore[attr-defined]

    came(fund, 10_000, make_donor(), at(2026, 12, 31))
    came(fund, 5_000, make_donor(), datetime(2026, 12, 31, 23, 0, tzinfo=UTC))  # new year's day in Düren
    later = make_fund(name="Späterer Zweck", provider=fund.provider)
    came(later, 7_000, make_donor(), at(2027, 5, 1))
    came(make_fund(provider=make_provider("Verein", kind="club")), 9_000, make_donor(), at(2026, 5, 1))
    assert due(2028, 6, 29) == []
    assert due(2028, 6, 30) == [(fund.name, 10_000)]
    one, other = (make_user(Role.TREASURER, fund.provider) for _ in range(2))

    def pay_out(cents: int) -> None:
        now = at(2028, 7, 1)
        proposal = propose_payout(fund, Cents(cents), "Ranzen", by=one, now=now)
        assert release(proposal.pk, by=other, now=now)

    pay_out(9_999)
    assert due(2028, 12, 31) == [(fund.name, 1)]
    assert due(2029, 6, 29) == [(fund.name, 1)]
    assert due(2029, 6, 30) == [(fund.name, 5_001), ("Späterer Zweck", 7_000)]
    pay_out(1)
    assert due(2028, 12, 31) == []
    (row,) = [_row(other, each) for each in to_use(Fund.objects.filter(pk=later.pk), date(2029, 7, 1))]
    assert row == ("70,00 €", "aus „Späterer Zweck“, eingegangen bis Ende 2027", date(2029, 12, 31))
    for user, count in ((other, 2), (make_user(Role.COORDINATOR, fund.provider), 0)):
        reader = reader_of(user, date(2029, 7, 1))
        assert (TO_USE.is_for(reader) and TO_USE.waiting(reader, at(2029, 7, 1)).count()) == count  # type: ignore[union-attr,call-arg]


def _row(user: Any, fund: Fund) -> tuple[str, str, date | None]:
    today = date(2029, 7, 1)
    row = TO_USE.row(reader_of(user, today), fund, local_moment(today, MIDNIGHT))
    return row.who.replace("\xa0", " "), row.what, row.until
