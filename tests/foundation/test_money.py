import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.money import AmountNotUnderstood, parse_euro


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("25", 2500),
        ("25,–", 2500),
        ("25,-", 2500),
        ("25,--", 2500),
        ("25,5", 2550),
        ("25,05", 2505),
        ("25.50", 2550),
        ("1.250,00 €", 125000),
        ("1 250 Euro", 125000),
        ("1.250", 125000),
        ("€25", 2500),
        ("EUR 25", 2500),
        ("25 eur", 2500),
        ("25EURO", 2500),
        ("25.-", 2500),
        ("25.–", 2500),
        (" € 1.250,50", 125050),
        (" 0,01 ", 1),
        ("12.345.678", 1234567800),
    ],
)
def test_amounts_are_read_as_people_type_them(typed: str, cents: int) -> None:
    assert parse_euro(typed) == cents


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "NaN",
        "1E5",
        "-5",
        "+5",
        "٢٥",
        "25,555",
        "25 eurocent",
        "25,",
        "25-",
        "1,2,3",
        "1.25.0",
        "inf",
        "0x10",
        "25 €€",
        "€ 25 €",
        "€€25",
        "EUR",
        "25 € 3",
        "1.2500",
        "²",
        "9" * 50,
    ],
)
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(AmountNotUnderstood):
        parse_euro(typed)


@given(st.integers(min_value=0, max_value=999_999_999))
def test_what_is_written_the_german_way_comes_back(cents: int) -> None:
    euro = f"{cents // 100:,}".replace(",", ".")
    assert parse_euro(f"{euro},{cents % 100:02}") == cents


@given(st.text(max_size=40))
def test_no_text_makes_it_fail_otherwise(typed: str) -> None:
    with contextlib.suppress(AmountNotUnderstood):
        assert parse_euro(typed) >= 0
