"""What a notice is about, and which notices wait for a decision."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from programs.domain.notices import NoticeStatus, Reported
from programs.models import Fund, Notice, Program, Provider
from programs.selectors.directory import independent_providers, listed_programs
from programs.selectors.visibility import shown_news, shown_opportunities


@dataclass(frozen=True)
class Target:
    """A published text as it stands: what it is called, at which address (a path), and whose it is."""

    about: Reported
    pk: int
    title: str
    path: str
    provider: Provider | None


def shown_target(about: str, pk: int) -> Target | None:
    """Return what everybody can read now under this kind and number, None if there is no such page."""
    finders = {
        Reported.TASK: _task,
        Reported.PROGRAM: _program,
        Reported.PURPOSE: _purpose,
        Reported.NEWS: _news,
        Reported.PROVIDER: _provider,
    }
    return finders[Reported(about)](pk) if about in Reported.values else None


def _task(pk: int) -> Target | None:
    row = shown_opportunities().select_related("provider").filter(pk=pk).first()
    return Target(Reported.TASK, pk, row.title, row.get_absolute_url(), row.provider) if row else None


def _program(pk: int) -> Target | None:
    row: Program | None = listed_programs().select_related("provider").filter(pk=pk).first()
    return Target(Reported.PROGRAM, pk, row.name, row.get_absolute_url(), row.provider) if row else None


def _purpose(pk: int) -> Target | None:
    row = Fund.objects.filter(is_shown=True, pk=pk).select_related("provider").first()
    return Target(Reported.PURPOSE, pk, row.name, _path_of(row), row.provider) if row else None


def _news(pk: int) -> Target | None:
    row = shown_news().filter(pk=pk).select_related("fund__provider").first()
    return Target(Reported.NEWS, pk, row.title, _path_of(row.fund), row.fund.provider) if row else None


def _provider(pk: int) -> Target | None:
    row = independent_providers().filter(pk=pk).first()
    return Target(Reported.PROVIDER, pk, row.name, reverse("provider", args=[row.slug]), row) if row else None


def _path_of(fund: Fund) -> str:
    return reverse("fund", args=[fund.slug])


def open_notices() -> QuerySet[Notice]:
    """Return the notices nobody has decided, the oldest first."""
    return Notice.objects.filter(status=NoticeStatus.OPEN)
