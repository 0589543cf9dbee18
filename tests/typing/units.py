"""Which mixtures of units mypy accepts and which it refuses; never run, but read by mypy in `./dev check`.

Every line with an ignore is a misuse. mypy's `warn_unused_ignores` reports such a line as soon as the misuse
is accepted: when a unit is lost or a signature takes a bare int again.
"""

from datetime import datetime

from donations.domain.acceptance import needs_acceptance
from donations.domain.bank_lines import most_sent
from donations.domain.epc import payload
from donations.domain.facts import RefundFact
from donations.domain.ledger import Posting, fee, gift
from donations.domain.receipts import proof_for
from figures.domain.steps import whole_hours
from foundation.clock import local_day, local_moment
from foundation.formats import euro, euro_exact, hours, slot_time, time_range
from foundation.money import parse_euro
from foundation.times_of_week import DAYPARTS, WeeklyTime
from foundation.units import (
    DAY,
    HOUR,
    MIDNIGHT,
    NOON,
    QUARTER,
    Cents,
    MinuteOfDay,
    Minutes,
    QuarterHours,
    minutes_between,
    minutes_of,
    quarter_hours,
    time_of_week,
)
from programs.domain.shift_times import span_of
from volunteers.domain.commitments import Commitment

CENTS, MINUTES, QUARTERS, CLOCK = Cents(2500), Minutes(90), QuarterHours(6), MinuteOfDay(990)


def money_is_written_from_cents_alone() -> None:
    euro(CENTS)
    euro(parse_euro("25"))
    euro_exact(Cents(CENTS + CENTS))
    euro(2500)  # type: ignore[arg-type]
    euro(MINUTES)  # type: ignore[arg-type]
    euro(CENTS + CENTS)  # type: ignore[arg-type]
    euro_exact(2500)  # type: ignore[arg-type]
    euro_exact(QUARTERS)  # type: ignore[arg-type]


def durations_are_written_from_minutes_alone() -> None:
    hours(MINUTES)
    hours(minutes_of(QUARTERS))
    hours(minutes_between(MIDNIGHT, NOON))
    hours(90)  # type: ignore[arg-type]
    hours(QUARTERS)  # type: ignore[arg-type]
    hours(CENTS)  # type: ignore[arg-type]
    hours(CLOCK)  # type: ignore[arg-type]


def times_of_day_are_no_durations() -> None:
    slot_time(CLOCK)
    time_range(DAYPARTS[0].start_minute, NOON)
    slot_time(990)  # type: ignore[arg-type]
    slot_time(MINUTES)  # type: ignore[arg-type]
    time_range(CLOCK, MINUTES)  # type: ignore[arg-type]
    WeeklyTime(0, CLOCK, MINUTES)  # type: ignore[arg-type]
    WeeklyTime(0, 960, NOON)  # type: ignore[arg-type]


def units_are_converted_from_their_own() -> None:
    quarter_hours(minutes_of(quarter_hours(HOUR)))
    weekday, clock = time_of_week(QUARTERS)
    slot_time(clock)
    slot_time(weekday)  # type: ignore[arg-type]
    minutes_of(MINUTES)  # type: ignore[arg-type]
    quarter_hours(QUARTERS)  # type: ignore[arg-type]
    minutes_of(quarter_hours(15))  # type: ignore[arg-type]
    minutes_between(QUARTER, DAY)  # type: ignore[arg-type]
    whole_hours(MINUTES)
    whole_hours(QUARTERS)  # type: ignore[arg-type]
    whole_hours(90)  # type: ignore[arg-type]


def the_books_take_cents_alone(now: datetime) -> None:
    gift("pi_1", CENTS, now, "stripe")
    gift("pi_1", 2500, now, "stripe")  # type: ignore[arg-type]
    gift("pi_1", MINUTES, now, "stripe")  # type: ignore[arg-type]
    fee("pi_1", 35, now)  # type: ignore[arg-type]
    Posting("gift:pi_1", "gift", now, (("stripe", CENTS), ("fund", Cents(-CENTS))))
    Posting("gift:pi_1", "gift", now, (("stripe", CENTS), ("fund", -CENTS)))  # type: ignore[arg-type]
    RefundFact("re_1", CENTS, now)
    RefundFact("re_1", 2500, now)  # type: ignore[arg-type]


def rules_about_gifts_take_cents_alone() -> None:
    proof_for("jpoer", CENTS)
    proof_for("jpoer", 2500)  # type: ignore[arg-type]
    most_sent(Cents(-CENTS))
    most_sent(2500)  # type: ignore[arg-type]
    most_sent(MINUTES)  # type: ignore[arg-type]
    needs_acceptance(CENTS, from_cents=100_000)  # type: ignore[arg-type]
    payload(holder_name="Stadt Düren", iban="DE89", amount_cents=2500, reference="RF18")  # type: ignore[arg-type]


def dates_take_times_of_day_alone(now: datetime) -> None:
    local_moment(local_day(now), NOON)
    local_moment(local_day(now), 720)  # type: ignore[arg-type]
    span_of(local_day(now), MIDNIGHT, NOON)
    span_of(local_day(now), MIDNIGHT, HOUR)  # type: ignore[arg-type]


def a_week_of_somebody_is_told_in_minutes(held: Commitment) -> None:
    hours(held.minutes)
    euro(held.minutes)  # type: ignore[arg-type]
    minutes_of(held.minutes)  # type: ignore[arg-type]
