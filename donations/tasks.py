"""The sweeps of this app: each selects what is due and calls one service."""

from datetime import datetime, timedelta

import structlog

from donations.selectors import ledger
from foundation.sweeps import every, sweep

log = structlog.get_logger(__name__)


class LedgerFault(Exception):
    """The books contradict themselves; the sweep counts as failed until somebody has looked."""


@sweep("donations.check_ledger", every(600), timedelta(minutes=30))
def check_ledger(now: datetime) -> int:
    """Compare counters with entries. Raises LedgerFault, which the night watch shows."""
    faults = ledger.faults()
    if faults:
        log.error("ledger_fault", faults=faults)
        raise LedgerFault("; ".join(faults))
    return 0
