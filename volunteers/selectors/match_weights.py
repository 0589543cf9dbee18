"""How much each part of the score counts, as the youth office has set it."""

from collections.abc import Mapping
from dataclasses import replace

from volunteers.matching import Weights
from volunteers.models import Weighting


def current_weighting() -> Weighting | None:
    """Return the valid one, None while nobody has set any."""
    return Weighting.objects.order_by("-pk").first()


def current_weights() -> Weights:
    """Return the points of the next run."""
    weighting = current_weighting()
    return weights_of(weighting.percents) if weighting else Weights()


def weights_of(percents: Mapping[str, int]) -> Weights:
    """Return the designed points, each part at its percentage."""
    designed = Weights()
    return replace(
        designed, **{part: getattr(designed, part) * percent // 100 for part, percent in percents.items()}
    )
