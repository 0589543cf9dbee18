"""Ages of the people an Angebot is for."""

from programs.domain.choices import AgeBand


def band_limits(band: AgeBand) -> tuple[int, int]:
    """Return the lowest and the highest age (in years, both included) of a band."""
    youngest, _separator, oldest = band.value.partition("-")
    return int(youngest), int(oldest)
