"""How long a provider may keep somebody waiting, and who hears of it after that: nobody waits in silence.

Both things a provider is waited for have a clock: its yes to somebody who said yes, and the inspection, for
which people need some weeks at the Bürgerbüro.
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any

FIRST_AFTER: Mapping[str, int] = {"awaiting_confirmation": 3, "awaiting_clearance": 15}
"""Working days in that status until somebody is reminded for the first time."""

AGAIN_AFTER: Mapping[str, int] = {"awaiting_confirmation": 2, "awaiting_clearance": 5}
"""Working days from one reminder to the next, which goes further up."""

NOT_PRESSED: Mapping[str, Any] = {"pressed": 0, "pressed_at": None}
"""The columns of somebody for whom the clock begins anew, or who waits for nobody any more."""


class Pressed(IntEnum):
    """Who has been told so far that somebody waits."""

    NOBODY = 0
    PROVIDER = 1
    SECOND_PERSON = 2
    YOUTH_OFFICE = 3
