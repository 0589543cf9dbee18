"""Taking turns where no row is there yet that could be locked."""

from django.db import connection

_TURNS = 20  # the space of these advisory locks, beside those of sweeps and workers


def one_at_a_time(what: str) -> None:
    """Wait for whoever does `what` now; whoever comes next waits until this transaction is over."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_TURNS, what])
