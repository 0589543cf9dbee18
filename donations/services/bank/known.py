"""Lines that are in the books, as a statement that comes later is held against them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from donations.domain.bank_lines import LineFacts
from donations.models import BankTransaction, LedgerEntry, Refund, StatementKey, TransferReference
from donations.services.bank import staging
from donations.services.bank.lines import facts_of, identity_of
from donations.services.bank.staging import StagedLine
from foundation.units import Cents
from programs.models import Provider

Slot = tuple[int | None, date, int]  # account, day and cents: what two forms of one movement have in common


def told_on(provider: Provider, day: date) -> QuerySet[BankTransaction]:
    """Return the lines of a day that a statement told."""
    lines = BankTransaction.objects.filter(provider=provider, booked_on=day, cancelled_at=None)
    return lines.exclude(form="").order_by("pk")


def typed_on(provider: Provider, day: date) -> QuerySet[BankTransaction]:
    """Return the lines of a day that somebody typed and no statement has told yet."""
    lines = BankTransaction.objects.filter(provider=provider, booked_on=day, cancelled_at=None)
    return lines.filter(statement_key=None).order_by("pk")


def untold(lines: QuerySet[BankTransaction], form: str) -> QuerySet[BankTransaction]:
    """Return those that no other statement of this form was found to tell."""
    return lines.filter(~Exists(StatementKey.objects.filter(line=OuterRef("pk"), form=form)))


def by_key(key: str) -> BankTransaction | None:
    """Return the line of this key, locked."""
    named = StatementKey.objects.filter(key=key).values("line")
    lines = BankTransaction.objects.select_for_update(of=("self",))
    return lines.filter(Q(fingerprint=key) | Q(statement_key=key) | Q(pk__in=named)).first()


def keys_of(line: BankTransaction) -> list[str]:
    """Return the keys that it has of itself."""
    return [key for key in (line.fingerprint, line.statement_key) if key]


def account_of(line: BankTransaction) -> int | None:
    """Return the account of the statement that told it.

    A late line of an account that was replaced, which somebody typed, is of the one that came after.
    """
    if line.statement_key == line.fingerprint:
        return line.account_id
    moved = LedgerEntry.objects.filter(transaction__key=f"moved:{identity_of(line)}")
    to = moved.filter(amount_cents=line.amount_cents).values_list("account", flat=True).first()
    return to or line.account_id


def slot_of(line: BankTransaction) -> Slot:
    """Return where another form of it would be looked for."""
    return account_of(line), line.booked_on, line.amount_cents


def told_facts(line: BankTransaction) -> LineFacts:
    """Return what a statement told of it; whose giver is forgotten is known by the codes of the gifts."""
    said, references = line.remittance, line.refs
    if is_emptied(line):
        in_parts = Q(proposal__sent_parts__proposal=line.found_by_id or 0)
        sent = Refund.objects.filter(Q(pk=line.refund_id or 0) | in_parts)
        refunded = TransferReference.objects.filter(donation__refunds__in=sent)
        codes = [*facts_of(line).gift_references, *refunded.values_list("reference", flat=True)]
        said = " ".join(codes)
    return LineFacts(
        line.booked_on, Cents(line.amount_cents), line.counterparty_name, said, references=references
    )


def is_emptied(line: BankTransaction) -> bool:
    """Return whether its words are gone, as they are when a giver is forgotten: they do not come back."""
    return not (line.counterparty_name or line.remittance or means_nothing(line))


def means_nothing(line: BankTransaction) -> bool:
    """Return whether it was given to nothing."""
    is_given = line.allocated_cents or line.cash_cents or line.sent_cents
    return not (is_given or line.refund_id or line.payout_id or line.transit_id or line.fee_id)


def new_in(form: str, slots: Iterable[Slot]) -> dict[Slot, list[StagedLine]]:
    """Return the lines of the statement in these slots that are new."""
    wanted = set(slots)
    found: dict[Slot, list[StagedLine]] = defaultdict(list)
    for day in {day for _account, day, _cents in wanted}:
        for each in staging.unknown(form, sorted({cents for _account, _day, cents in wanted}), day):
            if (slot := (each.account_id, each.booked_on, each.amount_cents)) in wanted:
                found[slot].append(each)
    return found
