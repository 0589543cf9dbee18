"""The matcher's answer to one event, from the prices of the last run: nobody waits for a whole run.

What was confirmed stays; only free places are offered. Many events together are answered by a run.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from volunteers.models import MatchRequest, Offer
from volunteers.selectors.waves import in_haste
from volunteers.services.match_plan import Proposal, plan_of_task, proposals_for_pledge
from volunteers.services.match_requests import due_requests, want_match_for
from volunteers.services.match_runs import alone, run_matching
from volunteers.services.match_waves import in_waves
from volunteers.services.questions import SendOutcome, send_offers

MOST_ONE_BY_ONE = 25


def answer_requests(now: datetime) -> int:
    """Answer what is due: one by one, or by a run where it is much; return how many questions were put.

    Nothing while a run or another worker is at it: the wishes stay.
    """
    requests = due_requests(now)
    if not requests:
        return 0
    if len(requests) > MOST_ONE_BY_ONE or any(each.is_about_all for each in requests):
        run = run_matching(now)
        return run.proposed if run else 0
    with alone() as is_alone:
        return sum(_answer(each, now) for each in requests) if is_alone else 0


@transaction.atomic
def _answer(request: MatchRequest, now: datetime) -> int:
    """Look and put the questions in one transaction, so that nothing half sent is left."""
    deleted, _ = MatchRequest.objects.filter(pk=request.pk).delete()
    if not deleted:
        return 0
    proposals: list[Proposal] = []
    if request.pledge_id is not None:
        proposals = _in_company(proposals_for_pledge(request.pledge_id, now), now)
    elif request.opportunity_id is not None:
        inputs, proposals = plan_of_task(request.opportunity_id, now)
        proposals = in_waves(inputs, proposals, now, [request.opportunity_id])
    return _put(proposals, now)


def _in_company(proposals: list[Proposal], now: datetime) -> list[Proposal]:
    """Where time is short the person shares the place with others, who are looked for at once."""
    alone = [each.opportunity_id for each in proposals if each.heads == 1]
    tasks = in_haste(now, alone) if alone else {}
    want_match_for(list(tasks), now)
    return [each.shared(is_urgent=each.opportunity_id in tasks) for each in proposals]


def _put(proposals: Sequence[Proposal], now: datetime) -> int:
    offers = [
        Offer(
            pledge_id=proposal.pledge_id,
            opportunity_id=proposal.opportunity_id,
            role_id=proposal.role_id,
            status_changed_at=now,
            created_at=now,
            score=proposal.score,
            reasons=proposal.reasons,
            is_shared=proposal.is_shared,
        )
        for proposal in proposals
    ]
    Offer.objects.bulk_create(offers)
    outcomes = send_offers([offer.pk for offer in offers], now=now)
    return sum(outcome == SendOutcome.SENT for outcome in outcomes.values())
