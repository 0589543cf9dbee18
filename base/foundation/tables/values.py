"""What German tables hold: numbers, percents, days, yes and no."""

import re
from datetime import date
from decimal import Decimal

_GROUPED = re.compile("[+-]?[0-9]{1,3}(?:[. \u00a0\u202f][0-9]{3})+")
_PLAIN = re.compile("[+-]?[0-9]+")
_DIGITS = re.compile("[0-9]+")
_YES, _NO = {"ja", "j", "x", "wahr", "1"}, {"", "nein", "n", "falsch", "0", "-", "–"}


def german_number(text: str) -> Decimal:
    """Return 1234.5 of "1.234,5", "1 234,5", "1234,5" and "1234.5"; "1.234" is 1234.

    Raises ValueError for what is no number, and for signs that could be read in two ways.
    """
    whole, comma, decimals = text.strip().partition(",")
    if not comma and "." in whole and not _GROUPED.fullmatch(whole):
        whole, comma, decimals = whole.partition(".")
    if comma and not _DIGITS.fullmatch(decimals):
        raise ValueError(text)
    if not (_PLAIN.fullmatch(whole) or _GROUPED.fullmatch(whole)):
        raise ValueError(text)
    digits = re.sub(r"[. \u00a0\u202f]", "", whole)
    return Decimal(f"{digits}.{decimals}" if comma else digits)


def percent(text: str) -> Decimal:
    """Return 25 of "25 %", "25" and "25,0 v. H.". Raises ValueError."""
    return german_number(re.sub(r"\s*(?:%|v\.\s?H\.|Prozent)\s*$", "", text.strip()))


def german_day(text: str) -> date:
    """Return the day of "31.12.2026", "31.12.26" or "2026-12-31". Raises ValueError."""
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text.strip(), re.ASCII)
    if iso:
        return date(int(iso[1]), int(iso[2]), int(iso[3]))
    german = re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})", text.strip(), re.ASCII)
    if not german:
        raise ValueError(text)
    year = int(german[3])
    return date(year + 2000 if year < 100 else year, int(german[2]), int(german[1]))


def yes_or_no(text: str) -> bool:
    """Return whether it says yes; empty says no. Raises ValueError for anything else."""
    said = text.strip().lower()
    if said not in _YES | _NO:
        raise ValueError(text)
    return said in _YES
