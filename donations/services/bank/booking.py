"""A line of the bank comes into the books: on a gift, as a refund, or as unclear until a human knows."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from donations.domain.accounts import Owner
from donations.domain.allocations import shares
from donations.domain.bank_lines import most_sent
from donations.domain.references import codes_in
from donations.models import BankTransaction, Donation, Proposal, Refund, SentPart, TransferReference
from donations.services.bank import refunds
from donations.services.bank.allocations import allocate
from donations.services.bank.lines import held_of, identity_of, leave_unclear, moment_of
from donations.services.books import deposits, payouts, transits
from donations.services.books.accounts import accounts_of
from foundation.clock import end_of_day
from foundation.units import Cents

BATCH = 2000
_LIKE_A_CODE = r"r[^a-z0-9]*f[^a-z0-9]*[0-9]"
_BOOK_UNCLEAR = """
WITH due AS (
    SELECT id, amount_cents, 'line:bank:' || left(fingerprint, 32) AS key,
        (booked_on + time '12:00') AT TIME ZONE 'Europe/Berlin' AS happened_at
    FROM donations_banktransaction WHERE id = ANY(%(lines)s) AND booked_at IS NULL
    ORDER BY id FOR UPDATE
), booked AS (
    INSERT INTO donations_ledgertransaction (key, kind, donation_id, happened_at, recorded_at)
    SELECT key, 'unclear', NULL, happened_at, %(now)s FROM due
    RETURNING id, key
), entries AS (
    INSERT INTO donations_ledgerentry (transaction_id, account_id, amount_cents)
    SELECT booked.id, side.account, side.sign * due.amount_cents
    FROM booked JOIN due USING (key),
        (VALUES (%(bank)s::bigint, 1), (%(unclear)s::bigint, -1)) AS side (account, sign)
)
UPDATE donations_banktransaction AS line SET booked_at = %(now)s FROM due WHERE line.id = due.id
"""


def book_waiting(now: datetime) -> int:
    """Book the lines that no booking knows yet; returns how many. Any number of times, by anybody."""
    return max(book_in_turn(now), default=0)


def book_in_turn(now: datetime) -> Iterator[int]:
    """Do the same, some at a time; yields how many are booked by now."""
    done, after = 0, 0
    while lines := list(BankTransaction.objects.filter(booked_at=None, pk__gt=after).order_by("pk")[:BATCH]):
        after = lines[-1].pk
        named = [line for line in lines if line.codes or transits.says_stripe(line)]
        for line in named:
            done += _book_alone(line.pk, now)
        done += _book_unclear(set(lines) - set(named), now)
        yield done
    meet_named(now)


def _book_alone(line_id: int, now: datetime) -> bool:
    with transaction.atomic():
        line = BankTransaction.objects.select_for_update().get(pk=line_id)
        if line.booked_at is None:
            book(line, now)
    return True


def _book_unclear(lines: Iterable[BankTransaction], now: datetime) -> int:
    """Book the lines of each provider's account at once on its own accounts."""
    by_account: dict[tuple[int, int], list[int]] = {}
    for line in lines:
        by_account.setdefault((line.provider_id, line.account_id or 0), []).append(line.pk)
    done = 0
    with transaction.atomic(), connection.cursor() as cursor:
        for (provider_id, account_id), ids in sorted(by_account.items()):
            accounts = accounts_of(Owner(provider_id))
            facts = {"bank": account_id or accounts["bank"], "unclear": accounts["unclear"]}
            cursor.execute(_BOOK_UNCLEAR, {"lines": ids, "now": now, **facts})
            done += cursor.rowcount
    return done


def book(line: BankTransaction, now: datetime) -> None:
    """Book a locked line that no booking knows: by what it names of ours, else as unclear."""
    if not (_book_transit(line, now) or _book_named(line, now)):
        leave_unclear(line, now)


