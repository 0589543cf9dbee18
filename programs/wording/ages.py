"""Ages in words."""

from django.utils.translation import gettext as _


def age_range(age_from: int | None, age_to: int | None) -> str:
    """Return "14 bis 21 Jahre", "ab 6 Jahren", "bis 6 Jahre", or "" if neither end is known."""
    if age_to is None:
        return _("ab %(age)d Jahren") % {"age": age_from} if age_from else ""
    if not age_from:
        return _("bis %(age)d Jahre") % {"age": age_to}
    return _("%(from)d bis %(to)d Jahre") % {"from": age_from, "to": age_to}
