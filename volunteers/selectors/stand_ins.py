"""Who could take one date of somebody else, and how the search for them stands."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from foundation.clock import LOCAL_ZONE, last_day, local_day
from foundation.units import whole_minutes
from programs.models import Opportunity, Shift
from volunteers.domain.seats import BINDS
from volunteers.domain.stand_ins import MOST_PER_WEEK
from volunteers.matching import NO_LIMIT, WEEK, Pairs, Problem
from volunteers.matching.candidates import candidates
from volunteers.matching.problem import Ints, Opportunities, Volunteers
from volunteers.matching.remaining import remaining
from volunteers.matching.score import scores
from volunteers.models import (
    Assignment,
    Availability,
    AvailabilityException,
    Offer,
    Placement,
    StandInQuestion,
    StandInSearch,
    TimePledge,
)
from volunteers.models.assignment import span_of
from volunteers.selectors.gate import who_may_stand_in
from volunteers.selectors.match_arrays import week_quarters_around
from volunteers.selectors.match_opportunities import role_rows
from volunteers.selectors.match_pledges import IN_THE_RUN, PledgeRows, pledge_rows

WEEK_LONG = timedelta(days=7)
CORRECTED_FOR = timedelta(days=30)
"""How long it is shown who stood in and whether they came."""
_OVER = (Placement.Status.ENDED, Placement.Status.CANCELLED)
_ASKED = (
    "lat",
    "lon",
    "field",
    "district",
    "skills",
    "languages",
    "age_groups",
    "min_age",
    "requires",
    "need",
)


def stand_in_candidates(
    search: StandInSearch, now: datetime, *, only: Collection[int] | None = None
) -> list[int]:
    """Return the keys of the pledges to ask, the first first: one for each person the gates let pass.

    `only`: of these pledges alone. Who picked this very role comes first, the longest waiting ahead, then the
    best score.
    """
    shift = search.absent.shift
    day = local_day(shift.starts_at)
    role = search.absent.role
    may = who_may_stand_in(role, day)
    free = _free_pledges(search, may, now)
    pledges = list((free if only is None else free.filter(pk__in=only)).values_list("pk", flat=True))
    needs = role_rows(now, {}, only=[shift.opportunity_id])
    column = np.flatnonzero(needs.pks == role.pk)
    if not pledges or not len(column):
        return []
    people = pledge_rows(now, {}, only=pledges)
    wish = np.flatnonzero(people.wanted == role.pk)
    problem = Problem(
        volunteers=_for_one_date(people),
        opportunities=_as_one_date(needs.columns, column, shift),
        chosen=Pairs(volunteer=wish, opportunity=np.zeros(len(wish), np.int64)),
    )
    pairs = candidates(problem, remaining(problem))
    return _ordered(people, pairs, scores(problem, pairs).tolist(), set(wish.tolist()))


def _free_pledges(search: StandInSearch, may: Q, now: datetime) -> QuerySet[TimePledge]:
    """Pledges of people, no groups, who `may` come, seem to have time, and were not asked too much.

    Whom only a letter reaches, or no mail at all, cannot answer in time: nobody waits for them. Who was there
    and is no more, by their own wish or the provider's, is not asked back for a day.
    """
    shift = search.absent.shift
    day, last = local_day(shift.starts_at), last_day(shift.ends_at)
    pledge = {"pledge": OuterRef("pk")}
    there = Assignment.objects.filter(volunteer=OuterRef("volunteer"), shift=shift)
    elsewhere = Assignment.objects.filter(
        volunteer=OuterRef("volunteer"), status__in=BINDS, span__overlap=span_of(shift)
    )
    asked = StandInQuestion.objects.filter(search=search, pledge__volunteer=OuterRef("volunteer"))
    of_week = StandInQuestion.objects.filter(
        pledge__volunteer=OuterRef("volunteer"), sent_at__gt=now - WEEK_LONG
    ).values("pledge__volunteer")
    too_much = of_week.annotate(count=Count("pk")).filter(count__gte=MOST_PER_WEEK)
    this_season = {
        "opportunity": shift.opportunity_id,
        "status_changed_at__gt": now - timedelta(days=settings.OFFER_SEASON_DAYS),
    }
    said_no = Offer.objects.filter(
        pledge__volunteer=OuterRef("volunteer"), status=Offer.Status.DECLINED, **this_season
    )
    left = Placement.objects.filter(volunteer=OuterRef("volunteer"), status__in=_OVER, **this_season)
    return TimePledge.objects.filter(
        Exists(Availability.objects.filter(**pledge, weekday=day.weekday())),
        ~Exists(AvailabilityException.objects.filter(**pledge, from_on__lte=last, until_on__gte=day)),
        *(~Exists(rows) for rows in (there, elsewhere, asked, too_much, said_no, left)),
        may,
        volunteer__group_name="",
        volunteer__mailbox__postal_address="",
        volunteer__mailbox__bounced_at=None,
        status__in=IN_THE_RUN,
    )


def _for_one_date(people: PledgeRows) -> Volunteers:
    """What somebody does every week, and how much of it, is no matter for one date."""
    return replace(
        people.columns,
        max_placements=np.ones(len(people.pks), np.int64),
        hours_limit=np.full(len(people.pks), NO_LIMIT, np.int64),
    )


def _as_one_date(tasks: Opportunities, column: Ints, shift: Shift) -> Opportunities:
    starts_at = shift.starts_at.astimezone(LOCAL_ZONE)
    first = starts_at.hour * 60 + starts_at.minute
    last = first + whole_minutes(shift.ends_at - shift.starts_at)
    start, end = week_quarters_around(
        *(np.array([each], np.int64) for each in (starts_at.weekday(), first, last))
    )
    end = np.minimum(end, WEEK)
    return Opportunities(
        **{name: getattr(tasks, name)[column] for name in _ASKED},
        slot_ptr=np.array([0, 1], np.int64),
        slot_start=start,
        slot_end=end,
        effort=end - start,
        places=np.ones(1, np.int64),
    )


def _ordered(people: PledgeRows, pairs: Pairs, points: list[int], wishing: set[int]) -> list[int]:
    rows = sorted(
        zip(pairs.volunteer.tolist(), points, strict=True),
        key=lambda each: (
            (0, int(people.confirmed_at[each[0]])) if each[0] in wishing else (1, -each[1]),
            int(people.pks[each[0]]),
        ),
    )
    first: dict[int, int] = {}
    for row, _points in rows:
        first.setdefault(int(people.persons[row]), int(people.pks[row]))
    return list(first.values())


@dataclass(frozen=True)
class SearchStanding:
    """How the search for one date stands, as those who run the task see it."""

    search: StandInSearch
    asked: int
    waiting: int


def open_searches(now: datetime) -> QuerySet[StandInSearch]:
    """Return the open searches for coming dates, the next date first, with how many were `asked` and of them
    how many have not answered (`waiting`)."""
    no_answer = Q(questions__status=StandInQuestion.Status.SENT)
    searches = StandInSearch.objects.filter(
        absent__shift__starts_at__gt=now, absent__shift__is_cancelled=False, status__in=StandInSearch.OPEN
    )
    counted = searches.annotate(asked=Count("questions"), waiting=Count("questions", filter=no_answer))
    return counted.order_by("absent__shift__starts_at", "pk")


def searches_of(opportunity: Opportunity, now: datetime) -> list[SearchStanding]:
    """Return how the open searches for coming dates of a task stand, the next date first."""
    rows = (
        open_searches(now)
        .filter(absent__shift__opportunity=opportunity)
        .select_related("absent__shift", "absent__role")
    )
    return [SearchStanding(row, vars(row)["asked"], vars(row)["waiting"]) for row in rows]


def waiting_questions(now: datetime) -> QuerySet[StandInQuestion]:
    """Return the questions to stand in to which an answer in time helps, the most urgent first."""
    waiting = StandInQuestion.objects.filter(
        status=StandInQuestion.Status.SENT,
        expires_at__gt=now,
        search__status__in=StandInSearch.OPEN,
        search__absent__shift__is_cancelled=False,
        search__absent__shift__starts_at__gt=now,
    )
    return waiting.order_by("expires_at", "pk")


def stand_ins_at(opportunity: Opportunity, now: datetime) -> QuerySet[Assignment]:
    """Return who stands in on coming dates, on those not noted yet, and who came lately, to be corrected."""
    noted = (Assignment.Status.ATTENDED, Assignment.Status.EXCUSED, Assignment.Status.MISSED)
    lately = Q(status__in=noted, shift__starts_at__range=(now - CORRECTED_FOR, now))
    return (
        Assignment.objects.filter(
            Q(status=Assignment.Status.CONFIRMED) | lately,
            shift__opportunity=opportunity,
            placement=None,
            shift__is_cancelled=False,
        )
        .select_related("volunteer", "role", "shift")
        .order_by("shift__starts_at", "pk")
    )
