"""Kinds of tasks as the youth office decided them, and what it is asked about them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from programs.domain.activities import Criterion, Degree, QuestionStatus, Site, Training, VersionStatus
from programs.models import Activity, ActivityQuestion, ActivityVersion, Opportunity, Role


def offered_activities() -> QuerySet[Activity]:
    """Return what a provider may choose from, with the version in force."""
    return (
        Activity.objects.filter(is_offered=True, current__isnull=False)
        .select_related("current")
        .order_by("pk")
    )


def all_activities() -> QuerySet[Activity]:
    """Return every activity with its version in force, `tasks` (running ones) and `drafts` being written."""
    running = ~Q(roles__opportunity__status=Opportunity.Status.CLOSED)
    return (
        Activity.objects.select_related("current")
        .annotate(
            tasks=Count("roles__opportunity", filter=running, distinct=True),
            drafts=Count("versions", filter=Q(versions__status=VersionStatus.DRAFT), distinct=True),
        )
        .order_by("is_offered", "pk")
    )


def tasks_of(activity: Activity) -> QuerySet[Opportunity]:
    """Return the tasks that have not ended and of which a role is of this kind."""
    of_kind = Role.objects.filter(opportunity=OuterRef("pk"), activity=activity)
    running = Opportunity.objects.exclude(status=Opportunity.Status.CLOSED)
    return running.filter(Exists(of_kind)).select_related("provider")


def open_questions() -> QuerySet[ActivityQuestion]:
    """Return what waits for the youth office, the oldest first."""
    found = ActivityQuestion.objects.filter(status=QuestionStatus.OPEN)
    return found.select_related("opportunity__provider")


def last_question(opportunity: Opportunity) -> ActivityQuestion | None:
    """Return what was asked last about this task, answered or not; None if the provider took it back."""
    last = opportunity.activity_questions.order_by("-asked_at", "-pk").first()
    return last if last and last.status != QuestionStatus.WITHDRAWN else None


@dataclass(frozen=True)
class Difference:
    """One fact that another version decides differently, in words."""

    label: str
    before: str
    after: str


def differences(version: ActivityVersion, before: ActivityVersion | None) -> list[Difference]:
    """Return what `version` decides differently from `before`; everything if there was none."""
    found = []
    for name in ActivityVersion.FACTS:
        if name != "answers":
            label = str(ActivityVersion._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            found.append(Difference(label, _shown(before, name), _shown(version, name)))
    for criterion in Criterion:
        told = [_answer(each, criterion) for each in (before, version)]
        found.append(Difference(criterion.label, *told))
    return [each for each in found if each.before != each.after]


def _shown(version: ActivityVersion | None, name: str) -> str:
    return "–" if version is None else _in_words(name, getattr(version, name))


def _in_words(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    if name == "training":
        return Training(value).label
    if name == "measles_sites":
        return ", ".join(Site(each).label for each in value) or "–"
    return str(value)


def _answer(version: ActivityVersion | None, criterion: Criterion) -> str:
    if version is None or criterion.value not in version.answers:
        return "–"
    return Degree(version.answers[criterion.value]).label
