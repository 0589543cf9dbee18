"""On which day a direct debit was taken from the giver's account: the day that counts (RULES §2.8)."""

from datetime import date, timedelta

DEBIT = "sepa_debit"
# § 675x Abs. 4 BGB: so long the giver may ask the bank for a debit back, counted from its day.
DEBIT_MAY_GO_BACK = timedelta(weeks=8)


def debited_on(said: object, *, asked_on: date, here_on: date) -> date | None:
    """Return the day of a debit of which the payment service says `said` (YYYY-MM-DD); None if it says none.

    It says it before it happens: no money is taken before it is asked for, nor after it is here.
    """
    try:
        day = date.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
    return min(max(day, asked_on), here_on) if day else None