def _book_transit(line: BankTransaction, now: datetime) -> bool:
    return transits.match(line, identity_of(line), moment_of(line), held_of(line), now)


def _book_named(line: BankTransaction, now: datetime) -> bool:
    """By the reference of a gift, of counted cash, of a payout or of a refund that was ordered here."""
    if line.amount_cents > 0:
        if _came_back(line, now):
            return True
        return not line.return_reason and (_pay_in_named(line, now) or _pay_named(line, now))
    if payouts.match(line, identity_of(line), moment_of(line), held_of(line), now):
        return True
    if _names_several_orders(line):
        return False
    named = _gift_of_order(line) or _gift_sent_back(line)
    return named is not None and refunds.refund_gift(line, named, now)


def meet_named(now: datetime) -> int:
    """Try lines again that stand as unclear, for what came into the books or was released after them.

    Banks list the newest line first, statements come in any order, and people transfer before they write
    down. Only what left, or could not be delivered: what came is given to gifts once, then by humans.
    Returns how many were met.
    """
    lines = {pk: (cents, why, codes_in(*said)) for pk, cents, why, *said in _unclear_with_codes()}
    codes = {code for _cents, _why, found in lines.values() for code in found}
    ordered = set(Proposal.objects.filter(reference__in=codes).values_list("reference", flat=True))
    of_gifts = TransferReference.objects.filter(reference__in=codes)
    ours = ordered | set(of_gifts.values_list("reference", flat=True))
    return sum(
        _try_again(pk, now)
        for pk, (cents, why, found) in lines.items()
        if (ours if cents < 0 or why else ordered).intersection(found)
    )


def _unclear_with_codes() -> Iterator[tuple[int, int, str, str, str]]:
    has_code = Q(remittance__iregex=_LIKE_A_CODE) | Q(refs__iregex=_LIKE_A_CODE)
    rows = _unclear().filter(has_code).order_by("booked_on", "pk")
    yield from rows.values_list("pk", "amount_cents", "return_reason", "remittance", "refs")


def _unclear() -> QuerySet[BankTransaction]:
    """What stands in the books and means nothing yet."""
    meaningless = BankTransaction.objects.filter(refund=None, payout=None, transit=None, cancelled_at=None)
    return meaningless.filter(
        booked_at__isnull=False, allocated_cents=0, cash_cents=0, fee=None, sent_cents=None
    )


def _try_again(line_id: int, now: datetime) -> bool:
    with transaction.atomic():
        line = _unclear().select_for_update(of=("self",)).filter(pk=line_id).first()
        if line is None:
            return False
        return _book_named(line, now) if line.amount_cents < 0 else _came_back(line, now)


def _came_back(line: BankTransaction, now: datetime) -> bool:
    """What the bank could not deliver: a payout, or a refund, by the code that it left with."""
    if payouts.came_back(line, identity_of(line), moment_of(line), held_of(line), now):
        return True
    refund = _undelivered(line)
    return refund is not None and refunds.take_back(line, refund, now)


def _undelivered(line: BankTransaction) -> Refund | None:
    """The refund that is here again: a code made for it tells, that of a gift only with the bank's reason.

    To the cent, else that of which a bank has kept the least.
    """
    codes = line.codes
    named = Q(proposal__reference__in=codes)
    if line.return_reason:
        named |= Q(donation__transfer_reference__reference__in=codes)
        named |= Q(donation__repeats__transfer_reference__reference__in=codes)
    sent = Refund.objects.filter(
        status=Refund.Status.SUCCEEDED,
        amount_cents__range=(line.amount_cents, most_sent(Cents(line.amount_cents))),
        donation__fund__provider=line.provider_id,
    )
    with_line = Q(pk__in=BankTransaction.objects.filter(refund__isnull=False).values("refund"))
    in_part = Q(proposal__in=SentPart.objects.filter(key__isnull=False).values("order"))
    sent = sent.filter(named).filter(with_line | in_part)
    return sent.order_by("amount_cents", "-refunded_at", "-pk").first()


