"""How far a pledge has come, as its person is told: looked for, asked, said yes, placed."""

from collections.abc import Collection

from foundation.choices import TextChoices
from foundation.choices import noop as _


class Stage(TextChoices):
    """What is true today; derived from the pledge, its questions and its placements, stored nowhere."""

    SEARCHING = "searching", _("wir suchen etwas Passendes")
    ASKED = "asked", _("wir haben Sie gefragt")
    PROVIDERS_TURN = "providers_turn", _("Sie haben Ja gesagt, der Träger ist dran")
    INSPECTION = "inspection", _("wartet auf Unterlagen")
    PLACED = "placed", _("im Einsatz")
    PAUSED = "paused", _("pausiert")


def stage_of(status: str, *, is_asked: bool, placements: Collection[str]) -> Stage:
    """Return the stage of a running pledge from its status, an open question, its placements' statuses.

    What waits for the person comes first, then what waits for the provider.
    """
    reached = {
        Stage.PAUSED: status == "paused",
        Stage.ASKED: is_asked,
        Stage.PROVIDERS_TURN: "awaiting_confirmation" in placements,
        Stage.PLACED: "active" in placements,
        Stage.INSPECTION: "awaiting_clearance" in placements,
    }
    return next((stage for stage, holds in reached.items() if holds), Stage.SEARCHING)
