"""Numbers of receipts: without gaps per body and year, never used again (RULES §2.7)."""


def receipt_number(code: str, year: int, sequence: int) -> str:
    """Return "SD-2026-00042"."""
    return f"{code}-{year}-{sequence:05}"
