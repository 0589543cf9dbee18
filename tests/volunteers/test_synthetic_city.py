"""The city that `./dev bench plan` writes is read as it was drawn; its baseline finds what gates allow."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from benchmarks.matcher.double_loop import possible_pairs
from benchmarks.matcher.instances import instance
from benchmarks.matcher.rows import fill
from volunteers.matching import NO_LIMIT, refusals
from volunteers.matching.candidates import candidates
from volunteers.matching.remaining import remaining
from volunteers.models import Offer, Placement, TimePledge
from volunteers.selectors.match_inputs import match_inputs
from volunteers.services.match_runs import propose

pytestmark = pytest.mark.django_db


def test_what_was_drawn_is_what_a_run_reads_finds_and_writes(now: datetime) -> None:
    drawn = instance(120, 40, 3, 1)
    pledges = fill(drawn, now)

    inputs = match_inputs(now)
    read, people = inputs.problem, inputs.problem.volunteers
    assert inputs.pledges.tolist() == pledges
    for name in ("window_ptr", "window_start", "window_end", "fields", "skills", "days_since_asked"):
        assert getattr(people, name).tolist() == getattr(drawn.volunteers, name).tolist()
    for name in ("slot_start", "slot_end", "effort", "places", "skills", "field", "lat", "lon"):
        assert getattr(read.opportunities, name).tolist() == getattr(drawn.opportunities, name).tolist()
    wanted = drawn.volunteers.hours_limit
    assert people.hours_limit.tolist() == np.where(wanted == NO_LIMIT, 160, wanted // 4 * 4).tolist()
    assert np.abs(people.lat - drawn.volunteers.lat).max() < 0.6 / 111
    held = set(zip(drawn.confirmed.volunteer.tolist(), drawn.confirmed.opportunity.tolist(), strict=True))
    assert (
        set(zip(read.confirmed.volunteer.tolist(), read.confirmed.opportunity.tolist(), strict=True)) == held
    )
    assert len(held) == len(drawn.forbidden) == 2

    left = remaining(read)
    looped = possible_pairs(read, left, range(120))
    found = candidates(read, left)
    assert looped == list(zip(found.volunteer.tolist(), found.opportunity.tolist(), strict=True))
    assert len(looped) > 150
    assert not any(refusals(read, i, j) for i, j in looped[:40])

    run, plan = propose(now)
    stored = Offer.objects.filter(run=run, status="proposed").order_by("pk")
    assert run.proposed == len(plan.result.volunteer) == len(stored) > 30
    assert [(each.pledge_id, each.opportunity_id, each.score, each.reasons) for each in stored] == [
        (each.pledge_id, each.opportunity_id, each.score, each.reasons) for each in plan.proposals()
    ]
    assert sum(each.score for each in stored) == run.score == plan.result.score
    prices = dict(zip(inputs.roles.tolist(), plan.result.prices.tolist(), strict=True))
    assert {each.role_id: each.role.matching_price for each in stored} == {
        each.role_id: prices[each.role_id] for each in stored
    }
    assert Placement.objects.count() == 2
    assert TimePledge.objects.filter(status="open").count() == 120
