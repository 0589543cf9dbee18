import pytest

from donations.domain.amounts import AmountRefusal, read_amount

MOST = 5_000_000


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("1", 100),
        ("25", 2500),
        ("25,–", 2500),
        ("25,5", 2550),
        ("25.50", 2550),
        (" 1.250,00 € ", 125_000),
        ("50 000", 5_000_000),
        ("50000 Euro", 5_000_000),
    ],
)
def test_amounts_are_read_as_people_write_them(typed: str, cents: int) -> None:
    assert read_amount(typed, MOST) == cents


@pytest.mark.parametrize(
    "typed", ["", "-5", "+5", "1e5", "NaN", "inf", "٢٥", "25 $", "1,2,3", "0x19", "fünf", "2 5"]
)
def test_anything_else_is_not_understood(typed: str) -> None:
    assert read_amount(typed, MOST) is AmountRefusal.NOT_UNDERSTOOD


def test_less_than_one_euro_is_too_small() -> None:
    assert read_amount("0,99", MOST) is AmountRefusal.TOO_SMALL
    assert read_amount("0", MOST) is AmountRefusal.TOO_SMALL


def test_more_than_the_configured_most_is_too_large() -> None:
    assert read_amount("50000,01", MOST) is AmountRefusal.TOO_LARGE
    assert read_amount("9999999", MOST) is AmountRefusal.TOO_LARGE
