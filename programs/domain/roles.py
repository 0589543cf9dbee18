from foundation.choices import TextChoices
from foundation.choices import noop as _


class WiderRole(TextChoices):
    """As what the history names those who reach further than one membership at one provider."""

    OPERATOR = "operator", _("Betrieb")
    YOUTH_OFFICE = "youth_office", _("Jugendamt")
