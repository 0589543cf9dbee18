"""The one place that says what citizens may see and be asked for."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from programs.domain.published import Published
from programs.models import (
    Closure,
    Fund,
    FundUpdate,
    Opportunity,
    Provider,
    Role,
    Shift,
    ShiftSeries,
    TextDraft,
)

Status = Opportunity.Status


def is_of_verified_provider() -> Exists:
    """Return a filter for rows whose provider the youth office has verified, and not withdrawn it.

    No join, so that it may stand in a conditional UPDATE and be judged anew when that had to wait.
    """
    return Exists(Provider.objects.filter(pk=OuterRef("provider"), is_verified=True))


def public_opportunities() -> QuerySet[Opportunity]:
    """Return the Engagementangebote that seek people in public, full or over ones included."""
    return Opportunity.objects.filter(is_of_verified_provider(), status=Status.PUBLISHED)


def all_dates_over(now: datetime, task: str = "pk") -> Q:
    """Return a filter for tasks of single days only, all of which have been or are cancelled.

    `task` is the column that holds the task's key. Nobody can be asked for what has been; what repeats, or
    has no dates of its own, goes on.
    """
    series = ShiftSeries.objects.filter(opportunity=OuterRef(task))
    return Q(
        Exists(series),
        ~Exists(series.filter(Q(rolled_out_until=None) | ~Q(rrule=""))),
        ~Exists(_coming(now, task)),
    )


def rests_until_further_notice(now: datetime, task: str = "pk") -> Q:
    """Return a filter for tasks that nobody knows to go on, with no date left before they rest."""
    for_now = Closure.objects.filter(opportunity=OuterRef(task), until_on=None)
    return Q(Exists(for_now), ~Exists(_coming(now, task)))


def has_no_date(now: datetime, task: str = "pk") -> Q:
    """Return a filter for tasks that nobody is to be asked for, though they are public."""
    return all_dates_over(now, task) | rests_until_further_notice(now, task)


def _coming(now: datetime, task: str) -> QuerySet[Shift]:
    return Shift.objects.filter(opportunity=OuterRef(task), starts_at__gt=now, is_cancelled=False)


def is_role_public() -> Q:
    """Return a filter for roles of public Engagementangebote; joins no other row than these."""
    verified = Provider.objects.filter(pk=OuterRef("opportunity__provider"), is_verified=True)
    return Q(Exists(verified), opportunity__status=Status.PUBLISHED)


def public_roles() -> QuerySet[Role]:
    """Return the roles of public Engagementangebote, full or over ones included."""
    return Role.objects.filter(is_role_public())


def roles_with_place(count: int = 1) -> Q:
    """Return a filter for roles with so many places that nobody has and that are kept for nobody."""
    return Q(places__gte=F("places_taken") + F("places_held") + count)


def has_place_free() -> Exists:
    """Return a filter for Engagementangebote of which a role has a place free."""
    return Exists(Role.objects.filter(roles_with_place(), opportunity=OuterRef("pk")))


def is_public(opportunity: Opportunity) -> bool:
    """Whether a row that was read with its provider seeks people in public."""
    return opportunity.status == Status.PUBLISHED and opportunity.provider.is_verified


def shown_opportunities() -> QuerySet[Opportunity]:
    """Return those whose page may be read: public, or pausing."""
    return Opportunity.objects.filter(is_of_verified_provider(), status__in=[Status.PUBLISHED, Status.PAUSED])


def public_funds() -> QuerySet[Fund]:
    """Return the purposes that are shown as open ones, those that have reached their target included."""
    return Fund.objects.filter(is_of_verified_provider(), is_open=True)


def was_released(about: Published) -> Q:
    """Return a filter for rows of that kind some words of which a second person has released."""
    waits = TextDraft.objects.filter(about=about, row_id=OuterRef("pk"), is_new=True, status="draft")
    return ~Q(Exists(waits))


def shown_news() -> QuerySet[FundUpdate]:
    """Return the news that everybody may read, of purposes whose page may be read."""
    return FundUpdate.objects.filter(is_shown=True, fund__is_shown=True)
