"""What can be the name of a person, of an organisation, or a line of an address.

Names go into mails that carry the name of a city: letters of every script and every kind of hyphen are
welcome; addresses of pages, telephone numbers, line breaks, and characters that control or turn round the
text are not.
"""

import re
import unicodedata

_OF_PEOPLE = frozenset("-‐‑‒–—'’‘ʼ`´.·")
_OF_ORGANISATIONS = _OF_PEOPLE | frozenset(',;:!?&+/()"„“”‚«»‹›*_#§°№')
_DIGITS_IN_A_NAME = 6  # "1. FC Düren 1899", and no telephone number
# What mail programs make a link of: two letters after a dot are a domain, however the dot is written.
_PAGE = re.compile(r"\w[.。][^\W\d_]{2}|\d\.\d+\.\d|www|https?\b|\w+:/|mailto:", re.IGNORECASE)
_SHORT = re.compile(r"(?<!\w)(?:[^\W\d_]{1,4}|\d{1,2})\.(?=[^\W\d_]{2})")
_POSTCODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z -]{1,8}[0-9A-Za-z]", re.ASCII)


def is_personal_name(text: str) -> bool:
    """Tell whether `text` has a letter and beside letters only their marks and the signs names have."""
    kinds = _kinds_beside(text, _OF_PEOPLE)
    return "L" in kinds and kinds <= {"L", "M"} and not names_a_page(text)


def is_name(text: str) -> bool:
    """Tell whether `text` can be the name of a person or an organisation: "Müller GmbH & Co. KG"."""
    return is_line(text) and sum(map(str.isdigit, text)) <= _DIGITS_IN_A_NAME


def is_line(text: str) -> bool:
    """Tell whether `text` can stand in an address: a street with its number, a town."""
    kinds = _kinds_beside(text, _OF_ORGANISATIONS)
    return "L" in kinds and kinds <= {"L", "M", "N"} and not names_a_page(text)


def with_blanks(text: str) -> str:
    """Return `text` with the blanks that people leave out: "Dr.Müller", "Hans-J.Schmitz", "4.Klasse".

    A mail program makes a link of two words with a dot between them, and of none with a blank there. What is
    written small behind the dot is left as it is: it may be meant as an address.
    """
    return _SHORT.sub(lambda found: f"{found[0]} " if text[found.end()].isupper() else found[0], text)


def is_postcode(text: str) -> bool:
    """Tell whether `text` can be a postcode, also of another country: "52349", "SW1A 1AA", "1234 AB"."""
    return bool(_POSTCODE.fullmatch(text))


def names_a_page(text: str) -> bool:
    """Tell whether a mail program could make a link of `text` or of a part of it."""
    return bool(_PAGE.search(unicodedata.normalize("NFKC", text)))


def _kinds_beside(text: str, signs: frozenset[str]) -> set[str]:
    """Return the first letters of the Unicode categories of all characters but `signs` and blanks."""
    kinds = (unicodedata.category(character) for character in text if character not in signs)
    return {kind[0] for kind in kinds if kind != "Zs"}
