"""Rules of a few lines, at their edges and without a database: seats, paces, silences, stages, minors."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from volunteers.domain import promises, provider_clock, reminders, waves
from volunteers.domain.cancel_reasons import CancelReason
from volunteers.domain.dateless import answered_by, ends_on, is_asked, is_over
from volunteers.domain.gate import Gate, Need, signature_until
from volunteers.domain.minors import is_minor, is_too_late, reached_on
from volunteers.domain.seats import BINDS, HOLDS_SEAT, Wish, apart, overlap, settle
from volunteers.domain.stages import stage_of
from volunteers.domain.stand_ins import HORIZON, LOOK_AGAIN, MOST_PER_WEEK, SETTLE, answer_by, pace
from volunteers.domain.two_adults import adults_missing
from volunteers.wording.stand_ins import Over

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("coming", "staff", "missing"),
    [(0, False, 2), (0, True, 1), (1, False, 1), (1, True, 0), (2, False, 0), (3, True, 0)],
)
def test_two_adults_are_there_and_one_may_be_of_the_house(coming: int, staff: bool, missing: int) -> None:
    assert adults_missing(coming, staff_is_there=staff) == missing


@pytest.mark.parametrize(
    ("day", "hour", "minute", "too_late"),
    [(2, 22, 0, False), (2, 22, 1, True), (2, 23, 59, True), (3, 0, 0, True), (3, 9, 0, True)],
)
def test_minors_are_home_by_ten(day: int, hour: int, minute: int, too_late: bool) -> None:
    begins = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
    assert is_too_late(begins, begins.replace(day=day, hour=hour, minute=minute)) is too_late


@pytest.mark.parametrize(
    ("left", "at_once", "answer_within"),
    [
        (7 * DAY + HOUR, 1, 48 * HOUR),
        (7 * DAY, 2, 12 * HOUR),
        (48 * HOUR, 2, 12 * HOUR),
        (48 * HOUR - timedelta(seconds=1), 3, 4 * HOUR),
        (2 * HOUR + timedelta(seconds=1), 3, 4 * HOUR),
        (2 * HOUR, None, None),
        (timedelta(0), None, None),
    ],
)
def test_the_less_time_the_more_are_asked_at_once(
    left: timedelta, at_once: int | None, answer_within: timedelta | None
) -> None:
    how = pace(left)
    assert (how and how.at_once, how and how.answer_within) == (at_once, answer_within)


def test_an_answer_is_waited_for_until_two_hours_before() -> None:
    how = pace(3 * DAY)
    assert how is not None
    assert answer_by(NOON, NOON + 3 * DAY, how) == NOON + 12 * HOUR
    assert answer_by(NOON, NOON + 13 * HOUR, how) == NOON + 11 * HOUR
    assert (timedelta(minutes=1), 21 * DAY, HOUR, 2) == (SETTLE, HORIZON, LOOK_AGAIN, MOST_PER_WEEK)


LAST = date(2026, 1, 10)
ENDS = date(2026, 7, 10)


@pytest.mark.parametrize(
    ("asked_on", "today", "asked", "over"),
    [
        (None, date(2026, 6, 25), False, False),
        (None, date(2026, 6, 26), True, False),
        (None, date(2026, 12, 1), True, False),
        (LAST, date(2026, 7, 10), True, False),
        (date(2026, 6, 26), date(2026, 7, 9), False, False),
        (date(2026, 6, 26), date(2026, 7, 10), False, True),
        (date(2026, 7, 5), date(2026, 7, 18), False, False),
        (date(2026, 7, 5), date(2026, 7, 19), False, True),
    ],
)
def test_a_silence_is_asked_about_once_and_ends_when_nobody_answers(
    asked_on: date | None, today: date, asked: bool, over: bool
) -> None:
    assert ends_on(LAST) == ENDS
    assert is_asked(LAST, asked_on, today) is asked
    assert is_over(LAST, asked_on, today) is over


def test_who_is_asked_late_has_two_weeks_all_the_same() -> None:
    assert answered_by(LAST, date(2026, 6, 20)) == date(2026, 7, 9)
    assert answered_by(LAST, date(2026, 7, 5)) == date(2026, 7, 18)


@pytest.mark.parametrize(
    ("status", "is_asked", "placements", "stage"),
    [
        ("open", False, [], "searching"),
        ("open", True, [], "asked"),
        ("open", False, ["ended"], "searching"),
        ("placed", True, ["active"], "asked"),
        ("placed", False, ["active", "awaiting_confirmation"], "providers_turn"),
        ("placed", False, ["awaiting_clearance", "active"], "placed"),
        ("placed", False, ["awaiting_clearance"], "inspection"),
        ("paused", True, ["awaiting_confirmation"], "paused"),
    ],
)
def test_what_waits_for_the_person_is_told_first(
    status: str, is_asked: bool, placements: list[str], stage: str
) -> None:
    assert stage_of(status, is_asked=is_asked, placements=placements) == stage


def test_touching_is_not_sharing() -> None:
    first, second = (NOON, NOON + HOUR), (NOON + HOUR, NOON + 2 * HOUR)
    within = (NOON + timedelta(minutes=59), NOON + timedelta(minutes=61))
    assert not overlap(first, second)
    assert not overlap(second, first)
    assert overlap(first, within)
    assert overlap(within, first)
    assert overlap(second, within)


def test_earlier_wishes_go_first_and_each_holds_time_and_seat() -> None:
    early, late = (NOON, NOON + HOUR), (NOON + HOUR, NOON + 2 * HOUR)
    wishes = [
        Wish(1, 10, early),
        Wish(2, 10, early),
        Wish(1, 11, early),
        Wish(1, 12, late),
        Wish(3, 12, late),
        Wish(4, 12, late),
    ]
    bound = {2: [late], 4: [(NOON + timedelta(minutes=90), NOON + 3 * HOUR)]}
    settled = settle(wishes, bound, {10: 1, 11: 5, 12: 2})
    assert [str(each) if each else None for each in settled] == [
        None,
        "full",
        "same_time",
        None,
        None,
        "same_time",
    ]
    assert bound == {2: [late], 4: [(NOON + timedelta(minutes=90), NOON + 3 * HOUR)]}
    assert {"confirmed", "on_hold"} == BINDS
    assert {"confirmed", "on_hold", "attended", "missed"} == HOLDS_SEAT


def test_the_gate_opens_when_nothing_is_missing_on_that_day() -> None:
    day = date(2026, 3, 2)
    everything: dict[str, Any] = {
        "asks": frozenset({Need.CERTIFICATE, Need.SELF_COMMITMENT, Need.MEASLES}),
        "is_adult": True,
        "born_in": None,
        "over_night": False,
        "certificate_until": date(2026, 3, 3),
        "signature_until": date(2026, 3, 3),
        "has_consent": False,
        "has_measles_proof": True,
    }
    assert Gate(**everything).missing(day) == []
    assert Gate(**everything).lets_in(day)
    late = Gate(**everything).missing(date(2026, 3, 3))
    assert late == ["certificate", "self_commitment"]
    minor = {**everything, "is_adult": False, "certificate_until": None, "has_measles_proof": False}
    assert Gate(**minor).missing(day) == ["certificate", "consent", "measles"]
    allowed = {**everything, "is_adult": False, "has_consent": True}
    assert Gate(**allowed).lets_in(day)
    assert not Gate(**{**allowed, "over_night": True}).lets_in(day)
    assert Gate(**{**everything, "over_night": True}).lets_in(day)
    long = {"certificate_until": date(2027, 1, 1), "signature_until": date(2027, 1, 1)}
    born = Gate(**{**allowed, **long, "born_in": date(2008, 3, 1), "over_night": True})
    assert [born.lets_in(date(2026, 3, 31)), born.lets_in(date(2026, 4, 1))] == [False, True]
    assert signature_until(date(2024, 2, 29), 2) == date(2026, 2, 28)


def test_what_people_were_promised_and_when_providers_are_reminded() -> None:
    """As the pages, the mails and docs/operations.md say it."""
    assert promises.ANSWER_WITHIN == 5
    assert promises.CONFIRM_LINK_FOR == 4 * DAY < promises.CONFIRM_WITHIN == 7 * DAY
    assert promises.LONGEST_PAUSE == 365 * DAY
    assert promises.MOST_ABSENCES == 20
    assert provider_clock.FIRST_AFTER == {"awaiting_confirmation": 3, "awaiting_clearance": 15}
    assert provider_clock.AGAIN_AFTER == {"awaiting_confirmation": 2, "awaiting_clearance": 5}
    assert provider_clock.NOT_PRESSED == {"pressed": 0, "pressed_at": None}
    assert [step.value for step in provider_clock.Pressed] == [0, 1, 2, 3]


def test_reasons_that_the_history_holds_keep_their_names() -> None:
    assert {*CancelReason} == {"not_fitting", "not_needed", "not_reached", "on_request"}


@pytest.mark.parametrize(
    ("born_in", "day", "minor"),
    [
        (date(2008, 3, 1), date(2026, 3, 31), True),
        (date(2008, 3, 1), date(2026, 4, 1), False),
        (date(2008, 3, 17), date(2026, 4, 1), False),
        (date(2008, 12, 1), date(2026, 12, 31), True),
        (date(2008, 12, 1), date(2027, 1, 1), False),
        (None, date(2099, 1, 1), True),
    ],
)
def test_a_birthday_counts_when_its_month_is_over(born_in: date | None, day: date, minor: bool) -> None:
    assert is_minor(day, is_adult=False, born_in=born_in) is minor
    assert not is_minor(day, is_adult=True, born_in=born_in)


@pytest.mark.parametrize(
    ("born_in", "hour", "minute", "too_late"),
    [
        (date(2010, 2, 1), 20, 0, False),
        (date(2010, 2, 1), 22, 0, False),
        (date(2010, 2, 1), 22, 1, True),
        (date(2010, 3, 1), 20, 0, False),
        (date(2010, 3, 1), 20, 1, True),
        (None, 22, 0, False),
    ],
)
def test_below_sixteen_eight_is_late(born_in: date | None, hour: int, minute: int, too_late: bool) -> None:
    begins = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
    assert is_too_late(begins, begins.replace(hour=hour, minute=minute), born_in=born_in) is too_late
    assert reached_on(16, date(2010, 2, 9)) == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("left", "people"), [(7 * DAY, 2), (48 * HOUR, 2), (48 * HOUR - timedelta(seconds=1), 3), (-HOUR, 3)]
)
def test_in_the_last_two_days_three_are_asked_for_a_place(left: timedelta, people: int) -> None:
    assert waves.people_for_a_place(left) == people
    assert (waves.SHORT, waves.VERY_SHORT) == (7 * DAY, 2 * DAY)


@pytest.mark.parametrize(
    ("first_at", "until"),
    [
        (NOON + 5 * DAY, datetime(2026, 3, 3, 23, 0, tzinfo=UTC)),
        (NOON + 2 * DAY, datetime(2026, 3, 3, 23, 0, tzinfo=UTC)),
        (NOON + DAY, datetime(2026, 3, 2, 23, 0, tzinfo=UTC)),
        (NOON + HOUR, datetime(2026, 3, 2, 23, 0, tzinfo=UTC)),
    ],
)
def test_an_answer_counts_until_the_end_of_the_day_before(first_at: datetime, until: datetime) -> None:
    assert waves.answer_by(NOON, first_at) == until


MIDNIGHT = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("last_at", "now", "until"),
    [
        (None, NOON, NOON + 5 * DAY),
        (NOON + 5 * DAY, NOON, NOON + 5 * DAY),
        (NOON + 4 * DAY, NOON, MIDNIGHT + 3 * DAY),
        (NOON + DAY, NOON, MIDNIGHT),
        (NOON + DAY, MIDNIGHT, NOON + DAY),
        (NOON + HOUR, NOON, NOON + HOUR),
    ],
)
def test_nobody_says_yes_to_what_has_been(last_at: datetime | None, now: datetime, until: datetime) -> None:
    assert waves.while_it_helps(NOON + 5 * DAY, last_at, now) == until


def test_a_group_comes_with_all_its_heads_or_not_at_all() -> None:
    early, late = (NOON, NOON + HOUR), (NOON + HOUR, NOON + 2 * HOUR)
    wishes = [Wish(1, 10, early, heads=3), Wish(2, 10, early, heads=2), Wish(3, 10, early), Wish(1, 11, late)]
    settled = settle(wishes, {}, {10: 4, 11: 0})
    assert [str(each) if each else None for each in settled] == [None, "full", None, "full"]


def test_four_weeks_without_a_date_are_a_break() -> None:
    assert reminders.BREAK == 27 * DAY
    assert [*reminders.Reminders] == ["first", "each", "none"]


def test_claims_are_apart_where_they_share_neither_a_person_nor_a_role() -> None:
    claims = [
        (1, 10, 100),
        (2, 20, 100),
        (3, 30, 200),
        (4, 10, 300),
        (5, 40, 200),
        (6, 50, 400),
        (7, 50, 300),
    ]
    assert apart(claims) == [[claims[n] for n in (0, 1, 3, 5, 6)], [claims[2], claims[4]]]
    assert apart([]) == []
    assert apart([(1, 100, 7), (2, 7, 100)]) == [[(1, 100, 7)], [(2, 7, 100)]]


@pytest.mark.parametrize("reason", Over)
def test_why_nobody_stands_in_any_more_says_nothing_that_its_mail_says_too(reason: Over) -> None:
    """The mail goes on with "Sie brauchen nichts mehr zu tun."."""
    assert str(reason.label).endswith(".")
    assert "Sie brauchen nichts" not in str(reason.label)