def meet_transits(now: datetime) -> int:
    """Give lines that stand as unclear to what Stripe sent, of which we heard later; returns how many."""
    return sum(_meet(line.pk, now) for line in transits.unclear_lines())


def _meet(line_id: int, now: datetime) -> bool:
    with transaction.atomic():
        line = transits.unclear_lines().select_for_update(of=("self",)).filter(pk=line_id).first()
        return line is not None and _book_transit(line, now)


def claim(line: BankTransaction, now: datetime) -> None:
    """Give a locked line that stands as unclear to the gifts or the cash that its text names by now."""
    if line.amount_cents > 0 and line.open_cents == line.amount_cents and not _pay_in_named(line, now):
        _pay_named(line, now)


def _pay_in_named(line: BankTransaction, now: datetime) -> bool:
    return deposits.match(line, identity_of(line), moment_of(line), held_of(line), now)


def _pay_named(line: BankTransaction, now: datetime) -> bool:
    """Give what came to the gift that the text names, or to several whose promises it is exactly."""
    named = _named_gift(line)
    paid = {named: Cents(line.amount_cents)} if named is not None else _shares(line)
    for donation_id, cents in paid.items():
        allocate(line, donation_id, cents, refunds.STATEMENT, now)
    return bool(paid)


def _shares(line: BankTransaction) -> dict[int, Cents]:
    """What each of several promises that the text names gets; their gifts are locked, in one order."""
    promised = Donation.objects.filter(
        status__in=[Donation.Status.PLEDGED, Donation.Status.LAPSED], pk__in=_named_gifts(line)
    )
    rows = promised.select_for_update(of=("self",)).order_by("pk")
    return shares({gift.pk: Cents(gift.amount_cents) for gift in rows}, Cents(line.amount_cents))


def _named_gift(line: BankTransaction) -> int | None:
    """The gift that exactly one reference in the text names; a reference of another provider is none."""
    found = _named_gifts(line)
    return found[0] if len(found) == 1 else None


def _named_gifts(line: BankTransaction) -> list[int]:
    found = TransferReference.objects.filter(
        reference__in=line.codes, donation__fund__provider=line.provider_id
    )
    return list(found.values_list("donation_id", flat=True))


def _gift_sent_back(line: BankTransaction) -> int | None:
    """The gift that left under its code, which a standing order used for many.

    One that is to go, else one of that very amount, else one that has so much; of several the newest that
    was here before.
    """
    named = _named_gift(line)
    if named is None:
        return None
    cents, over = -line.amount_cents, end_of_day(line.booked_on)
    gifts = Donation.objects.filter(Q(pk=named) | Q(repeats=named), payment__isnull=False).annotate(
        left=F("payment__amount_cents") - F("refunded_cents"),
        is_ordered=Exists(
            Refund.objects.filter(donation=OuterRef("pk"), status=Refund.Status.PENDING, amount_cents=cents)
        ),
        was_here=Q(payment__received_at__lt=over),
        is_all=Q(payment__amount_cents=F("refunded_cents") + cents),
    )
    best = gifts.filter(left__gte=cents).order_by(
        "-is_ordered", "-was_here", "-is_all", "-payment__received_at", "-pk"
    )
    return best.values_list("pk", flat=True).first()


def _names_several_orders(line: BankTransaction) -> bool:
    """Whether it is, as it says, the sum of several that two people released: two people say of which."""
    named = Proposal.objects.filter(provider=line.provider_id, reference__in=line.codes)
    return named.count() > 1


def _gift_of_order(line: BankTransaction) -> int | None:
    """The gift whose refund two people ordered: its transfer carries a code of its own."""
    ordered = Refund.objects.filter(
        status=Refund.Status.PENDING,
        proposal__provider=line.provider_id,
        proposal__reference__in=line.codes,
    )
    return ordered.values_list("donation_id", flat=True).first()
