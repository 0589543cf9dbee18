"""The next number of a body in a year: taken in the transaction of the receipt, or not at all."""

from django.db import connection

_NEXT = """
INSERT INTO receipts_receiptcounter AS counter (provider_id, year, last) VALUES (%(provider)s, %(year)s, 1)
ON CONFLICT (provider_id, year) DO UPDATE SET last = counter.last + 1
RETURNING last
"""


def next_sequence(provider_id: int, year: int) -> int:
    """Return the next number and hold the counter until the transaction ends.

    Whoever asks meanwhile waits. What is rolled back, or killed, gives its number back: there are no gaps.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, {"provider": provider_id, "year": year})
        return int(cursor.fetchone()[0])
