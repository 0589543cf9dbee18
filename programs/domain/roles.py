from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class WiderRole(TextChoices):
    """As what the history names those who reach further than one membership at one provider."""

    OPERATOR = "operator", _("Betrieb")
    YOUTH_OFFICE = "youth_office", _("Jugendamt")
