"""Why a date does not stay with fewer people."""

from foundation.choices import TextChoices
from foundation.choices import noop as _


class Kept(TextChoices):
    """What keeps a gap open, with its sentence for who coordinates."""

    SETTLED = "settled", _("Hier fehlt inzwischen niemand mehr.")
    NOBODY = "nobody", _("Zu diesem Termin kommt niemand. Bitte suchen Sie jemanden, oder sagen Sie ihn ab.")
    UNSAFE = "unsafe", _("Bei diesem Termin fehlen noch Erwachsene. Das lässt sich nicht so lassen.")
    FEWER = "fewer", _("Inzwischen hat noch jemand abgesagt. Bitte sehen Sie noch einmal nach.")
