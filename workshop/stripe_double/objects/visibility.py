"""What of a stored object is shown: some lists only when expanded, own notes (``_…``) never."""

from workshop.stripe_double.store import Json

ONLY_WHEN_EXPANDED = "line_items"


def shown(body: Json) -> Json:
    return {
        key: value for key, value in body.items() if key != ONLY_WHEN_EXPANDED and not key.startswith("_")
    }
