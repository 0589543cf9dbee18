"""The outbox's sweeps."""

import os
import socket
import uuid
from datetime import datetime, timedelta

from foundation.sweeps import daily, every, sweep
from outbox.services import purge, sending
from outbox.services.queue import SEND_DUE


@sweep(SEND_DUE, every(15), timedelta(minutes=5), side_by_side=4)
def send_due(now: datetime) -> int:
    """Send what is due; the nudge after queueing makes it prompt, this schedule makes it sure."""
    worker = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
    return sending.send_due(now, worker=worker)


@sweep("outbox.give_up_on_lost", every(60), timedelta(minutes=10))
def give_up_on_lost(now: datetime) -> int:
    """Show a human the one message that was in flight when a worker died."""
    return sending.give_up_on_lost(now)


@sweep("outbox.empty_old_messages", daily(3, 40), timedelta(hours=30))
def empty_old_messages(now: datetime) -> int:
    """Forget the text of mails long sent, and that there was one when nobody can send it again."""
    return purge.empty_old_messages(now) + purge.delete_old_messages(now)
