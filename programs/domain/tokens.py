"""What a program of a provider may do here."""

from foundation.choices import TextChoices
from foundation.choices import noop as _


class Scope(TextChoices):
    """One right of a token; each is given on its own."""

    TASKS_READ = "tasks:read", _("eigene Angebote und Termine lesen")
    TASKS_WRITE = "tasks:write", _("Angebote als Entwurf schreiben und ändern")
    DATES_WRITE = "dates:write", _("Termine ausfallen lassen")
