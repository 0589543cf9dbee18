"""The books check themselves: all of them at night, what came or was changed since then every few minutes."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max

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
GROUP BY fund.id ORDER BY fund.id
ON CONFLICT (fund_id) DO UPDATE SET up_to = excluded.up_to, balance_cents = excluded.balance_cents,
    received_cents = excluded.received_cents, gift_count = excluded.gift_count, taken_at = excluded.taken_at
"""

_TAKE_CHANGED = """
DELETE FROM donations_changedmoney WHERE id IN (
    SELECT id FROM donations_changedmoney WHERE id > %(after)s ORDER BY id LIMIT %(most)s
) RETURNING id, gift_id, line_id
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
    faults: set[str] = set()
    after: int | None = 0
    while after is not None:
        after, found = _compare_changed(after)
        faults |= set(found)
    return sorted(faults)


@transaction.atomic
def _compare_changed(after: int) -> tuple[int | None, list[str]]:
    """Compare some that were noted after `after`; returns up to which, None at the end, and what is wrong.

    What is noted is taken first and compared then, so that the comparison sees every change that was noted;
    if anything is wrong, nobody has taken it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_CHANGED, {"after": after, "most": _AT_ONCE})
        taken = cursor.fetchall()
    if not taken:
        return None, []
    gifts, lines = {row[1] for row in taken}, {row[2] for row in taken}
    found = row_faults(Changed(gifts - {None}, lines - {None}))
    if found:
        transaction.set_rollback(True)
    return max(row[0] for row in taken), found


@transaction.atomic
def check_whole_ledger(now: datetime) -> int:
    """Compare every counter and row with all entries, and remember their sums. Raises LedgerFault."""
    ChangedMoney.objects.all().delete()  # what they note the comparison sees; if it fails, they stay
    done = _raise([*ledger.faults(), *row_faults()])
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_CHECKPOINT, {"now": now, "before": now - _LONGEST_BOOKING})
    return done


def _raise(faults: list[str]) -> int:
    if faults:
        raise LedgerFault("; ".join(faults))
    return 0
