"""The roof: settings, addresses, pages, today, dashboard, API.

Two thousand modules make objects that never go away. At Python's own threshold of 700 the collector looks
through them again and again while they are imported (a fifth of every start) and while requests are answered
(a twelfth).
"""

import gc

_ALLOCATIONS_BEFORE_A_LOOK = 10_000

gc.set_threshold(_ALLOCATIONS_BEFORE_A_LOOK, 10, 10)
