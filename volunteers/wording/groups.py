"""How many come, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def people(number: int) -> str:
    """Return the number with its word."""
    return ngettext("%(number)d Mensch", "%(number)d Menschen", number) % {"number": number}


def for_people(title: str, heads: int) -> str:
    """Return what it is about, and for how many if several come."""
    if heads == 1:
        return title
    return _("%(title)s (für %(people)s)") % {"title": title, "people": people(heads)}


def somebody(heads: int) -> str:
    """Return who it is for those who are told no name, as it begins a sentence in the middle of a mail."""
    if heads == 1:
        return _("eine freiwillige Person")
    return _("eine Gruppe (%(people)s)") % {"people": people(heads)}
