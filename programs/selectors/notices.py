"""What a notice is about, and which notices wait for a decision."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from programs.domain.notices import NoticeStatus, Reported
from programs.models import Fund, Notice, Provider
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
    return shown_targets([(about, pk)]).get((about, pk))


def shown_targets(wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Target]:
    """Return of these kinds and numbers what everybody can read now, each kind read once."""
    numbers: dict[str, set[int]] = {}
    for about, pk in wanted:
        numbers.setdefault(about, set()).add(pk)
    found = [each for about, pks in numbers.items() if about in _FINDERS for each in _FINDERS[about](pks)]
    return {(each.about, each.pk): each for each in found}


def _tasks(pks: Iterable[int]) -> Iterator[Target]:
    for row in shown_opportunities().select_related("provider").filter(pk__in=pks):
        yield Target(Reported.TASK, row.pk, row.title, row.get_absolute_url(), row.provider)


def _programs(pks: Iterable[int]) -> Iterator[Target]:
    for row in listed_programs().select_related("provider").filter(pk__in=pks):
        yield Target(Reported.PROGRAM, row.pk, row.name, row.get_absolute_url(), row.provider)


def _purposes(pks: Iterable[int]) -> Iterator[Target]:
    for row in Fund.objects.filter(is_shown=True, pk__in=pks).select_related("provider"):
        yield Target(Reported.PURPOSE, row.pk, row.name, _path_of(row), row.provider)


def _news(pks: Iterable[int]) -> Iterator[Target]:
    for row in shown_news().filter(pk__in=pks).select_related("fund__provider"):
        yield Target(Reported.NEWS, row.pk, row.title, _path_of(row.fund), row.fund.provider)


def _providers(pks: Iterable[int]) -> Iterator[Target]:
    for row in independent_providers().filter(pk__in=pks):
        yield Target(Reported.PROVIDER, row.pk, row.name, reverse("provider", args=[row.slug]), row)


_FINDERS: dict[str, Callable[[Iterable[int]], Iterator[Target]]] = {
    Reported.TASK: _tasks,
    Reported.PROGRAM: _programs,
    Reported.PURPOSE: _purposes,
    Reported.NEWS: _news,
    Reported.PROVIDER: _providers,
}


def _path_of(fund: Fund) -> str:
    return reverse("fund", args=[fund.slug])


def open_notices() -> QuerySet[Notice]:
    """Return the notices nobody has decided, the oldest first."""
    return Notice.objects.filter(status=NoticeStatus.OPEN)
