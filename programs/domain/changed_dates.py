"""What a date was before it changed, for whoever has to tell people."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ChangedDate:
    """A date whose time or whose taking place has changed, as it was before."""

    shift_id: int
    starts_at: datetime
    ends_at: datetime
    was_cancelled: bool
