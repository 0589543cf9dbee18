"""The way of an Engagementangebot to the citizens: written, read by a second person, released, paused, ended.

Every function returns the reasons for which nothing was done; an empty list means it is done.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Prefetch

from accounts.models import User
from foundation.actors import Actor, system
from foundation.clock import local_day
from foundation.rows import locked_first
from foundation.transitions import move
from programs.access import actor_of
from programs.domain.publishing import Decided, Safeguards, fingerprint, obstacles, unread
from programs.domain.refusals import Refusal
from programs.domain.rhythms import has_date
from programs.domain.screening import Finding, screen
from programs.domain.states import OPPORTUNITY_MOVES
from programs.models import Opportunity, Provider, Role
from programs.selectors.city_words import city_words
from programs.selectors.holidays import holidays_for
from programs.selectors.writers import writers_since_release
from programs.services.activity_questions import open_question
from programs.services.shifts import cancel_coming, follow_series
from programs.signals import need_changed, need_changing

Status = Opportunity.Status
PROLONGED = timedelta(days=183)
EXPIRY = "programs.close_expired"
"""The name of the sweep, as the history tells it."""


def texts_of(opportunity: Opportunity) -> dict[str, str]:
    """Return the free texts that citizens will read."""
    names = {f"role_{role.pk}": role.name for role in opportunity.roles.all() if role.name}
    return {"title": opportunity.title, "task": opportunity.task, "site": opportunity.site, **names}


def mark_of_task(opportunity: Opportunity) -> str:
    """Return a short mark of all that a second person releases: each word, and what is asked of people."""
    facts = {"site_kind": opportunity.site_kind, "staff_is_there": str(opportunity.staff_is_there)}
    for role in opportunity.roles.all():
        asked = (role.activity_id, role.minimum_age, role.contact_with_minors, role.clearance_required)
        facts[f"asked_{role.pk}"] = " ".join(map(str, asked))
    return fingerprint({**texts_of(opportunity), **facts})


def findings_in(opportunity: Opportunity, today: date, local: frozenset[str] | None = None) -> list[Finding]:
    """Return what its texts may give away, hard findings first; `local` are the city's words if at hand."""
    words = city_words() if local is None else local
    return screen(texts_of(opportunity), today=today, institution_parts=frozenset({"site"}), local=words)


def obstacles_of(opportunity: Opportunity, today: date) -> list[Refusal]:
    """Return every reason against publishing it as it is."""
    roles = list(opportunity.roles.all())
    critical = max(roles, key=lambda role: _least_age(role) - role.minimum_age)
    return obstacles(
        _safeguards(opportunity.provider),
        findings_in(opportunity, today),
        decided=Decided(
            has_activity=(is_known := all(role.activity for role in roles)),
            asks=not is_known and open_question(opportunity) is not None,
            minimum_age=_least_age(critical),
        ),
        minimum_age=critical.minimum_age,
        has_no_date=_has_no_date(opportunity, today),
        ends_on=opportunity.last_on,
        today=today,
    )


def _least_age(role: Role) -> int:
    """How old somebody has to be for its activity, whatever the provider writes."""
    return role.activity.current.minimum_age if role.activity and role.activity.current else 0


def _has_no_date(opportunity: Opportunity, today: date) -> bool:
    """Whether what is left of its period has none of its dates; on call it goes by arrangement."""
    rhythms, first = opportunity.rhythms, max(today, opportunity.starts_on)
    holidays = holidays_for(rhythms)
    return bool(rhythms) and not any(
        has_date(rhythm, opportunity.starts_on, opportunity.ends_on, first, holidays) for rhythm in rhythms
    )


def _safeguards(provider: Provider) -> Safeguards:
    return Safeguards(
        is_verified=provider.is_verified,
        has_concept=provider.protection_concept_on is not None,
        has_contact=bool(provider.safeguarding_contact),
    )


def wrote_it(opportunity: Opportunity, user: User) -> bool:
    """True if `user` edited it last, or changed since the last release what has to be released."""
    return user.pk == opportunity.edited_by_id or user.pk in writers_since_release(opportunity)


@transaction.atomic
def submit(opportunity: Opportunity, *, by: User, now: datetime) -> list[Refusal]:
    """Ask a second person to read a draft."""
    row = _locked(opportunity)
    if row.status != Status.DRAFT:
        return [Refusal.MOVED_MEANWHILE]
    reasons = obstacles_of(row, local_day(now))
    if not reasons:
        _move(row, Status.IN_REVIEW, by, now)
    return reasons


