"""How texts are compared: the fast way for plain texts gives what the definition gives, for every letter."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

DEFINITION = r"""
replace(replace(replace(replace(
    translate(
        lower(regexp_replace(normalize(typed, NFD), '[\u0300-\u036f]', '', 'g')),
        'ıøØłŁđĐðþæÆœŒẞ', 'ioolldddpaaooß'
    ),
    'ß', 'ss'), 'ae', 'a'), 'oe', 'o'), 'ue', 'u')
"""
EVERY_LETTER = """
SELECT chr(code) AS letter FROM generate_series(1, x'ffff'::int) AS code
WHERE code NOT BETWEEN x'd800'::int AND x'dfff'::int
"""
AROUND = ["letter", "'Fue' || letter || 'R Ae'", "letter || 'e'", "letter || chr(776) || 'OE'"]


def asked(query: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


@pytest.mark.parametrize("text", AROUND)
def test_every_letter_is_folded_as_it_is_defined(text: str) -> None:
    texts = f"SELECT {text} AS typed FROM ({EVERY_LETTER}) AS letters OFFSET 0"
    other = f"SELECT typed FROM ({texts}) AS texts WHERE search_folded(typed) IS DISTINCT FROM {DEFINITION}"
    assert asked(other) == []


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("", ""),
        ("SPENDE FUER KINDER 12", "spende fur kinder 12"),
        ("Spende für Kinder 12", "spende fur kinder 12"),
        ("Gross", "gross"),
        ("Groß", "gross"),
        ("GROẞ", "gross"),
        ("IIlona", "iilona"),
    ],
)
def test_words_are_folded(typed: str, folded: str) -> None:
    assert asked(f"SELECT search_folded('{typed}')") == [(folded,)]
