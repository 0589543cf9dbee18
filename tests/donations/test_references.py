from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from donations.domain.references import (
    ALPHABET,
    BODY_LENGTH,
    grouped,
    is_reference,
    new_reference,
    reference_for,
    reference_of,
    references_in,
)

BODIES = st.text(ALPHABET, min_size=BODY_LENGTH, max_size=BODY_LENGTH)


@pytest.mark.parametrize(
    ("body", "reference"),
    [("AB2G5", "RF68AB2G5"), ("1234512345", "RF451234512345"), ("TU06FX", "RF96TU06FX")],
)
def test_the_verified_vectors_of_iso_11649_hold(body: str, reference: str) -> None:
    assert reference_for(body) == reference
    assert is_reference(reference)


@pytest.mark.parametrize("body", ["", "A" * 22, "ab2g5", "AB 2G5", "ÄB", "12-34", "١٢٣"])
def test_an_impossible_body_is_refused(body: str) -> None:
    with pytest.raises(ValueError, match="creditor reference"):
        reference_for(body)


def test_the_longest_reference_has_25_characters() -> None:
    assert len(reference_for("Z" * 21)) == 25
    assert is_reference(reference_for("Z" * 21))


def test_a_new_reference_is_ours_and_another_each_time() -> None:
    found = [new_reference() for _ in range(20)]
    assert references_in(" ".join(found)) == found
    assert len(set(found)) == 20


@given(st.uuids(), st.integers(0, 5))
def test_a_gift_always_gets_the_same_reference_and_another_on_the_next_attempt(
    public_id: UUID, attempt: int
) -> None:
    reference = reference_of(public_id, attempt)
    assert is_reference(reference)
    assert reference == reference_of(public_id, attempt)
    assert reference != reference_of(public_id, attempt + 1)
    assert len(reference) == 14


@pytest.mark.parametrize(
    "text", ["", "RF", "RF68", "RF69AB2G5", "rf68AB2G5", "RF68 AB2G5", "DE68AB2G5", "RFAAAB2G5"]
)
def test_what_is_no_reference_is_not_taken_for_one(text: str) -> None:
    assert not is_reference(text)


@given(BODIES, st.integers(4, 13), st.sampled_from(ALPHABET))
def test_one_wrong_letter_or_digit_is_always_noticed(body: str, position: int, wrong: str) -> None:
    reference = reference_for(body)
    assume(reference[position].isdigit() == wrong.isdigit())
    mistyped = reference[:position] + wrong + reference[position + 1 :]
    assert is_reference(mistyped) == (mistyped == reference)


@given(BODIES)
def test_a_printed_reference_is_found_again(body: str) -> None:
    reference = reference_for(body)
    assert references_in(f"Spende {grouped(reference)} vielen Dank") == [reference]


@pytest.mark.parametrize(
    "remittance",
    [
        "{0}",
        "SVWZ+{0} SPENDE",
        "spende an kinderfonds {1}",
        "EREF+NOTPROVIDED\nSVWZ+RF{2}",
        "Verwendungszweck: {3}",
    ],
)
def test_banks_and_people_may_break_the_reference(remittance: str) -> None:
    reference = reference_for("7KMPQ2XW9T")
    broken = reference[2:9] + "\n" + reference[9:]
    dotted = ".".join(reference[start : start + 3] for start in range(0, len(reference), 3))
    text = remittance.format(reference, reference.lower(), broken, dotted)
    assert references_in(text) == [reference]


def test_two_references_are_both_found_in_order_and_once() -> None:
    one, two = reference_for("2222222222"), reference_for("ZZZZZZZZZZ")
    assert references_in(f"{two} {one} {two}") == [two, one]


@given(st.text(max_size=300))
def test_any_text_at_all_can_be_searched(text: str) -> None:
    assert all(is_reference(found) for found in references_in(text))
