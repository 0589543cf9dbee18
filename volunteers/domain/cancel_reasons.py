"""Why a placement does not come about or stops early.

`NOT_FITTING` also stands for an inspection that did not lead to a clearance, whatever the cause: nobody can
tell the one from the other (§ 72a Abs. 5 SGB VIII).
"""

from foundation.choices import TextChoices
from foundation.choices import noop as _


class CancelReason(TextChoices):
    """Named reasons, each with a sentence for the volunteer."""

    NOT_FITTING = "not_fitting", _("Es passt leider nicht zusammen")
    NOT_NEEDED = "not_needed", _("Die Hilfe wird nicht mehr gebraucht")
    NOT_REACHED = "not_reached", _("Wir haben die Person nicht erreicht")
    ON_REQUEST = "on_request", _("Die Person hat darum gebeten")
