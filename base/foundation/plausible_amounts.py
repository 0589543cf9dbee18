"""Amounts that people type as cents."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from foundation.money import NotAnAmount, some_cents


def an_amount(cents: int) -> None:
    """Raise ValidationError for nothing, for less than nothing, and for more than any account moves."""
    try:
        some_cents(cents)
    except NotAnAmount:
        raise ValidationError(
            _("Bitte geben Sie einen Betrag von mindestens 1 Cent und höchstens 100 Milliarden Euro ein.")
        ) from None
