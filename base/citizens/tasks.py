"""What time alone does to mailboxes."""

from datetime import datetime, timedelta

from citizens.services import address_changes, bounces, link_requests, mailboxes
from foundation.sweeps import daily, every, sweep


@sweep(link_requests.ANSWER_REQUESTS, every(60), timedelta(minutes=10))
def answer_link_requests(now: datetime) -> int:
    """Mail the link to "Meine Seite" to those who asked."""
    return link_requests.answer_requests(now)


@sweep("citizens.note_bounces", every(900), timedelta(hours=2))
def note_bounces(now: datetime) -> int:
    """Note which addresses the mail server refused for good."""
    return bounces.note_bounces(now)


@sweep("citizens.delete_unused", daily(3, 20), timedelta(hours=30))
def delete_unused(now: datetime) -> int:
    """Delete addresses that somebody typed and nobody confirmed."""
    return mailboxes.delete_unused(now)


@sweep("citizens.move_unopposed", every(900), timedelta(hours=2))
def move_unopposed(now: datetime) -> int:
    """Move the mailboxes whose old address let its time for a no pass."""
    return address_changes.move_unopposed(now)


@sweep("citizens.settle_address_changes", daily(3, 25), timedelta(hours=30))
def settle_address_changes(now: datetime) -> int:
    """Forget the addresses of changes that nothing can be done with any more."""
    return address_changes.settle(now)
