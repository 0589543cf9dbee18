"""Writing and changing Engagementangebote."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from foundation.actors import Actor
from foundation.transitions import move
from foundation.turns import one_at_a_time
from programs.access import actor_of
from programs.domain.german import free_slug, german_slug
from programs.domain.refusals import Refusal
from programs.domain.rhythms import Rhythm
from programs.domain.states import OPPORTUNITY_MOVES
from programs.models import District, Opportunity, Program, Provider, Role
from programs.services import roles
from programs.services.activity_questions import ask_for_activity, withdraw_question
from programs.services.roles import Need, has_fewer_places, set_need, with_activity_as_it_is
from programs.services.seats import follow_places
from programs.services.series import change_series, follow_period, write_series
from programs.signals import need_changed, need_changing, task_changed

Status = Opportunity.Status
RELEASED = roles.RELEASED | {"title", "task", "site", "site_kind", "staff_is_there"}
"""What a second person has released; a change of it on a public Engagementangebot needs a new release."""

_PLAIN_COLUMNS = (
    "title",
    "task",
    "field",
    "district",
    "site",
    "site_kind",
    "starts_on",
    "ends_on",
    "program",
    "staff_is_there",
    "reminds_each",
)
_RESERVED_SLUGS = frozenset({"zusagen"})


@dataclass(frozen=True)
class Task:
    """All that a coordinator says about an Engagementangebot.

    Without a point of its own it lies at the point of its district. `need` is its only role; None leaves its
    roles as they are. Where that has no activity `activity_question` asks the youth office.
    """

    title: str
    task: str
    field: str
    district: District
    site: str
    starts_on: date
    need: Need | None
    ends_on: date | None = None
    rhythms: Sequence[Rhythm] = ()
    program: Program | None = None
    age_bands: Sequence[str] = ()
    activity_question: str = ""
    site_kind: str = ""
    staff_is_there: bool = False
    reminds_each: bool = False
    latitude: float | None = None
    longitude: float | None = None

    def columns(self) -> dict[str, object]:
        """Return the values of the row's columns; the point is left out where it is not given."""
        values: dict[str, object] = {name: getattr(self, name) for name in _PLAIN_COLUMNS}
        values["age_bands"] = list(self.age_bands)
        if self.latitude is not None and self.longitude is not None:
            values |= {"latitude": self.latitude, "longitude": self.longitude}
        return values


@transaction.atomic
def create_opportunity(
    provider: Provider, task: Task, *, author: User | None, now: datetime, is_demo: bool = False
) -> Opportunity:
    """Write a draft with the one role it has at first."""
    assert task.need is not None
    need = with_activity_as_it_is(task.need)
    point = {"latitude": task.district.latitude, "longitude": task.district.longitude}
    opportunity = Opportunity.objects.create(
        provider=provider,
        slug=_free_slug(task.title),
        status_changed_at=now,
        created_by=author,
        edited_by=author,
        is_demo=is_demo,
        **{**point, **task.columns()},
    )
    Role.objects.create(opportunity=opportunity, **need.columns())
    write_series(opportunity, task.rhythms)
    if author is not None:
        _ask_or_withdraw(opportunity, task, actor_of(author), now)
    return opportunity


@transaction.atomic
def change_opportunity(opportunity: Opportunity, task: Task, *, editor: User, now: datetime) -> list[Refusal]:
    """Change it; return the reasons for which nothing was changed.

    Numbers and times take effect at once. If it is public and something changes that was released
    (RELEASED), it leaves the public list and waits for release again.
    """
    need_changing.send(sender=Opportunity, opportunity_ids=[opportunity.pk])
    need = with_activity_as_it_is(task.need) if task.need else None
    row = Opportunity.objects.select_for_update().get(pk=opportunity.pk)
    role = row.roles.select_for_update().first()
    reasons = _reasons_against(row, role, need)
    if reasons:
        return reasons
    before = row.place, row.times_text, row.period_text
    wanted = task.columns()
    if row.district_id != task.district.pk:
        wanted = {"latitude": task.district.latitude, "longitude": task.district.longitude, **wanted}
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    role_changed = set_need(role, need) if role and need else set()
    was_public = row.status in (Status.PUBLISHED, Status.PAUSED)
    if was_public and (changed.keys() | role_changed) & RELEASED:
        move(row, OPPORTUNITY_MOVES, Status.IN_REVIEW, actor=actor_of(editor), now=now)
    row.edited_by = editor
    row.save(update_fields=[*changed, "edited_by"])
    if role and role_changed:
        role.save(update_fields=role_changed)
    if "places" in role_changed:
        follow_places(row, now)
    if not change_series(row, task.rhythms, now=now) and changed.keys() & {"starts_on", "ends_on"}:
        follow_period(row, now=now)
    _tell_of_place_and_times(row, *before, now)
    _ask_or_withdraw(row, task, actor_of(editor), now)
    bears_on_people = {"activity", "minimum_age"} & role_changed or changed.keys() & {"site", "site_kind"}
    if row.status != Status.DRAFT or bears_on_people:
        need_changed.send(sender=Opportunity, now=now, opportunity_ids=[row.pk])
    return []


def _tell_of_place_and_times(row: Opportunity, place: str, times: str, period: str, now: datetime) -> None:
    row = Opportunity.objects.select_related("district").get(pk=row.pk)
    if (place, times, period) != (row.place, row.times_text, row.period_text):
        before = {"place": place, "times": times, "period": period}
        task_changed.send(sender=Opportunity, opportunity=row, now=now, **before)


def _reasons_against(row: Opportunity, role: Role | None, need: Need | None) -> list[Refusal]:
    if row.status == Status.CLOSED:
        return [Refusal.HAS_ENDED]
    if need is None:
        return []
    if role is None or row.has_several_roles:
        return [Refusal.MOVED_MEANWHILE]
    return [Refusal.FEWER_PLACES_THAN_TAKEN] if has_fewer_places(role, need) else []


def _ask_or_withdraw(row: Opportunity, task: Task, actor: Actor, now: datetime) -> None:
    if task.need is None:
        return
    if task.need.activity is not None:
        withdraw_question(row, actor=actor, now=now)
    elif task.activity_question:
        ask_for_activity(row, task.activity_question, actor=actor, now=now)


def _free_slug(title: str) -> str:
    """Return an address part that no other Engagementangebot and no page has, nor gets at this moment."""
    one_at_a_time("programs.opportunity.slug")
    base = german_slug(title, 120) or "engagement"
    taken = set(Opportunity.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    taken |= _RESERVED_SLUGS
    return free_slug(base, taken)
