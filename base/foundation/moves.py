"""Which moves of a status are legal: from → to."""

from collections.abc import Collection, Mapping

Moves = Mapping[str, Collection[str]]
