"""The yearly run: everybody who wishes a receipt and has none gets one, over all their gifts of the year."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.db.models import QuerySet

from donations.models import Donation
from donations.receipts.domain.eligibility import refusal
from donations.receipts.domain.forwarding import Recipient, recipient_of
from donations.receipts.models import Issuer
from donations.receipts.selectors.gifts import facts_of, of_year, open_wishes
from donations.receipts.selectors.issuers import confirmed_issuers, outdated_funds
from donations.receipts.services.issuing import IssueRefused, issue, party
from donations.receipts.services.readiness import ready
from foundation.actors import system
from foundation.clock import local_day

RUN = system("receipts.issue_yearly")
CHUNK = 500


@dataclass
class Outcome:
    """What a run did: receipts issued, and how many gifts were left, by the reason."""

    issued: int = 0
    left: Counter[str] = field(default_factory=Counter)


def issue_year(year: int, now: datetime, *, chunk: int = CHUNK) -> Outcome:
    """Issue what is due for `year`, one transaction per receipt; `chunk` givers are read at a time.

    Whoever has got theirs is not met again, so that a run that was killed, or two at once, do nothing twice.
    Gifts that may not be receipted yet are left and counted; a later run finds them.
    """
    outcome = Outcome()
    for provider_id in sorted(confirmed_issuers()):
        found = ready(provider_id, "collective", local_day(now))
        if found is not None:
            for gifts in _givers(provider_id, year, chunk):
                for passed_on_alike in _by_recipient(gifts, found.issuer):
                    _issue_one(passed_on_alike, found.issuer, outcome, now)
    return outcome


def _givers(provider_id: int, year: int, chunk: int) -> Iterator[list[Donation]]:
    """Yield the gifts of each giver under one name and address, read a chunk of givers at a time."""
    gifts = of_year(open_wishes().filter(fund__provider=provider_id), year)
    after = 0
    while donors := _next_donors(gifts, after, chunk):
        rows = gifts.filter(donor__in=donors).select_related("fund", "receipt_address")
        for _giver, group in groupby(sorted(rows, key=party), key=party):
            yield list(group)
        after = donors[-1]


def _next_donors(gifts: QuerySet[Donation], after: int, chunk: int) -> list[int]:
    donors = gifts.filter(donor__gt=after).order_by("donor_id").values_list("donor_id", flat=True)
    return list(donors.distinct()[:chunk])


def _by_recipient(gifts: list[Donation], issuer: Issuer) -> Iterable[list[Donation]]:
    """Part the gifts by who gets them in the end: a receipt names one."""
    parted = defaultdict[Recipient | None, list[Donation]](list)
    for gift in gifts:
        parted[recipient_of(issuer.forwarding, gift.fund_id)].append(gift)
    return parted.values()


def _issue_one(gifts: list[Donation], issuer: Issuer, outcome: Outcome, now: datetime) -> None:
    due, day = [], local_day(now)
    outdated = outdated_funds(issuer, day)
    for gift, facts in zip(gifts, facts_of(gifts, issuer.fund_purposes, outdated), strict=True):
        reason = refusal(facts, day)
        if reason is None:
            due.append(gift.pk)
        else:
            outcome.left[reason.value] += 1
    if not due:
        return
    try:
        issue(due, actor=RUN, now=now)
        outcome.issued += 1
    except IssueRefused as refused:
        outcome.left[refused.reason.value] += len(due)
