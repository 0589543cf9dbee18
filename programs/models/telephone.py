"""Telephone numbers: a shape that leaves no room for words."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

IS_NUMBER = RegexValidator(
    r"^\+?[\d\s()/-]*\d[\d\s()/-]*$", _("Bitte geben Sie nur eine Telefonnummer ein, zum Beispiel 0123 4567.")
)
