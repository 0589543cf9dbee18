"""Amounts, times and words as people in Germany read them."""

import time

METHOD_NAMES = {"card": "Kreditkarte", "sepa_debit": "SEPA-Lastschrift", "paypal": "PayPal"}
INTERVAL_NAMES = {
    "day": ("täglich", "Tage"),
    "week": ("wöchentlich", "Wochen"),
    "month": ("monatlich", "Monate"),
    "year": ("jährlich", "Jahre"),
}


def euros(cents: int) -> str:
    whole, rest = divmod(cents, 100)
    return f"{whole:,}".replace(",", ".") + f",{rest:02d}\N{NO-BREAK SPACE}€"


def rhythm(recurring: dict[str, object] | None) -> str:
    if recurring is None:
        return "einmalig"
    adverb, plural = INTERVAL_NAMES[str(recurring["interval"])]
    count = recurring["interval_count"]
    return adverb if count == 1 else f"alle {count} {plural}"


def clock_time(seconds: float) -> str:
    return time.strftime("%d.%m.%Y %H:%M:%S", time.localtime(seconds))
