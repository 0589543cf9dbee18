"""When receipts are made and how long they are kept."""

from datetime import date

MARCH = 3
KEPT_YEARS = 10  # RULES §2.7, from the end of the year; § 147 AO


def year_of_run(today: date) -> int | None:
    """Return the year whose receipts are due in March: by then its debits are safe (RULES §2.8)."""
    return today.year - 1 if today.month == MARCH else None


def first_year_kept(today: date) -> int:
    """Return the earliest year of issue whose receipts are still kept."""
    return today.year - KEPT_YEARS
