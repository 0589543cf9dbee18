"""What a person sees of their own pledges; a handful of queries however many rows there are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, JSONObject

from citizens.models import Mailbox
from foundation.times_of_week import WeeklyTime, weekly_time
from programs.models import District
from programs.selectors.series import rhythms_read, series_beside
from programs.wording.rhythms import times_in_words
from volunteers.domain.stages import Stage, stage_of
from volunteers.models import (
    Assignment,
    Availability,
    AvailabilityException,
    Offer,
    Placement,
    StandInQuestion,
    TimePledge,
    Volunteer,
)
from volunteers.selectors.people import people_at
from volunteers.selectors.stand_ins import waiting_questions

NEXT_DATES = 3
Asked = TypeVar("Asked", Offer, Placement)
_TIME = ("weekday", "start_minute", "end_minute")
_DAYS = ("pk", "from_on", "until_on")


def running_pledges(mailbox: Mailbox) -> QuerySet[TimePledge]:
    """Return the confirmed pledges of a mailbox that are not over, newest first."""
    status = TimePledge.Status
    return TimePledge.objects.filter(
        volunteer__mailbox=mailbox, status__in=[status.OPEN, status.PLACED, status.PAUSED]
    )


@dataclass(frozen=True)
class OwnPage:
    """What "Meine Seite" shows of time; placements come with `next_dates`."""

    people: Sequence[Volunteer]
    offers: list[Offer]
    placements: list[Placement]
    pledges: list[TimePledge]
    stand_ins: list[Assignment]
    stand_in_questions: list[StandInQuestion]

    def stage_of(self, pledge: TimePledge) -> Stage:
        """How far one of `pledges` has come."""
        return stage_of(
            pledge.status,
            is_asked=any(offer.pledge_id == pledge.pk for offer in self.offers),
            placements=[each.status for each in self.placements if each.pledge_id == pledge.pk],
        )

    def is_granted(self, pledge: TimePledge) -> bool:
        """Whether the person is at the task they wished for, or is asked just now: that stands above."""
        asked = {(offer.pledge_id, offer.opportunity_id) for offer in self.offers}
        placed = {(placement.pledge_id, placement.opportunity_id) for placement in self.placements}
        return (pledge.pk, pledge.wanted_opportunity_id) in asked | placed

    def rests(self, pledge: TimePledge) -> bool:
        """Whether what one of `pledges` waits for cannot begin for now."""
        waiting = [each for each in self.placements if each.pledge_id == pledge.pk and not each.has_begun]
        return bool(waiting) and all(each.rests for each in waiting)


def absences_of(pledge: TimePledge) -> list[AvailabilityException]:
    """Return the days a pledge of the page has been away for or will be, read with it."""
    return [
        AvailabilityException(
            pk=row["pk"],
            from_on=date.fromisoformat(row["from_on"]),
            until_on=date.fromisoformat(row["until_on"]),
        )
        for row in vars(pledge)["absence_rows"]
    ]


def own_page(mailbox: Mailbox, now: datetime) -> OwnPage:
    """Return all that the page shows of time, in five queries; six if somebody is asked to stand in."""
    dates = list(_coming_dates(mailbox, now))
    asked = waiting_questions(now).filter(pledge__volunteer=OuterRef("pk"))
    people = list(people_at(mailbox).select_related("mailbox").annotate(is_asked=Exists(asked)))
    return OwnPage(
        people,
        _with_times(_waiting_offers(mailbox, now)),
        _with_times(_with_next_dates(_running_placements(mailbox), dates)),
        list(_shown_pledges(mailbox)),
        [each for each in dates if each.is_stand_in],
        list(_stand_in_questions(mailbox, now)) if any(vars(each)["is_asked"] for each in people) else [],
    )


def _stand_in_questions(mailbox: Mailbox, now: datetime) -> QuerySet[StandInQuestion]:
    asked = waiting_questions(now).filter(pledge__volunteer__mailbox=mailbox)
    return asked.select_related(
        "pledge__volunteer__mailbox", "search__absent__role", "search__absent__shift__opportunity__district"
    )


def _waiting_offers(mailbox: Mailbox, now: datetime) -> QuerySet[Offer]:
    """Return the questions that can still be answered, the most urgent first."""
    sent = Offer.objects.filter(
        pledge__volunteer__mailbox=mailbox, status=Offer.Status.SENT, expires_at__gt=now
    ).select_related("pledge__volunteer__mailbox", "role", "opportunity__district", "opportunity__provider")
    return sent.annotate(series=series_beside("opportunity")).order_by("expires_at")


def _running_placements(mailbox: Mailbox) -> QuerySet[Placement]:
    """Return the placements that are not over."""
    running = Placement.objects.filter(volunteer__mailbox=mailbox, status__in=Placement.HOLDING)
    related = running.select_related(
        "volunteer__mailbox", "role", "opportunity__provider", "opportunity__district"
    )
    return related.annotate(series=series_beside("opportunity"))


def _with_times(rows: Iterable[Asked]) -> list[Asked]:
    """Return them, each with when its task is as `times_text`."""
    found = list(rows)
    for each in found:
        vars(each)["times_text"] = times_in_words(rhythms_read(vars(each)["series"]))
    return found


def _times(rows: QuerySet[Any]) -> ArraySubquery:
    return ArraySubquery(rows.values(json=JSONObject(**{name: name for name in _TIME})))


def _with_next_dates(placements: Iterable[Placement], dates: Iterable[Assignment]) -> list[Placement]:
    """Return them, each with its first few of `dates` as `next_dates`."""
    found = list(placements)
    own: dict[int | None, list[Assignment]] = defaultdict(list)
    for each in dates:
        own[each.placement_id].append(each)
    for placement in found:
        placement.next_dates = own[placement.pk][:NEXT_DATES]  # type: ignore[attr-defined]
    return found


def _coming_dates(mailbox: Mailbox, now: datetime) -> QuerySet[Assignment]:
    """Return what the people of the mailbox are expected on, or stay away from, soonest first."""
    coming = Assignment.objects.filter(
        volunteer__mailbox=mailbox,
        status__in=[Assignment.Status.CONFIRMED, Assignment.Status.EXCUSED, Assignment.Status.RELEASED],
        shift__ends_at__gt=now,
        shift__is_cancelled=False,
    )
    return coming.select_related("role", "shift__opportunity").order_by("shift__starts_at")


def _shown_pledges(mailbox: Mailbox) -> QuerySet[TimePledge]:
    """Return the running pledges with all that is shown of each, read in the same query."""
    times = Availability.objects.filter(pledge=OuterRef("pk")).order_by("weekday", "start_minute")
    districts = District.objects.filter(timepledge=OuterRef("pk")).order_by("name")
    away = AvailabilityException.objects.filter(pledge=OuterRef("pk")).order_by("from_on", "pk")
    shown = running_pledges(mailbox).select_related(
        "volunteer", "home_district", "wanted_role", "wanted_opportunity__provider"
    )
    return shown.annotate(
        times=_times(times),
        district_names=ArraySubquery(districts.values("name")),
        absence_rows=ArraySubquery(away.values(json=JSONObject(**{name: name for name in _DAYS}))),
        number_in_line=Coalesce(Subquery(_ahead_in_line(), output_field=IntegerField()), 0) + 1,
    )


def _ahead_in_line() -> QuerySet[Volunteer, Any]:
    """How many people wait for the same role for longer, all heads of a group, not there nor resting."""
    asking = OuterRef(OuterRef("confirmed_at"))
    there = Placement.objects.filter(
        volunteer=OuterRef("volunteer"),
        opportunity=OuterRef("wanted_opportunity"),
        status__in=Placement.HOLDING,
    )
    earlier = Q(confirmed_at__lt=asking) | Q(confirmed_at=asking, pk__lt=OuterRef(OuterRef("pk")))
    waiting = TimePledge.objects.filter(
        earlier,
        ~Exists(there),
        volunteer=OuterRef("pk"),
        wanted_role=OuterRef(OuterRef("wanted_role")),
        status__in=[TimePledge.Status.OPEN, TimePledge.Status.PLACED],
    )
    ahead = Volunteer.objects.filter(Exists(waiting), ~Q(pk=OuterRef("volunteer")))
    together = ahead.order_by().values(together=Value(1, output_field=IntegerField()))
    return together.annotate(people=Sum("heads")).values("people")


def weekly_times_of(pledge: TimePledge) -> list[WeeklyTime]:
    """Return the weekly windows of a pledge in the form's own type."""
    return [weekly_time(window) for window in pledge.windows.all()]
