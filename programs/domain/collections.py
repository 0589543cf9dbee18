"""Collecting money in streets and from door to door: free in most Länder, with a permit in some."""

LANDS_WITH_A_PERMIT = frozenset({"Rheinland-Pfalz", "Saarland", "Thüringen"})
"""Where a Sammlungsgesetz still asks for one (North Rhine-Westphalia's was repealed in 1998)."""


def asks_for_permit(land: str) -> bool:
    """Whether street and house collections need a permit in the Land of that name."""
    return land.strip() in LANDS_WITH_A_PERMIT
