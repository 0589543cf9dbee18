"""Texts that people sign: what they are for, and whether a version came into force."""

from foundation.choices import TextChoices
from foundation.choices import noop as _


class DeclarationKind(TextChoices):
    """Who signs what; the value is part of the address of its page."""

    SELF_COMMITMENT = "selbstverpflichtung", _("Selbstverpflichtung")
    GUARDIAN_CONSENT = "einverstaendnis", _("Einverständnis der Erziehungsberechtigten")
