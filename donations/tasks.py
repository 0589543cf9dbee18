"""The sweeps of this app: each selects what is due and calls one service."""

from datetime import datetime, timedelta
from itertools import chain

import structlog
from django.conf import settings

from donations.gateways import stripe
from donations.selectors.stripe_accounts import accounts
from donations.services.bank import booking, inbox
from donations.services.books import checks, reconciliation
from donations.services.books.checks import LedgerFault
from donations.services.books.reconciliation import NotReconciled
from donations.services.gifts import unpaid
from donations.services.online import cards, catching_up, events, mandates, ordered_refunds, transits
from donations.services.online.accounts import at_each_account, in_turn
from donations.services.treasury import lapsing
from foundation.sweeps import daily, every, sweep

log = structlog.get_logger(__name__)


@sweep("donations.check_ledger", every(600), timedelta(minutes=30))
def check_ledger(now: datetime) -> int:
    """Compare counters with bookings, once a night with all. Raises LedgerFault, for the night watch."""
    try:
        return checks.check(now)
    except LedgerFault as fault:
        log.error("ledger_fault", faults=str(fault))
        raise


@sweep("donations.book_lines", every(600), timedelta(minutes=30))
def book_lines(now: datetime) -> int:
    """Book the lines of the bank that an import left behind when it was killed, and let lapse what was
    proposed about lines that are something else by now."""
    return booking.book_waiting(now) + lapsing.let_lapse(now)


@sweep("donations.read_inbox", every(300), timedelta(minutes=30))
def read_inbox(now: datetime) -> int:
    """Take over the statements that a banking program has written into the folder for them."""
    folder = settings.STATEMENT_FOLDER
    return inbox.read_inbox(folder, now) if folder else 0


@sweep(events.PROCESS_EVENTS, every(30), timedelta(minutes=5))
def process_events(now: datetime) -> int:
    """Process the events of Stripe that wait. Raises NotBooked while some fail again and again."""
    with stripe.patient():
        done = events.process_waiting(now)
    events.check_booked()
    return done


@sweep(ordered_refunds.SEND_REFUNDS, every(300), timedelta(minutes=30))
def send_refunds(now: datetime) -> int:
    """Ask Stripe for the refunds that two people have ordered."""
    if not accounts():
        return 0
    with stripe.patient():
        return ordered_refunds.send_waiting(now)


@sweep("donations.ask_about_pending", every(900), timedelta(hours=1))
def ask_about_pending(now: datetime) -> int:
    """Ask Stripe about payments under way, so that a lost event costs minutes."""
    with stripe.patient():
        return catching_up.ask_about_pending(now)


@sweep("donations.look_after_recurring", every(900), timedelta(hours=1))
def look_after_recurring(now: datetime) -> int:
    """End Dauerspenden whose mandate was taken back; tell of cards that are about to expire."""
    if not accounts():
        return 0
    with stripe.patient():
        return in_turn(chain(mandates.to_end(now), cards.to_tell_of(now)))


@sweep("donations.catch_up", daily(4, 30), timedelta(hours=30))
def catch_up(now: datetime) -> int:
    """Fetch events and payouts that never reached us, and Stripe's own fees; forget old events."""
    events.forget_old(now)

    def fetch(account: str) -> int:
        fetched = catching_up.catch_up(account, now) + transits.read_new(account, now)
        return fetched + transits.book_fees(account, now)

    try:
        with stripe.patient():
            fetched = at_each_account(fetch)
    finally:
        met = booking.meet_transits(now)
    return fetched + met


@sweep("donations.reconcile", daily(5, 15), timedelta(hours=30))
def reconcile(now: datetime) -> int:
    """Compare Stripe, bank and rows with the books, after the catch-up. Raises NotReconciled."""
    try:
        with stripe.patient():
            return reconciliation.check_night(now)
    except NotReconciled as difference:
        log.error("not_reconciled", differences=str(difference))
        raise


@sweep("donations.unpaid", daily(8, 15), timedelta(hours=30))
def look_after_unpaid(now: datetime) -> int:
    """Remind once of transfers, let lapse what did not come."""
    return unpaid.remind_of_transfers(now) + unpaid.let_lapse(now)
