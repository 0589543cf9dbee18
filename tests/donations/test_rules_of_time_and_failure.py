"""Why a payment did not come, when the next is due, which part of a promise came: without a database."""

from datetime import date, timedelta

import pytest

from donations.domain import deadlines, links, rhythm
from donations.domain.allocations import completes, shares
from donations.domain.facts import SessionFacts
from donations.domain.failures import ends_the_mandate, failure_of
from foundation.units import Cents

FAILURES = {
    "funds": ["insufficient_funds", "card_velocity_exceeded", "withdrawal_count_limit_exceeded"],
    "expired": ["expired_card"],
    "not_allowed": [
        "debit_not_authorized",
        "customer_initiated",
        "revocation_of_authorization",
        "revocation_of_all_authorizations",
        "stop_payment_order",
        "recipient_deceased",
    ],
    "closed": ["account_closed", "bank_account_closed", "bank_account_restricted"],
    "wrong_account": [
        "no_account",
        "incorrect_account_details",
        "incorrect_number",
        "invalid_account_number_length",
        "invalid_account",
    ],
    "refused": [
        "card_declined",
        "generic_decline",
        "do_not_honor",
        "lost_card",
        "stolen_card",
        "authentication_required",
        "payment_method_provider_decline",
    ],
}


@pytest.mark.parametrize("why", FAILURES)
def test_a_code_of_stripe_says_why(why: str) -> None:
    assert [failure_of(code) for code in FAILURES[why]] == [why] * len(FAILURES[why])
    ends = why == "not_allowed"
    assert [ends_the_mandate(code) for code in FAILURES[why]] == [ends] * len(FAILURES[why])


@pytest.mark.parametrize(
    ("codes", "why"),
    [
        ((), ""),
        ((None, ""), ""),
        (("something_new",), "other"),
        ((None, "something_new"), "other"),
        (("something_new", "expired_card"), "expired"),
        (("insufficient_funds", "card_declined"), "funds"),
        (("card_declined", "insufficient_funds"), "refused"),
    ],
)
def test_the_first_code_that_says_more_counts(codes: tuple[str | None, ...], why: str) -> None:
    assert failure_of(*codes) == why
    assert not ends_the_mandate("something_new")


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 15), 0, date(2026, 1, 15)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 12, 5), 1, date(2027, 1, 5)),
        (date(2026, 10, 31), 13, date(2027, 11, 30)),
        (date(2026, 5, 1), 24, date(2028, 5, 1)),
    ],
)
def test_months_later_is_the_same_day_or_the_last(day: date, months: int, then: date) -> None:
    assert rhythm.in_months(day, months) == then


@pytest.mark.parametrize(
    ("often", "resumes_on", "then"),
    [
        ("month", None, date(2026, 1, 31)),
        ("month", date(2026, 1, 31), date(2026, 1, 31)),
        ("month", date(2026, 2, 1), date(2026, 2, 28)),
        ("month", date(2026, 3, 1), date(2026, 3, 31)),
        ("quarter", date(2026, 2, 1), date(2026, 4, 30)),
        ("quarter", date(2026, 5, 1), date(2026, 7, 31)),
        ("year", date(2026, 2, 1), date(2027, 1, 31)),
    ],
)
def test_a_pause_swallows_whole_collections(often: str, resumes_on: date | None, then: date) -> None:
    assert rhythm.next_collection(date(2026, 1, 31), often, resumes_on) == then


def test_rhythms_and_links_stay_what_givers_were_told() -> None:
    assert rhythm.MONTHS == {"month": 1, "quarter": 3, "year": 12}
    assert rhythm.IN_ADDRESS == {
        "": "einmal",
        "month": "monatlich",
        "quarter": "vierteljaehrlich",
        "year": "jaehrlich",
    }
    assert rhythm.PAUSES == (1, 3, 6, 12)
    assert timedelta(days=30) == deadlines.TELL_OF_CARD_BEFORE
    assert [
        (kind.purpose, kind.valid_for)
        for kind in (links.MY_GIFTS, links.CHANGE_MONTHLY, links.MEND_MONTHLY, links.END_MONTHLY)
    ] == [
        ("my_gifts", timedelta(days=180)),
        ("monthly_change", timedelta(hours=1)),
        ("monthly_mend", timedelta(days=60)),
        ("monthly_end", timedelta(hours=1)),
    ]


@pytest.mark.parametrize(
    ("promised", "came", "cents", "on", "is_rest"),
    [
        (5000, 3000, 2000, date(2026, 12, 31), True),
        (5000, 3000, 1, date(2026, 3, 2), True),
        (5000, 3000, 2001, date(2026, 3, 2), False),
        (5000, 3000, 0, date(2026, 3, 2), False),
        (5000, 3000, -100, date(2026, 3, 2), False),
        (5000, 3000, 2000, date(2027, 1, 1), False),
        (5000, 5000, 1, date(2026, 3, 2), False),
        (None, 3000, 1, date(2026, 3, 2), False),
    ],
)
def test_only_what_is_missing_of_the_same_year_completes_a_gift(
    promised: int | None, came: int, cents: int, on: date, is_rest: bool
) -> None:
    kept = Cents(promised) if promised is not None else None
    assert completes(kept, Cents(came), cents=Cents(cents), first_on=date(2026, 1, 1), on=on) is is_rest


def test_several_gifts_share_a_line_that_is_exactly_their_sum() -> None:
    promised = {7: Cents(2000), 3: Cents(1000)}
    assert list(shares(promised, Cents(3000)).items()) == [(3, 1000), (7, 2000)]
    assert shares(promised, Cents(2999)) == shares(promised, Cents(3001)) == {}
    assert shares({3: Cents(1000)}, Cents(1000)) == shares({}, Cents(0)) == {}


def test_only_a_completed_visit_for_a_renewal_has_a_new_method() -> None:
    told = {
        (state, renews): SessionFacts("cs", state, renews=renews).has_new_method
        for state in ("open", "complete", "expired")
        for renews in ("", "sub_1")
    }
    assert [each for each, has_new in told.items() if has_new] == [("complete", "sub_1")]
