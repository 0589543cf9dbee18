"""Whether something typed can be an IBAN: country, length and check digits (ISO 13616, ISO 7064)."""

import re

_COUNTRIES = {
    15: "NO",
    16: "BE",
    18: "DK FI NL",
    19: "SI",
    20: "AT EE LT LU",
    21: "CH HR LI LV",
    22: "BG DE GB IE VA",
    23: "GI",
    24: "AD CZ ES RO SE SK",
    25: "PT",
    26: "IS",
    27: "FR GR IT MC SM",
    28: "CY HU PL",
    31: "MT",
}
"""How long an IBAN is, and in which countries of the single euro payments area (SEPA)."""
_LENGTHS = {country: length for length, countries in _COUNTRIES.items() for country in countries.split()}
_SHAPE = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]+", re.ASCII)


def plain_iban(text: str) -> str:
    """Return it in capitals and without blanks, however it was typed."""
    return "".join(text.split()).upper()


def grouped_iban(iban: str) -> str:
    """Return it in blocks of four, as it is printed."""
    plain = plain_iban(iban)
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def is_iban(text: str) -> bool:
    """Tell whether `text` is an IBAN of a SEPA country: its length and its check digits are right."""
    iban = plain_iban(text)
    if not _SHAPE.fullmatch(iban) or len(iban) != _LENGTHS.get(iban[:2]):
        return False
    digits = "".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])
    return int(digits) % 97 == 1


def german_iban(bank_code: str, number: str) -> str:
    """Return the IBAN of a German bank code (8 digits) and account number (up to 10).

    A few banks deviate from the rule for some of their numbers; what they call such an account is another.
    """
    rest = bank_code + number.zfill(10)
    return f"DE{98 - int(f'{rest}131400') % 97:02}{rest}"
