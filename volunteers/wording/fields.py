"""How a pledge is put into words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from programs.domain.choices import Field


def fields_text(fields: Sequence[str]) -> str:
    """Return the fields of action as one phrase; none chosen means wherever help is needed."""
    if not fields:
        return _("Wo Hilfe gebraucht wird")
    return ", ".join(str(each.label) for each in Field if each in fields)
