"""Days that people type."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

CENTURY = range(2000, 2100)


def of_this_century(day: date) -> None:
    """Raise ValidationError for any other: a year half typed (0026), or one from which no day is reckoned."""
    if day.year not in CENTURY:
        raise ValidationError(_("Bitte nennen Sie einen Tag zwischen 2000 und 2099."))
