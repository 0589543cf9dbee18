"""The promised transfers that a bank line could be: the likely ones first, all by a search."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from donations.domain.references import references_in
from donations.models import BankTransaction, Donation, Method
from foundation.clock import end_of_day, local_moment
from foundation.money import AmountNotUnderstood, parse_euro
from foundation.units import MIDNIGHT

SHOWN = 10
_WORDS_MAX = 6
_PROMISED_WITHIN = timedelta(days=30)
_SAME_AMOUNT, _SAME_WORD, _SAME_TIME = 4, 3, 2


def promises_for(line: BankTransaction, gifts: QuerySet[Donation]) -> QuerySet[Donation]:
    """Return the promises among `gifts` that `line` may pay, let go ones too; the likeliest first.

    What counts is the amount, the name on the statement, and a promise in the month before.
    """
    open_promises = gifts.filter(
        fund__provider=line.provider_id,
        method=Method.TRANSFER,
        status__in=[Donation.Status.PLEDGED, Donation.Status.LAPSED],
    )
    likely = _points(Q(amount_cents=line.amount_cents), _SAME_AMOUNT) + _points(_in_time(line), _SAME_TIME)
    for word in _words(line.counterparty_name):
        likely = likely + _points(Q(donor_name__icontains=word), _SAME_WORD)
    return (
        open_promises.annotate(likely=likely)
        .select_related("fund", "donor__mailbox", "transfer_reference")
        .order_by("-likely", "-pledged_at", "-pk")
    )


def likely_pairs(
    lines: Iterable[BankTransaction], gifts: QuerySet[Donation]
) -> list[tuple[BankTransaction, Donation | None]]:
    """Return each of `lines` with the one promise it pays in all likelihood, or None.

    Likely is what has its very amount and a word of the name on the statement, while no other promise fits as
    well. A promise that fits two of the lines is left to a closer look at both.
    """
    found = [(line, _likely(line, gifts)) for line in lines]
    often = Counter(gift.pk for _line, gift in found if gift)
    return [(line, gift if gift and often[gift.pk] == 1 else None) for line, gift in found]


def _likely(line: BankTransaction, gifts: QuerySet[Donation]) -> Donation | None:
    if line.open_cents != line.amount_cents:
        return None
    named = Q(pk__in=[])
    for word in _words(line.counterparty_name):
        named |= Q(donor_name__icontains=word)
    best = list(promises_for(line, gifts).filter(named, amount_cents=line.amount_cents)[:2])
    is_alone = len(best) == 1 or (len(best) == 2 and best[0].likely > best[1].likely)  # type: ignore[attr-defined]
    return best[0] if is_alone else None


def matching(promises: QuerySet[Donation], wanted: str) -> QuerySet[Donation]:
    """Return the promises with that name, address, code or amount; all for an empty search."""
    wanted = " ".join(wanted.split())
    if not wanted:
        return promises
    named = Q()
    for word in wanted.split()[:_WORDS_MAX]:
        named &= Q(donor_name__icontains=word) | Q(donor__mailbox__email__icontains=word, no_identity=False)
    code = "".join(wanted.upper().split())
    found = named | Q(transfer_reference__reference__in=references_in(wanted))
    if len(code) >= 4:
        found |= Q(transfer_reference__reference__contains=code)
    try:
        found |= Q(amount_cents=parse_euro(wanted))
    except AmountNotUnderstood:
        return promises.filter(found)
    return promises.filter(found)


def _points(condition: Q, points: int) -> Combinable:
    return Case(When(condition, then=Value(points)), default=Value(0), output_field=IntegerField())


def _in_time(line: BankTransaction) -> Q:
    first = local_moment(line.booked_on - _PROMISED_WITHIN, MIDNIGHT)
    return Q(pledged_at__gte=first, pledged_at__lt=end_of_day(line.booked_on))


def _words(name: str) -> list[str]:
    return [word for word in re.findall(r"\w+", name) if len(word) > 2][:_WORDS_MAX]