@transaction.atomic
def release(
    opportunity: Opportunity, *, by: User, text_read: str, hints_read: bool, now: datetime
) -> list[Refusal]:
    """Publish what waits for release; `text_read` is the mark (`mark_of_task`) of what `by` has read."""
    row = _locked(opportunity)
    if row.status != Status.IN_REVIEW:
        return [Refusal.MOVED_MEANWHILE]
    today = local_day(now)
    reasons = obstacles_of(row, today) + unread(
        findings_in(row, today),
        wrote_it=wrote_it(row, by),
        is_what_was_read=text_read == mark_of_task(row),
        hints_read=hints_read,
    )
    if not reasons:
        _move(row, Status.PUBLISHED, by, now)
        follow_series(row, now=now)
    return reasons


@transaction.atomic
def send_back(opportunity: Opportunity, *, by: User, now: datetime) -> list[Refusal]:
    """Give what waits for release back to its author."""
    row = _locked(opportunity)
    if row.status != Status.IN_REVIEW:
        return [Refusal.MOVED_MEANWHILE]
    _move(row, Status.DRAFT, by, now)
    return []


@transaction.atomic
def pause(opportunity: Opportunity, *, by: User, now: datetime) -> list[Refusal]:
    """Ask nobody new for a while; who is placed goes on, and so do the dates."""
    row = _locked(opportunity)
    if row.status != Status.PUBLISHED:
        return [Refusal.MOVED_MEANWHILE]
    _move(row, Status.PAUSED, by, now)
    return []


@transaction.atomic
def resume(opportunity: Opportunity, *, by: User, now: datetime) -> list[Refusal]:
    """Seek people again; the text is still the released one, the safeguards are checked anew."""
    row = _locked(opportunity)
    if row.status != Status.PAUSED:
        return [Refusal.MOVED_MEANWHILE]
    reasons = obstacles_of(row, local_day(now))
    if not reasons:
        _move(row, Status.PUBLISHED, by, now)
        follow_series(row, now=now)
    return reasons


@transaction.atomic
def prolong(opportunity: Opportunity, *, by: User, now: datetime) -> list[Refusal]:
    """Say that what was brought in still holds: it is valid for half a year from today, never shorter."""
    row = _locked(opportunity)
    if row.status == Status.CLOSED or row.expires_on is None:
        return [Refusal.MOVED_MEANWHILE]
    row.expires_on = max(row.expires_on, local_day(now) + PROLONGED)
    row.save(update_fields=["expires_on"])
    return []


@transaction.atomic
def close(opportunity: Opportunity, *, by: User, now: datetime) -> list[Refusal]:
    """End it for good: coming dates are cancelled."""
    row = _locked(opportunity)
    if row.status == Status.CLOSED:
        return [Refusal.MOVED_MEANWHILE]
    _close(row, actor_of(by), now)
    return []


def close_expired(now: datetime) -> int:
    """End what is no longer valid, the day after its last one, one after the other; return how many."""
    expired = Opportunity.objects.exclude(status=Status.CLOSED).filter(expires_on__lt=local_day(now))
    closed = 0
    for opportunity in list(expired.order_by("pk")):
        with transaction.atomic():
            row = _locked(opportunity)
            if row.status != Status.CLOSED and row.expires_on and row.expires_on < local_day(now):
                _close(row, system(EXPIRY), now)
                closed += 1
    return closed


def _close(row: Opportunity, actor: Actor, now: datetime) -> None:
    cancel_coming(row, now=now)
    move(row, OPPORTUNITY_MOVES, Status.CLOSED, actor=actor, now=now)
    need_changed.send(sender=Opportunity, now=now, opportunity_ids=[row.pk])


def _locked(opportunity: Opportunity) -> Opportunity:
    """Return the row as it is now, locked, so that what is judged is what is moved."""
    need_changing.send(sender=Opportunity, opportunity_ids=[opportunity.pk])
    roles = Prefetch("roles", Role.objects.select_related("activity__current"))
    row = locked_first(Opportunity.objects.filter(pk=opportunity.pk))
    return row.select_related("provider").prefetch_related(roles).get()


def _move(row: Opportunity, to: str, by: User, now: datetime) -> None:
    move(row, OPPORTUNITY_MOVES, to, actor=actor_of(by), now=now)
    need_changed.send(sender=Opportunity, now=now, opportunity_ids=[row.pk])
