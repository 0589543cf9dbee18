"""Why nobody is needed any more where somebody was asked to stand in."""

from foundation.choices import TextChoices
from foundation.choices import noop as _


class Over(TextChoices):
    """A reason for the history, with its sentence for the person."""

    FOUND = "found", _("Es hat sich schon jemand gefunden.")
    BACK = "back", _("Die Person, für die wir Ersatz gesucht haben, kommt doch selbst.")
    CANCELLED = "cancelled", _("Der Termin fällt aus.")
    MOVED = "moved", _("Der Termin ist verlegt worden.")
    NOT_PUBLIC = "not_public", _("Für diese Aufgabe wird zurzeit niemand gesucht.")
    FULL = "full", _("An diesem Termin sind wieder genug Menschen da.")
    NOT_ASKED = "not_asked", _("Danach fragen wir Sie nicht mehr.")
    BEGUN = "begun", _("Der Termin hat begonnen.")
