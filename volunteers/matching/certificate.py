"""How good a result can be at most, from prices alone."""

from __future__ import annotations

import numpy as np

from volunteers.matching.market import Hall
from volunteers.matching.problem import Ints


def upper_bound(hall: Hall, price: Ints) -> int:
    """L(p): the places at their prices and everybody's best bundle at these prices, over the edges of `hall`.

    By weak duality no valid assignment scores more, whatever prices (m, none negative) are given.
    """
    places = hall.left.places
    sold = int(np.sum(places[places > 0] * price[places > 0]))
    book = hall.open_book(price, np.arange(len(hall.most)))
    return sold + int(hall.engine.bundles_worth(hall.market, book))
