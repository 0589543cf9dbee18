"""Before which dates somebody is reminded."""

from datetime import timedelta

from foundation.choices import TextChoices
from foundation.choices import noop as _

BREAK = timedelta(weeks=4) - timedelta(days=1)
"""After so long without a date the next one counts as a first one: four weeks, whatever the clocks do and
whether it is an hour earlier in the day."""

ANEW = timedelta(days=3)
"""A date moved farther away is reminded of again; of a nearer one the mail about the change tells."""


class Reminders(TextChoices):
    """What a person wishes; a task may ask for each date, but nobody is reminded who wants none."""

    FIRST = "first", _("vor dem ersten Termin und nach vier Wochen Pause")
    EACH = "each", _("vor jedem Termin")
    NONE = "none", _("gar nicht")
