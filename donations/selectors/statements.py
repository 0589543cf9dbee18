"""What became of a statement that was taken over."""

from dataclasses import dataclass

from django.db.models import F, QuerySet

from donations.models import BankTransaction, StatementImport


@dataclass(frozen=True)
class StatementReport:
    """How its new and merged lines stand now; `known` were in the books before."""

    booked: int
    refunded: int
    known: int
    unclear: QuerySet[BankTransaction]


def report_of(statement: StatementImport) -> StatementReport:
    """Return how the lines of a statement stand now."""
    rows = BankTransaction.objects.filter(statement=statement, cancelled_at=None)
    return StatementReport(
        booked=rows.filter(allocated_cents__gt=0).count(),
        refunded=rows.filter(refund__isnull=False, amount_cents__lt=0).count(),
        known=statement.lines - statement.new_lines - statement.merged_lines,
        unclear=rows.filter(refund=None, payout=None, transit=None, fee=None, sent_cents=None, cash_cents=0)
        .exclude(amount_cents__gt=0, allocated_cents=F("amount_cents"))
        .order_by("booked_on", "pk"),
    )
