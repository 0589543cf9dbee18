"""The sweeps of receipts: each selects what is due and calls one service."""

from datetime import datetime, timedelta

from donations.receipts.domain.calendar import year_of_run
from donations.receipts.services import payers, retention, withdrawal, yearly
from foundation.clock import local_day
from foundation.sweeps import daily, every, sweep


@sweep("receipts.withdraw_untrue", every(300), timedelta(minutes=30))
def withdraw_untrue(now: datetime) -> int:
    """Withdraw the receipts of gifts that were refunded, disputed or corrected."""
    return withdrawal.withdraw_untrue(now)


@sweep("receipts.note_payers", every(600), timedelta(hours=1))
def note_payers(now: datetime) -> int:
    """Note transfers whose payer has another name than the giver; a treasurer says whose gifts they are."""
    return payers.note_payers(now)


@sweep("receipts.issue_yearly", daily(6, 30), timedelta(hours=30))
def issue_yearly(now: datetime) -> int:
    """Issue the receipts of last year on every day of March: what was not due on the first follows later."""
    year = year_of_run(local_day(now))
    return yearly.issue_year(year, now).issued if year else 0


@sweep("receipts.purge", daily(3, 50), timedelta(hours=30))
def purge(now: datetime) -> int:
    """Delete what was kept for the tax office for ten years."""
    return retention.purge(now)
