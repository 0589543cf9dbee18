"""Ages of the people an Angebot is for."""

from django.utils.translation import gettext as _

from programs.domain.choices import AgeBand


def age_range(age_from: int | None, age_to: int | None) -> str:
    """Return "14 bis 21 Jahre", "ab 6 Jahren", "bis 6 Jahre", or "" if neither end is known."""
    if age_to is None:
        return _("ab %(age)d Jahren") % {"age": age_from} if age_from else ""
    if not age_from:
        return _("bis %(age)d Jahre") % {"age": age_to}
    return _("%(from)d bis %(to)d Jahre") % {"from": age_from, "to": age_to}


def band_limits(band: AgeBand) -> tuple[int, int]:
    """Return the lowest and the highest age (in years, both included) of a band."""
    youngest, _separator, oldest = band.value.partition("-")
    return int(youngest), int(oldest)
