"""Published texts beside those of Engagementangebote: what kinds there are, and the columns of their words.

A change of such a word is a draft until a second person has released it; all else takes effect at once.
"""

from foundation.choices import TextChoices
from foundation.choices import noop as _


class Published(TextChoices):
    """What the texts are about."""

    PROGRAM = "program", _("Angebot")
    PURPOSE = "purpose", _("Spendenzweck")
    NEWS = "news", _("Neuigkeit zu einem Spendenzweck")
    PROVIDER = "provider", _("Träger")
    TELEPHONE = "telephone", _("Hilfetelefon")
    CITY = "city", _("Stadt")


WORDS: dict[str, tuple[str, ...]] = {
    Published.PROGRAM: (
        "name",
        "operator",
        "partners",
        "site",
        "area_label",
        "description",
        "page_text",
        "public_contact",
        "as_of",
        "source",
    ),
    Published.PURPOSE: ("name", "purpose", "fallback_purpose", "unit_label"),
    Published.NEWS: ("title", "text"),
    Published.PROVIDER: ("name", "name_dative", "address", "public_contact", "safeguarding_contact"),
    Published.TELEPHONE: ("name", "hours", "source", "as_of"),
    Published.CITY: (
        "name",
        "state",
        "postal_address",
        "represented_by",
        "youth_office_phone_source",
        "call",
        "call_source",
        "appeal",
        "appeal_text",
        "help_intro",
        "map_attribution",
        "figures",
        "unconfirmed",
    ),
}

SHOWN_BY: dict[str, tuple[str, ...]] = {
    Published.PROGRAM: ("is_listed",),
    Published.PURPOSE: ("is_shown", "is_open"),
    Published.NEWS: ("is_shown",),
    Published.TELEPHONE: ("is_listed",),
}
"""The columns that make a row public; off until its first words are released, which turns them on."""

PLACES = frozenset({"site", "address", "postal_address"})
"""Where the address of an institution is expected."""
