"""What somebody who is not of age may do (RULES §1.9): nothing late, nothing over night.

The database knows the same hours (`volunteers_assignment_may_come`).
"""

from datetime import datetime, time

LATEST_END = time(22)
"""From 16 on; nobody younger has a pledge here."""


def is_too_late(begins: datetime, ends: datetime) -> bool:
    """Tell whether a date of these local times ends too late for a minor, or on another day."""
    return ends.date() > begins.date() or ends.time() > LATEST_END
