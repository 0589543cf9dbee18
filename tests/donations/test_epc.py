import pytest

from donations.domain.epc import NotEncodable, payload, svg

GOOD = {
    "holder_name": "Stadt Düren",
    "iban": "DE02 1203 0000 0000 2020 51",
    "amount_cents": 2500,
    "reference": "RF68AB2G5",
}


def test_the_payload_has_exactly_the_lines_of_the_standard() -> None:
    assert payload(**GOOD) == (
        "BCD\n002\n1\nSCT\n\nStadt Düren\nDE02120300000000202051\nEUR25.00\nCHAR\nRF68AB2G5"
    )
    for name in ("X", "x" * 70):
        assert payload(**{**GOOD, "holder_name": name}).split("\n")[5] == name


@pytest.mark.parametrize(
    ("cents", "line"),
    [
        (1, "EUR0.01"),
        (99, "EUR0.99"),
        (100, "EUR1.00"),
        (123456, "EUR1234.56"),
        (99_999_999_999, "EUR999999999.99"),
    ],
)
def test_amounts_have_a_dot_and_two_decimals(cents: int, line: str) -> None:
    assert payload(**{**GOOD, "amount_cents": cents}).split("\n")[7] == line


@pytest.mark.parametrize(
    "change",
    [
        {"holder_name": ""},
        {"holder_name": "x" * 71},
        {"iban": "DE02"},
        {"iban": "12345678901234567890"},
        {"iban": "DE٠٢120300000000202051"},
        {"amount_cents": 0},
        {"amount_cents": 100_000_000_000},
    ],
)
def test_what_does_not_fit_the_standard_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(NotEncodable):
        payload(**{**GOOD, **change})  # type: ignore[arg-type]


def test_a_line_break_in_the_name_cannot_add_a_line() -> None:
    lines = payload(**{**GOOD, "holder_name": "Stadt\nDüren"}).split("\n")
    assert lines[5] == "Stadt Düren"
    assert len(lines) == 10


def test_the_longest_payload_still_fits_version_13() -> None:
    longest = payload(
        holder_name="Ü" * 70, iban="DE" + "1" * 32, amount_cents=99_999_999_999, reference="RF" + "9" * 23
    )
    drawing = svg(longest)
    assert drawing.startswith("<svg")
    assert len(longest.encode()) <= 331


def test_the_drawing_carries_no_style_and_no_script() -> None:
    drawing = svg(payload(**GOOD))
    assert "style" not in drawing
    assert "script" not in drawing
    assert 'viewBox="0 0 ' in drawing


def test_too_much_text_for_version_13_is_refused() -> None:
    with pytest.raises(NotEncodable):
        svg("x" * 400)


def test_331_bytes_are_a_code_and_one_more_is_none() -> None:
    room = 331 - len(payload(**{**GOOD, "reference": ""}).encode())
    assert len(payload(**{**GOOD, "reference": "9" * room}).encode()) == 331
    with pytest.raises(NotEncodable):
        payload(**{**GOOD, "reference": "9" * (room + 1)})
