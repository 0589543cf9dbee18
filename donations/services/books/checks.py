"""The books check themselves: all of them at night, what came or was changed since then every few minutes."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from donations.models import ChangedMoney, LedgerCheckpoint
from donations.selectors import ledger
from donations.selectors.row_faults import Changed, row_faults
from foundation.clock import local_day, local_moment
from foundation.units import HOUR, MinuteOfDay

# Who books longer than this was cancelled: nothing with a smaller id can still come.
_LONGEST_BOOKING = timedelta(hours=1)
_AT_NIGHT = MinuteOfDay(3 * HOUR + 30)
_AT_ONCE = 20_000

_TAKE_CHECKPOINT = """
WITH last AS (
    SELECT coalesce(max(id), 0) AS id FROM donations_ledgertransaction WHERE recorded_at < %(before)s
)
INSERT INTO donations_ledgercheckpoint (fund_id, up_to, balance_cents, received_cents, gift_count, taken_at)
SELECT fund.id, (SELECT id FROM last),
    -coalesce(sum(entry.amount_cents), 0),
    -coalesce(sum(entry.amount_cents) FILTER (WHERE coalesce(undone.kind, booked.kind)
        NOT IN ('payout', 'shortfall')), 0),
    count(*) FILTER (WHERE booked.kind = 'gift') - count(*) FILTER (WHERE undone.kind = 'gift')
        - coalesce(sum(sign(entry.amount_cents)) FILTER (WHERE booked.kind = 'reallocation'), 0)::bigint,
    %(now)s
FROM programs_fund AS fund
LEFT JOIN (
    donations_ledgerentry AS entry
    JOIN donations_ledgertransaction AS booked ON booked.id = entry.transaction_id
    JOIN donations_ledgeraccount AS account ON account.id = entry.account_id AND account.kind = 'fund'
    LEFT JOIN donations_ledgertransaction AS undone ON undone.id = booked.reverses_id
) ON account.fund_id = fund.id AND booked.id <= (SELECT id FROM last)
GROUP BY fund.id
ON CONFLICT (fund_id) DO UPDATE SET up_to = excluded.up_to, balance_cents = excluded.balance_cents,
    received_cents = excluded.received_cents, gift_count = excluded.gift_count, taken_at = excluded.taken_at
"""


class LedgerFault(Exception):
    """The books contradict themselves; the sweep counts as failed until somebody has looked."""


def check(now: datetime) -> int:
    """Compare every counter with the last checkpoint and what was booked since, and what was changed with the
    books; once a night everything with everything. Raises LedgerFault.
    """
    taken_at = LedgerCheckpoint.objects.aggregate(last=Max("taken_at"))["last"]
    tonight = local_moment(local_day(now), _AT_NIGHT)
    if taken_at is None or taken_at < tonight <= now:
        return check_whole_ledger(now)
    return _raise([*ledger.faults_since_checkpoint(), *_changed_faults()])


def _changed_faults() -> list[str]:
    """What is wrong with the rows that were changed; those that are right are not looked at again."""
    faults: list[str] = []
    after = 0
    while rows := list(_noted().filter(pk__gt=after)[:_AT_ONCE]):
        after = rows[-1][0]
        gifts, lines = ({row[place] for row in rows if row[place]} for place in (1, 2))
        found = row_faults(Changed(gifts, lines))
        faults += found
        if not found:
            _forget([row[0] for row in rows])
    return sorted(set(faults))


def _noted() -> QuerySet[ChangedMoney, tuple[int, int | None, int | None]]:
    return ChangedMoney.objects.order_by("pk").values_list("pk", "gift_id", "line_id")


def _forget(noted: list[int]) -> None:
    """Only what was read before the comparison: what was noted meanwhile may be newer than what it saw."""
    ChangedMoney.objects.filter(pk__in=noted).delete()


@transaction.atomic
def check_whole_ledger(now: datetime) -> int:
    """Compare every counter and row with all entries, and remember their sums. Raises LedgerFault."""
    noted = list(ChangedMoney.objects.values_list("pk", flat=True))
    done = _raise([*ledger.faults(), *row_faults()])
    _forget(noted)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_CHECKPOINT, {"now": now, "before": now - _LONGEST_BOOKING})
    return done


def _raise(faults: list[str]) -> int:
    if faults:
        raise LedgerFault("; ".join(faults))
    return 0
