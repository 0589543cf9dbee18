"""Setting how much each part of the score counts and how great each district's need is, with a look ahead."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from programs.models import District, Opportunity
from programs.signals import need_changed
from volunteers.models import TimePledge, Weighting
from volunteers.selectors.match_inputs import MatchInputs, match_inputs
from volunteers.selectors.match_opportunities import districts_of, need_of
from volunteers.selectors.match_weights import current_weighting, weights_of
from volunteers.services.match_plan import MatchPlan, plan_of
from volunteers.services.match_waves import in_waves

MOST_CHANGES = 30


@dataclass(frozen=True)
class Draft:
    """What somebody would set: percent by part of the score, need weight by key of the district."""

    percents: Mapping[str, int]
    needs: Mapping[int, int]


@dataclass(frozen=True)
class DistrictChange:
    """Places of tasks of this district that the next run would find somebody for, now and with the draft."""

    name: str
    before: int
    after: int


@dataclass(frozen=True)
class Instead:
    """Somebody who would be asked for something else; "" for nothing."""

    person: str
    before: str
    after: str


@dataclass(frozen=True)
class LookAhead:
    """What the next run would do, now and with the draft: questions it would put, and places these may fill.

    Both differ: a group takes a place for each of its people, and where time is short several are asked for
    one place.
    """

    before: int
    after: int
    places_before: int
    places_after: int
    districts: list[DistrictChange]
    changes: list[Instead]
    change_count: int


@dataclass(frozen=True)
class _Run:
    """`asked`: keys of pledge and task of each question. `places`: by key of the task, how many are meant."""

    asked: set[tuple[int, int]]
    places: Counter[int]


def look_ahead(draft: Draft, now: datetime) -> LookAhead:
    """Compare the next run as things stand with the next run under `draft`; writes nothing."""
    inputs = match_inputs(now)
    districts = districts_of(inputs.tasks)
    before, after = (_run(plan_of(each), now) for each in (inputs, _under(draft, inputs, districts)))
    district_of = dict(zip(inputs.tasks.tolist(), districts, strict=True))
    changed = sorted({pledge for pledge, _task in before.asked ^ after.asked})
    return LookAhead(
        len(before.asked),
        len(after.asked),
        before.places.total(),
        after.places.total(),
        _by_district(before.places, after.places, district_of),
        _instead(before.asked, after.asked, changed[:MOST_CHANGES]),
        len(changed),
    )


def _under(draft: Draft, inputs: MatchInputs, districts: list[int]) -> MatchInputs:
    needs = need_of([draft.needs[district] for district in districts])
    problem = replace(
        inputs.problem,
        weights=weights_of(draft.percents),
        opportunities=replace(inputs.problem.opportunities, need=needs),
    )
    return replace(inputs, problem=problem)


def _run(plan: MatchPlan, now: datetime) -> _Run:
    planned = list(plan.proposals())
    places: Counter[int] = Counter()
    for each in planned:
        places[each.opportunity_id] += each.heads
    put = in_waves(plan.inputs, planned, now)
    return _Run({(each.pledge_id, each.opportunity_id) for each in put}, places)


def _by_district(
    before: Counter[int], after: Counter[int], district_of: Mapping[int, int]
) -> list[DistrictChange]:
    old, new = (Counter(district_of[task] for task in places.elements()) for places in (before, after))
    names = dict(District.objects.values_list("pk", "name"))
    return [DistrictChange(name, old[key], new[key]) for key, name in names.items() if old[key] or new[key]]


def _instead(before: set[tuple[int, int]], after: set[tuple[int, int]], changed: list[int]) -> list[Instead]:
    people = TimePledge.objects.select_related("volunteer").in_bulk(changed)
    tasks = {task for pledge, task in before | after if pledge in people}
    titles = dict(Opportunity.objects.filter(pk__in=tasks).values_list("pk", "title"))
    return [
        Instead(
            people[pledge].volunteer.short_name,
            _titles(titles, pledge, before - after),
            _titles(titles, pledge, after - before),
        )
        for pledge in changed
    ]


def _titles(titles: Mapping[int, str], pledge: int, pairs: set[tuple[int, int]]) -> str:
    return ", ".join(sorted(titles[task] for owner, task in pairs if owner == pledge))


def set_weighting(
    draft: Draft, *, reason: str, figures_year: int, follows: int | None, by: User, now: datetime
) -> bool:
    """Keep `draft` as the valid weighting, set the districts' need and let the matcher look again.

    `figures_year` is that of the figures it rests upon, `follows` the one the editor saw. False, changing
    nothing, if somebody has set another one meanwhile.
    """
    try:
        with transaction.atomic():
            current = current_weighting()
            if (current.pk if current else None) != follows:
                return False
            Weighting.objects.create(
                follows=current,
                needs=_named(draft.needs),
                reason=reason,
                figures_year=figures_year,
                set_at=now,
                set_by=by,
                **draft.percents,
            )
            for district in District.objects.filter(pk__in=draft.needs).select_for_update().order_by("pk"):
                if district.need_weight != draft.needs[district.pk]:
                    district.need_weight = draft.needs[district.pk]
                    district.save(update_fields=["need_weight"])
            need_changed.send(sender=District, now=now, opportunity_ids=[])
    except IntegrityError:
        return False
    return True


def _named(needs: Mapping[int, int]) -> dict[str, int]:
    names = dict(District.objects.values_list("pk", "slug"))
    return {names[key]: weight for key, weight in needs.items()}
