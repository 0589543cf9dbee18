"""What a Zuwendungsbestätigung may be about, rule by rule and to the day, without a database."""

from datetime import date
from typing import Any

import pytest

from donations.receipts.domain.eligibility import Gift, kept_cents, refusal, safe_from
from donations.receipts.domain.purposes import PURPOSES, furthering, promoted

DAY = date(2026, 3, 2)


def gift(**values: Any) -> Gift:
    known = {
        "status": "received",
        "is_accepted": True,
        "method": "transfer",
        "amount_cents": 5000,
        "refunded_cents": 0,
        "lost_cents": 0,
        "given_on": DAY,
        "is_wished": True,
        "name": "Erika Muster",
        "has_address": True,
        "has_purpose": True,
        "is_receipted": False,
    }
    return Gift(**{**known, **values})


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({}, None),
        ({"status": "partly_refunded", "refunded_cents": 4999}, None),
        ({"is_receipted": True, "status": "disputed"}, "receipted"),
        ({"is_accepted": False}, "not_accepted"),
        ({"is_accepted": False, "status": "pledged"}, "not_received"),
        ({"is_accepted": False, "has_purpose": False}, "not_accepted"),
        ({"status": "disputed"}, "disputed"),
        ({"status": "refunded"}, "nothing_left"),
        ({"status": "lost"}, "nothing_left"),
        ({"status": "pledged"}, "not_received"),
        ({"status": "lapsed"}, "not_received"),
        ({"given_on": None}, "not_received"),
        ({"status": "partly_refunded", "refunded_cents": 2000, "lost_cents": 3000}, "nothing_left"),
        ({"status": "partly_refunded", "refunded_cents": 2000, "lost_cents": 2999}, None),
        ({"has_purpose": False}, "no_purpose"),
        ({"has_purpose": False, "is_wished": False}, "no_purpose"),
        ({"is_wished": False}, "not_wished"),
        ({"is_answered": True, "name": ""}, "answered"),
        ({"is_wished": False, "name": ""}, "not_wished"),
        ({"name": ""}, "anonymous"),
        ({"name": "", "has_address": False}, "anonymous"),
        ({"has_address": False}, "no_address"),
    ],
)
def test_the_first_reason_against_a_receipt_is_named(values: dict[str, Any], why: str | None) -> None:
    found = refusal(gift(**values), DAY)
    assert (found and found.value) == why


@pytest.mark.parametrize(
    ("method", "issue_on", "why"),
    [
        ("sepa_debit", date(2026, 4, 27), "debit_too_young"),
        ("sepa_debit", date(2026, 4, 28), None),
        ("card", date(2026, 3, 2), None),
        ("card", date(2026, 3, 1), "debit_too_young"),
    ],
)
def test_a_debit_is_waited_for_eight_weeks_and_no_receipt_is_older_than_its_gift(
    method: str, issue_on: date, why: str | None
) -> None:
    found = refusal(gift(method=method), issue_on)
    assert (found and found.value) == why
    assert safe_from("sepa_debit", DAY) == date(2026, 4, 28)
    assert safe_from("card", DAY) == DAY


def test_what_was_given_back_or_lost_is_not_kept() -> None:
    assert kept_cents(gift(refunded_cents=1500, lost_cents=500)) == 3000


def test_purposes_stand_once_in_the_order_and_the_words_of_the_law() -> None:
    assert furthering(["53", "52-4", "53"]) == (
        "der Jugend- und Altenhilfe (§ 52 Abs. 2 Satz 1 Nr. 4 AO) und mildtätiger Zwecke (§ 53 AO)"
    )
    assert promoted(["52-21", "52-5", "52-9"]) == (
        "Kunst und Kultur (§ 52 Abs. 2 Satz 1 Nr. 5 AO), das Wohlfahrtswesen (§ 52 Abs. 2 Satz 1 Nr. 9 AO)"
        " und den Sport (§ 52 Abs. 2 Satz 1 Nr. 21 AO)"
    )
    assert furthering(["52-7"]) == (
        "der Erziehung, Volks- und Berufsbildung einschließlich der Studentenhilfe"
        " (§ 52 Abs. 2 Satz 1 Nr. 7 AO)"
    )
    assert (furthering([]), promoted(["unbekannt"])) == ("", "")


@pytest.mark.parametrize("key", PURPOSES)
def test_a_key_names_its_paragraph_and_both_forms_speak_of_the_same(key: str) -> None:
    paragraph, _dash, number = key.partition("-")
    law = f"§ 52 Abs. 2 Satz 1 Nr. {number} AO" if number else f"§ {paragraph} AO"
    assert PURPOSES[key].law == law
    assert PURPOSES[key].furthering.split()[-1][:4].lower() == PURPOSES[key].promoted.split()[-1][:4].lower()
